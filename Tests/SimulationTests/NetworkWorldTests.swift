import Chronology
import Costs
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("What traffic costs in a run")
struct NetworkWorldTests {
    private static let cent = TrafficTariff(flat: NanoDollars(10_000_000))

    /// The deployment `web` of `front` replicas in the first zone asks `api`, of which `near` are there and `far` in the
    /// other zone; 100 requests a second come from users.
    private func setup(
        near: Int64, far: Int64, priced: Bool = true, change: (inout WorldSetup) -> Void = { _ in }
    ) -> WorldSetup {
        var setup = Fixture.setup(machines: 4, horizon: .hours(30))
        setup.objects = []
        for (name, app, count, zone) in [
            ("web", "web", 2, "z-a"), ("api-near", "api", near, "z-a"), ("api-far", "api", far, "z-b"),
        ] as [(String, String, Int64, String)] where count > 0 {
            guard case .deployment(var deployment) = Fixture.deployment(name, replicas: count) else { continue }
            deployment.spec.selector = LabelSelector(matchLabels: ["app": app, "part": name])
            deployment.spec.template.labels = ["app": app, "part": name]
            deployment.spec.template.spec.nodeSelector = ["topology.kubernetes.io/zone": zone]
            setup.objects.append(.deployment(deployment))
        }
        for name in ["web", "api"] {
            var service = Service(metadata: ObjectMeta(name: name, namespace: "default"))
            service.selector = ["app": name]
            setup.objects.append(.service(service))
        }
        var web = ServiceSpec(namespace: "default", name: "web", work: LatencyLaw(mean: 0.002, variance: 0))
        // Nobody asks before everything is there.
        web.traffic = Curve(.constant(100_000), spikes: [Spike(at: .start, length: .minutes(10), permille: 0)])
        web.calls = [ServiceSpec.Call(callee: 1, perRequest: 2_000)]
        web.payload = ServiceSpec.Payload(request: 500, response: 20_000)
        var api = ServiceSpec(namespace: "default", name: "api", work: LatencyLaw(mean: 0.002, variance: 0))
        api.payload = ServiceSpec.Payload(request: 1_000, response: 4_000)
        setup.services = [web, api]
        if priced {
            setup.trafficPrices.zoneOut = Self.cent
            setup.trafficPrices.zoneIn = Self.cent
            setup.trafficPrices.internet = TrafficTariff(flat: NanoDollars(90_000_000))
            setup.trafficPrices.loadBalancer = TrafficTariff(flat: NanoDollars(8_000_000))
        }
        change(&setup)
        return setup
    }

    private func run(_ setup: WorldSetup) -> (notes: Notebook, digest: String) {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil && world.isFinished)
        return (notes, world.digest.description)
    }

    /// Bytes by line and workload.
    private func bytes(_ notes: Notebook) -> [String: Int64] {
        let names = notes.controllers.reduce(into: [Int32: String]()) { $0[$1.controller] = $1.name }
        return notes.sent.reduce(into: [:]) { $0["\($1.line) \(names[$1.controller] ?? "-")", default: 0] += $1.bytes }
    }

    /// Seconds in which requests come.
    private static let seconds: Int64 = 30 * 3_600 - 600

    @Test(
        "the part of the endpoints in the other zone is the part that crosses",
        arguments: [(2, 0), (1, 1), (1, 3), (0, 2)] as [(Int64, Int64)])
    func crossing(near: Int64, far: Int64) {
        let bytes = bytes(run(setup(near: near, far: far)).notes)
        let calls = 200 * Self.seconds
        // Everybody pays for what it sends: the caller for requests, the callee for answers.
        #expect(bytes["zone-out web", default: 0] == calls * 1_000 * far / (near + far))
        #expect(bytes["within-zone web", default: 0] == calls * 1_000 * near / (near + far))
        #expect(bytes["zone-out api-far", default: 0] == calls * 4_000 * far / (near + far))
        #expect(bytes["within-zone api-near", default: 0] == calls * 4_000 * near / (near + far))
        #expect(bytes["zone-out api-near"] == nil && bytes["within-zone api-far"] == nil)
        for name in ["web", "api-far"] { #expect(bytes["zone-in \(name)"] == bytes["zone-out \(name)"]) }
        // Answers go out to users; load balancers see both.
        #expect(bytes["internet web"] == 100 * Self.seconds * 20_000)
        #expect(bytes["load-balancer web"] == 100 * Self.seconds * 20_500)
    }

    @Test("the bill is the tariff of the bytes, and every nano-dollar is somebody's")
    func bill() {
        let (notes, _) = run(setup(near: 1, far: 1))
        func sum(_ kind: String) -> Int64 {
            notes.assets.filter { $0.kind == kind }.reduce(0) { $0 + $1.amount }
        }
        let calls = 200 * Self.seconds
        #expect(sum("zone-traffic") == 2 * Self.cent.cost(of: calls * 5_000 / 2).amount)
        #expect(
            sum("internet-traffic")
                == TrafficTariff(flat: NanoDollars(90_000_000)).cost(of: 100 * Self.seconds * 20_000).amount)
        #expect(
            sum("load-balancer-traffic")
                == TrafficTariff(flat: NanoDollars(8_000_000)).cost(of: 100 * Self.seconds * 20_500).amount)
        let spent = notes.allocations.reduce(0) { $0 + $1.cpu + $1.memory + $1.gpu + $1.other }
        #expect(spent == notes.assets.reduce(0) { $0 + $1.amount })
        #expect(spent == notes.value("cost.total"))
        #expect(
            notes.sent.reduce(0) { $0 + $1.amount } == sum("zone-traffic") + sum("internet-traffic")
                + sum("load-balancer-traffic"))
        // A row for each of the two days.
        #expect(Set(notes.sent.map(\.from)) == [Instant.start, Instant.start + .days(1)])
        for kind in ["zone-traffic", "internet-traffic", "load-balancer-traffic"] {
            #expect(notes.allocations.filter { $0.account == kind }.allSatisfy { $0.controller > 0 })
        }
    }

    @Test("a call can carry something else than other requests to the same service")
    func payloadOfCall() {
        let setup = setup(near: 0, far: 1) { $0.services[0].calls[0].payload = .init(request: 7, response: 0) }
        let bytes = bytes(run(setup).notes)
        #expect(bytes["zone-out web"] == 7 * 200 * Self.seconds && bytes["zone-out api-far"] == nil)
    }

    @Test("without a price, or without a payload, nothing is counted; and neither changes an event")
    func optional() {
        let (priced, digest) = run(setup(near: 1, far: 1))
        let (plain, same) = run(setup(near: 1, far: 1, priced: false))
        let (empty, too) = run(
            setup(near: 1, far: 1) {
                for index in $0.services.indices { $0.services[index].payload = .init() }
            })
        #expect(digest == same && digest == too)
        #expect(plain.sent.isEmpty && empty.sent.isEmpty && !priced.sent.isEmpty)
        #expect(plain.assets == empty.assets && plain.value("cost.total") < priced.value("cost.total"))
    }

    @Test("when the far zone is lost, nothing crosses until it is back")
    func zoneLoss() {
        let setup = setup(near: 1, far: 1) {
            $0.horizon = .hours(3)
            $0.changes = [
                ScheduledChange(
                    at: .start + .hours(1),
                    act: .scale(ObjectKey(.deployment, namespace: "default", name: "api-far"), replicas: 0))
            ]
        }
        let bytes = bytes(run(setup).notes)
        let crossed = bytes["zone-out web", default: 0]
        // 50 minutes of a hundred calls a second, but for the moments until everybody knows.
        #expect(abs(crossed - 3_000 * 100 * 1_000) < 5 * 100 * 1_000)
    }

    @Test("images are billed where that is asked for, to the workload whose pod waited")
    func images() {
        func run(_ isBilled: Bool) -> Notebook {
            self.run(
                setup(near: 1, far: 1, priced: false) {
                    if isBilled {
                        $0.trafficPrices.imageRegistry = TrafficTariff(
                            flat: NanoDollars(90_000_000), gigabyte: TrafficTariff.decimalGigabyte)
                    }
                }
            ).notes
        }
        let (billed, plain) = (run(true), run(false))
        let bytes = billed.pulls.reduce(0) { $0 + $1.registryBytes }
        #expect(bytes > 0 && billed.sent.reduce(0) { $0 + $1.bytes } == bytes)
        #expect(billed.sent.allSatisfy { $0.line == "image-registry" && $0.controller > 0 })
        let more = billed.value("cost.total") - plain.value("cost.total")
        #expect(more == (Int128(bytes) * 9 + 50) / 100 || abs(more - bytes * 9 / 100) <= 1 as Int64)
        #expect(plain.sent.isEmpty)
    }

    @Test("a load balancer has the labels of its Service over those of its namespace")
    func loadBalancerLabels() {
        let setup = setup(near: 1, far: 0) {
            $0.loadBalancerPerHour = NanoDollars(22_500_000)
            var service = Service(
                metadata: ObjectMeta(name: "front", namespace: "default", labels: ["team": "shop", "tier": "edge"]))
            service.type = "LoadBalancer"
            let labels: StringMap = ["team": "none", "cost-center": "7"]
            $0.objects += [
                .service(service), .namespace(Namespace(metadata: ObjectMeta(name: "default", labels: labels))),
            ]
        }
        let rows = run(setup).notes.allocations.filter { $0.account == "load-balancer" }
        #expect(rows.count == 2)
        #expect(rows.allSatisfy { $0.labels == #"{"cost-center":"7","team":"shop","tier":"edge"}"# })
    }
}
