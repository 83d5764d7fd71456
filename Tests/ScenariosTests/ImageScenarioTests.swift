import Chronology
import Costs
import KubernetesAPI
import Machines
import Scenarios
import Simulation
import Testing

@Suite("What a scenario says of images reaches the run")
struct ImageScenarioTests {
    private let spec = """
          pools:
            - {name: a, machineType: m6i.large, count: 2, images: {present: "web:1", pull: [web:2, web:3]}}
          prices: {egress: {registry: 0.09, crossZone: "0.01"}}
          images:
            - name: web:2
              platforms:
                - {architecture: amd64, size: 10M}
                - {architecture: arm64, layers: [{digest: x, size: 4M}, {digest: z, size: 5M}]}
            - {name: web:3, size: 10M, pinned: true, architecture: arm64}
            - {name: other, missingRepository: true}
          registries:
            - {name: docker.io, bandwidth: 100M, latency: 40ms, rateLimit: {pulls: 100, window: 6h, scope: registry}, corrupt: 1%}
            - {name: dark.example.com, down: true, unauthorized: true}
          imageDistribution: {cache: {bandwidth: 2G}, peers: cluster, lazyLoading: 12.5%}
          parameters: {kubelet.maxParallelImagePulls: 4, kubelet.imageMaximumGCAge: 12h, kubelet.nodeStatusMaxImages: -1}
          changes:
            - {at: 1h, moveTag: {image: web:2, to: "web:3"}}
            - {at: 2h, moveTag: {image: web:2, digest: "sha256:\(String(repeating: "a", count: 64))"}}
            - {at: 3h, push: {image: web:4, size: 7M}}
        """

    @Test("every field is there")
    func fields() throws {
        let loaded = ScenarioFixtures.load(spec: spec)
        #expect(ScenarioFixtures.errors(loaded) == [] && ScenarioFixtures.warnings(loaded) == [])
        let setup = try #require(loaded.setup)
        #expect(setup.pools[0].presentImages == ["web:1"])
        #expect(setup.pools[0].pulledImages == ["web:2", "web:3"])
        #expect(
            setup.imagePrices.listed.map { "\($0.name) \($0.price.exact)" } == [
                "prices.egress.crossZone 0.01", "prices.egress.registry 0.09",
            ])
        var images = setup.images
        #expect(images.bytes(of: "docker.io/library/web:2") == 10_000_000)
        #expect(images.digest(of: "other") == nil)
        let supply = setup.imageSupply
        #expect(supply.registries.map(\.name) == ["docker.io", "dark.example.com"])
        #expect(supply.registries[0].bandwidth == 100_000_000 && supply.registries[0].latency == .milliseconds(40))
        #expect(supply.registries[0].rateLimit == .init(pulls: 100, window: .hours(6), scope: .registry))
        #expect(supply.registries[0].corruptShare == 10_000)
        #expect(supply.registries[1].isDown && supply.registries[1].isUnauthorized)
        #expect(supply.cacheBandwidth == 2_000_000_000 && supply.peers == .cluster && supply.lazyShare == 125_000)
        #expect(setup.kubelet.maxParallelImagePulls == 4 && !setup.kubelet.serializeImagePulls)
        #expect(setup.kubelet.imageMaximumGCAge == .hours(12) && setup.kubelet.nodeStatusMaxImages == -1)
        #expect(setup.changes.count == 3)
        guard case .publish(let image, let statement) = setup.changes[1].act else {
            Issue.record("the change moves no tag")
            return
        }
        #expect(image == "web:2")
        #expect(
            statement.answer == .reference("docker.io/library/web@sha256:\(String(repeating: "a", count: 64))"))
    }

    @Test("who describes registries and no price is told that their traffic costs nothing")
    func unpriced() {
        let loaded = ScenarioFixtures.load(spec: "  registries: [{name: docker.io, latency: 1s}]")
        #expect(
            ScenarioFixtures.warnings(loaded) == [
                "scenario.yaml:5:15: warning: spec.prices.egress: no price is given for the traffic of images: it costs "
                    + "nothing"
            ])
    }
}
