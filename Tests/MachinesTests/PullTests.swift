import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite struct PullTests {
    /// Pulls whose only time is that of the bytes.
    private func parameters(_ change: (inout KubeletParameters) -> Void = { _ in }) -> KubeletParameters {
        var parameters = KubeletParameters()
        parameters.nodeBandwidth = 1_000_000
        parameters.registryBandwidth = 1_000_000_000
        parameters.pullOverhead = .zero
        parameters.unpackRate = Int64.max
        parameters.sandboxImage = ""
        change(&parameters)
        return parameters
    }

    private func catalogue(_ images: [(String, [(String, Int64)])]) -> ImageCatalogue {
        var catalogue = ImageCatalogue()
        for (name, layers) in images {
            catalogue.declare(name, layers: layers.map { ImageLayer(digest: $0.0, bytes: $0.1) })
        }
        return catalogue
    }

    private let two = [
        ("a:1", [("base", Int64(30_000_000)), ("a", 10_000_000)]), ("b:1", [("base", 30_000_000), ("b", 5_000_000)]),
    ]

    @Test func `pulls of a machine come one after the other and fetch no layer twice`() {
        var bench = Bench(parameters: parameters(), catalogue: catalogue(two))
        let node = bench.addNode()
        _ = bench.assign(makePod(image: "a:1"), to: node)
        _ = bench.assign(makePod(image: "b:1"), to: node)
        bench.run(for: .minutes(5))
        #expect(bench.pulls.map(\.to) == [at(40.5), at(45.5)])
        #expect(bench.pulls.map(\.bytes) == [40_000_000, 5_000_000])
        #expect(bench.pulls.map(\.cachedBytes) == [0, 30_000_000])
        let images = bench.fleet.images(on: node)
        #expect(images.map(\.sizeBytes) == [40_000_000, 35_000_000])
        #expect(images.map { $0.names.last } == ["docker.io/library/a:1", "docker.io/library/b:1"])
        #expect(images[0].names[0].hasPrefix("docker.io/library/a@sha256:"))
    }

    @Test func `two equal pulls in parallel take twice as long`() {
        let images = [("a:1", [("a", Int64(10_000_000))]), ("b:1", [("b", 10_000_000)])]
        var bench = Bench(
            parameters: parameters { $0.serializeImagePulls = false }, catalogue: catalogue(images))
        let node = bench.addNode()
        _ = bench.assign(makePod(image: "a:1"), to: node)
        _ = bench.assign(makePod(image: "b:1"), to: node)
        bench.run(for: .minutes(5))
        #expect(bench.pulls.map(\.to) == [at(20.5), at(20.5)])
    }

    @Test func `a late pull slows the first one down only while both last`() {
        let images = [("a:1", [("a", Int64(10_000_000))]), ("b:1", [("b", 10_000_000)])]
        var bench = Bench(
            parameters: parameters { $0.serializeImagePulls = false }, catalogue: catalogue(images))
        let node = bench.addNode()
        _ = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(for: .seconds(6))
        _ = bench.assign(makePod(image: "b:1"), to: node)
        bench.run(for: .minutes(5))
        // a: 6 s alone, then 4 MB at half speed; b: 8 s at half speed, then 6 MB alone.
        #expect(bench.pulls.map(\.to) == [at(14.5), at(20.5)])
    }

    @Test func `a registry gives a slow machine what it can take and the rest to the others`() {
        let images = [("a:1", [("a", Int64(12_000_000))])]
        var bench = Bench(
            parameters: parameters { $0.registryBandwidth = 5_000_000 }, catalogue: catalogue(images))
        let nodes = [
            bench.addNode("slow", bandwidth: 1_000_000), bench.addNode("fast", bandwidth: 10_000_000),
            bench.addNode("quick", bandwidth: 10_000_000),
        ]
        for node in nodes { _ = bench.assign(makePod(image: "a:1"), to: node) }
        bench.run(for: .minutes(5))
        // 1 + 2 + 2 MB/s.
        #expect(bench.pulls.map(\.to) == [at(6.5), at(6.5), at(12.5)])
        #expect(bench.pulls.map(\.node) == [nodes[1], nodes[2], nodes[0]])
    }

    @Test func `a missing image is tried after 10, 20, 40 … 300 seconds`() {
        var missing = ImageCatalogue()
        missing.markMissing("gone:1")
        var bench = Bench(catalogue: missing)
        let node = bench.addNode()
        let slot = bench.assign(makePod(image: "gone:1"), to: node)
        bench.run(for: .minutes(25))
        let times = bench.pulls.map(\.to)
        let waits = zip(times, times.dropFirst()).map { ($1 - $0).wholeSeconds }
        #expect(waits.prefix(7) == [10, 20, 40, 80, 160, 300, 300])
        let reasons = bench.statuses(of: slot).map { $0.status.containerStatuses[0].state }
        #expect(
            reasons.prefix(4) == [
                .waiting(reason: "ContainerCreating"), .waiting(reason: "ErrImagePull"),
                .waiting(reason: "ImagePullBackOff"), .waiting(reason: "ErrImagePull"),
            ])
        #expect(bench.statuses(of: slot).last?.status.phase == .pending)
    }

    @Test func `an outage breaks a pull, which succeeds when the registry is back`() {
        var bench = Bench(parameters: parameters(), catalogue: catalogue(two))
        let node = bench.addNode()
        let slot = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(for: .seconds(10))
        bench.act { $0.setRegistry("docker.io", isUp: false, at: $1, into: &$2) }
        bench.run(for: .seconds(5))
        bench.act { $0.setRegistry("docker.io", isUp: true, at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        // Broken at 10 s, tried again at 20 s, 40 s from the beginning, half a second of start.
        #expect(bench.pulls.map(\.to) == [at(10), at(60)])
        #expect(bench.time(of: Condition.ready, slot) == at(60.5))
    }

    @Test(arguments: [["docker.io", nil], [nil, "docker.io"], [nil, nil], ["docker.io", "docker.io"]] as [[String?]])
    func `a registry answers again when the last of its outages is over`(names: [String?]) {
        var bench = Bench(parameters: parameters(), catalogue: catalogue(two))
        let slot = bench.assign(makePod(image: "a:1"), to: bench.addNode())
        for name in names { bench.act { $0.setRegistry(name, isUp: false, at: $1, into: &$2) } }
        bench.run(for: .minutes(1))
        bench.act { $0.setRegistry(names[1], isUp: true, at: $1, into: &$2) }
        bench.run(for: .minutes(10))
        #expect(!bench.pulls.isEmpty && !bench.pulls.contains { $0.outcome == .pulled })
        bench.act { $0.setRegistry(names[0], isUp: true, at: $1, into: &$2) }
        bench.run(for: .minutes(10))
        #expect(bench.time(of: Condition.ready, slot) != nil)
    }

    @Test(arguments: [
        (Container.PullPolicy?.none, "app:1", true, 0), (nil, "app", true, 1), (nil, "app:latest", true, 1),
        (.always, "app:1", true, 1), (.ifNotPresent, "app:latest", true, 0), (.ifNotPresent, "app:1", false, 1),
        (nil, "app@sha256:00", false, 1), (.never, "app:1", true, 0),
    ])
    func `the pull policy decides whether the registry is asked`(
        policy: Container.PullPolicy?, image: String, isCached: Bool, pulls: Int
    ) {
        var bench = Bench()
        let node = bench.addNode(images: isCached ? [image] : [])
        let slot = bench.assign(makePod(image: image) { $0.containers[0].imagePullPolicy = policy }, to: node)
        bench.run(for: .minutes(10))
        #expect(bench.pulls.count == pulls)
        #expect(bench.time(of: Condition.ready, slot) != nil)
    }

    @Test func `an image that must not be pulled and is not there keeps the pod waiting`() {
        var bench = Bench()
        let node = bench.addNode()
        let slot = bench.assign(makePod { $0.containers[0].imagePullPolicy = .never }, to: node)
        bench.run(for: .minutes(10))
        #expect(bench.pulls.isEmpty)
        #expect(
            bench.statuses(of: slot).last?.status.containerStatuses[0].state == .waiting(reason: "ErrImageNeverPull"))
        #expect(bench.messages("ErrImageNeverPull", of: slot).count == 60, "every ten seconds")
    }

    @Test func `a kubelet pulls ten images at once and five more per second`() {
        var bench = Bench(parameters: parameters { $0.serializeImagePulls = false })
        let node = bench.addNode(images: ["app"])
        for _ in 0..<12 { _ = bench.assign(makePod(image: "app"), to: node) }
        bench.run(for: .seconds(2))
        #expect(bench.pulls.filter { $0.outcome == .pulled }.count == 10)
        #expect(bench.pulls.filter { $0.outcome == .failed("pull QPS exceeded") }.count == 2)
    }
}
