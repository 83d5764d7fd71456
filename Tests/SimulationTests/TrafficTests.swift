import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("Services under traffic")
struct TrafficTests {
    /// A setup with the deployment `web`, its Service, and 100 requests a second of 10 ms each.
    private func setup(
        replicas: Int64 = 4, preStop: Int64? = nil, change: (inout ServiceSpec) -> Void = { _ in }
    ) -> WorldSetup {
        var setup = Fixture.setup()
        var service = Service(metadata: ObjectMeta(name: "web", namespace: "default"))
        service.selector = ["app": "web"]
        var deployment = Fixture.deployment("web", replicas: replicas)
        if let preStop, case .deployment(var web) = deployment {
            var spec = web.spec.template.spec
            spec.containers[0].preStop = .sleep(seconds: preStop)
            web.spec.template.spec = spec
            deployment = .deployment(web)
        }
        setup.objects = [deployment, .service(service)]
        var spec = ServiceSpec(namespace: "default", name: "web", work: LatencyLaw(mean: 0.01, variance: 0.0001))
        spec.traffic = .constant(100_000)
        change(&spec)
        setup.services = [spec]
        return setup
    }

    private func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil && world.isFinished)
        return notes
    }

    /// Failed requests after the first minute, in thousandths.
    private func failed(_ notes: Notebook) -> Int64 {
        notes.serviceIntervals.filter { $0.from >= .start + .minutes(1) }.reduce(0) { $0 + $1.failed }
    }

    @Test("requests are counted exactly, and the stretches tile the run")
    func exact() throws {
        let notes = run(setup())
        let rows = notes.serviceIntervals
        #expect(notes.services.map(\.name) == ["web"])
        #expect(rows.reduce(0) { $0 + $1.requests } == 100_000 * 7_200)
        #expect(rows.first?.from == .start && rows.last?.to == .start + .hours(2))
        for (row, next) in zip(rows, rows.dropFirst()) { #expect(row.to == next.from) }
        #expect(rows.allSatisfy { $0.failed >= 0 && $0.failed <= $0.requests })
        // Nobody answers until the first pod is ready and known; then nothing fails.
        #expect(rows.filter { $0.endpoints == 0 }.allSatisfy { $0.failed == $0.requests })
        #expect(failed(notes) == 0)
        let first = try #require(rows.first { $0.endpoints == 4 })
        let ready = notes.podIntervals.filter { $0.state == .ready }.map(\.from).max()
        #expect(first.from == ready.map { $0 + .milliseconds(500) })
        // 25 requests a second for each of four replicas on four cores.
        #expect(first.cpu == 1_000 && abs(first.p50.inSeconds - 0.0069) < 0.0002)
        #expect(notes.value("service.default/web.requests") == 720_000)
        #expect(notes.value("service.default/web.errors") == rows.reduce(0) { $0 + $1.failed } / 1_000)
        #expect(notes.value("service.default/web.latency.p99.max") == rows.map(\.p99).max()?.nanoseconds)
    }

    @Test("the pods use what their requests need, and are charged for it")
    func usage() throws {
        let plain = run(setup { $0.traffic = .constant(1_000) })
        // 800 requests a second are 2 cores for each replica, four times what it asks for; and 2.0 in flight.
        let busy = run(
            setup {
                $0.traffic = .constant(800_000)
                $0.memoryPerRequest = 1 << 20
            })
        #expect(plain.demand.last?.cpu == 3 || plain.demand.last?.cpu == 2)
        #expect(busy.demand.last?.cpu == 2_000)
        let memory = try #require(busy.demand.last?.memory)
        #expect(memory > (1 << 30) + (2 << 20) && memory < (1 << 30) + (3 << 20))
        #expect(busy.value("cost.pods") > plain.value("cost.pods"))
    }

    @Test("requests in flight that fill the memory of machines get pods killed")
    func memory() {
        let notes = run(
            setup {
                $0.traffic = .constant(800_000)
                $0.memoryPerRequest = 1 << 30
            })
        #expect(notes.kills.contains { $0.reason == "OOMKilled" && $0.signal == "system" })
    }

    @Test("a neighbour that takes the processors makes requests slower")
    func neighbour() throws {
        func worst(_ isBusy: Bool) throws -> (p99: Duration, throttles: Int) {
            var setup = setup(replicas: 2) { $0.traffic = .constant(340_000) }
            setup.pools[0].count = 1
            setup.objects.append(Fixture.deployment("batch", replicas: 1))
            var rule = WorkloadRule(.init(name: "batch"))
            rule.usage.cpu = .absolute(.constant(isBusy ? 4_000 : 500))
            setup.workloads = WorkloadBook(rules: [rule])
            let notes = run(setup)
            // While the first pod is alone, it wants more than there is.
            let late = notes.throttles.filter { $0.to > .start + .minutes(10) }
            return (try #require(notes.serviceIntervals.last).p99, late.count)
        }
        let (alone, beside) = try (worst(false), worst(true))
        // Three pods with equal requests share four cores: each of the two gets 1.333 of the 1.7 that it wants.
        #expect(alone.throttles == 0 && beside.throttles > 0)
        #expect(beside.p99 > alone.p99)
    }

    @Test("on a slow machine requests take longer and keep its processors busy for longer, and nothing is throttled")
    func slowMachine() throws {
        var setup = setup(replicas: 1) { $0.traffic = .constant(20_000) }
        setup.pools[0].count = 1
        guard case .deployment(var web) = setup.objects[0] else { return }
        var spec = web.spec.template.spec
        spec.containers[0].limits = [.cpu: Quantity(1)]
        web.spec.template.spec = spec
        setup.objects[0] = .deployment(web)
        setup.faults = [FaultFixture.fault(NodeSlow.self, at: .minutes(30), lasting: .minutes(60)) { $0.speed = 500 }]
        let notes = run(setup)
        let rows = notes.serviceIntervals.filter { $0.endpoints == 1 }
        // M/M/1 with processor sharing at a load of 0.2, of 0.4, and of 0.2 again: rho / (1 - rho) are there.
        #expect(rows.map(\.cpu) == [200, 400, 200])
        #expect(rows.map(\.inFlight) == [250, 667, 250])
        #expect(rows.map(\.failed) == [0, 0, 0])
        #expect(notes.throttles.isEmpty)
        // Half of each of the two hours that there are.
        let usage = notes.demand.filter { $0.controller == 1 }.map(\.cpu)
        #expect(usage.last.map { abs($0 - 300) <= 1 } ?? false, "\(usage)")
    }

    @Test("nobody waits for longer than for all attempts, whatever the tail of the law", arguments: [0, 1, 2])
    func patience(retries: Int) {
        let notes = run(
            setup {
                $0.timeout = .milliseconds(20)
                $0.retries.limit = retries
                $0.traffic = .constant(700_000)
            })
        let most = Duration.milliseconds(20) * Int64(1 + retries)
        #expect(notes.serviceIntervals.contains { $0.p99 == most })
        #expect(notes.serviceIntervals.allSatisfy { $0.p99 <= most })
    }

    @Test("a diurnal curve is counted step by step")
    func diurnal() {
        var setup = setup()
        setup.horizon = .days(1)
        setup.services[0].traffic = Curve(.diurnal(DiurnalShape(base: 10_000, peak: 200_000)))
        let notes = run(setup)
        var sum: Int64 = 0
        let clock = WallClock(startDate: setup.startDate)
        for step in 0..<Int64(96) {
            sum += setup.services[0].traffic!.value(at: .start + .minutes(15 * step), on: clock) * 900
        }
        #expect(notes.serviceIntervals.reduce(0) { $0 + $1.requests } == sum)
        #expect(notes.serviceIntervals.count < 96 + 12)
    }

    @Test("a rollout loses what goes to pods that have stopped; a preStop hook that outlasts the news loses nothing")
    func rollout() {
        func failedInRollout(_ preStop: Int64?) -> Int64 {
            var setup = setup(preStop: preStop)
            setup.changes = [
                ScheduledChange(
                    at: .start + .minutes(10),
                    act: .setImage(
                        ObjectKey(.deployment, namespace: "default", name: "web"), container: "main",
                        image: "shop/web:2"))
            ]
            return failed(run(setup))
        }
        let lost = failedInRollout(nil)
        // Four pods, each a quarter of 100 requests for 480 ms (the news takes 500 ms, SIGTERM comes after 20 ms), while
        // there are between three and five others.
        #expect(lost > 4 * 8_000 && lost < 4 * 17_000)
        #expect(failedInRollout(5) == 0)
    }

    @Test("a pod that dies takes what it was about with it, at an instant: the quiet hours before and after have no errors")
    func inFlight() throws {
        var setup = setup()
        setup.horizon = .hours(12)
        setup.faults = [
            FaultFixture.fault(ContainerCrash.self, TargetSelector(choice: .count(1)), at: .hours(6))
        ]
        let rows = run(setup).serviceIntervals
        let struck = try #require(rows.first { $0.lost > 0 })
        #expect(struck.to >= .start + .hours(6) && struck.to < .start + .hours(6) + .seconds(1))
        #expect(struck.to - struck.from > .hours(5) && struck.lost == struck.failed && struck.lost < 1_000)
        // Until the endpoint is gone, connections are refused.
        let failing = rows.filter { $0.failed > $0.lost && $0.from > .start + .minutes(1) }
        #expect(failing.allSatisfy { $0.from >= struck.to && $0.to - $0.from < .minutes(1) })
    }

    @Test(
        "requests are taken until the preStop hook of the container that answers is over",
        arguments: [
            // Seconds that a hook takes which is no sleep, the container beside it, whether requests get lost.
            (nil, [], false), (5, [], false), (0.1, [], true), (5, ["logs"], false), (0.1, ["logs"], true),
        ] as [(Double?, [String], Bool)])
    func hooks(seconds: Double?, beside: [String], isLosing: Bool) {
        var setup = changed(setup()) { spec in
            spec.containers[0].preStop = .hook
            spec.containers += beside.map { Container(name: $0, image: "shop/logs:1") }
        }
        var rule = WorkloadRule(.init(container: "main"))
        rule.preStopTime = seconds.map { .constant($0) }
        setup.workloads = WorkloadBook(rules: [rule])
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.changes = [
            ScheduledChange(at: .start + .minutes(10), act: .setImage(key, container: "main", image: "shop/web:2"))
        ]
        #expect((failed(run(setup)) > 0) == isLosing)
    }

    // MARK: - Pods of several containers

    /// The setup with another spec of the deployment's pods.
    private func changed(_ setup: WorldSetup, _ change: (inout PodSpec) -> Void) -> WorldSetup {
        var setup = setup
        guard case .deployment(var web) = setup.objects[0] else { return setup }
        var spec = web.spec.template.spec
        change(&spec)
        web.spec.template.spec = spec
        setup.objects[0] = .deployment(web)
        return setup
    }

    /// A container of a pod that is to answer requests.
    private struct Part: Sendable {
        var name: String
        var limit: Int64?
        var port: ContainerPort?

        init(_ name: String, limit: Int64? = nil, port: Int32? = nil, portName: String = "") {
            (self.name, self.limit) = (name, limit)
            self.port = port.map { ContainerPort(containerPort: $0) }
            self.port?.name = portName
        }
    }

    private static let pods: [(parts: [Part], target: Service.Port.Target?, named: String?, server: String)] = [
        ([Part("main", limit: 500)], nil, nil, "main"),
        ([Part("main", limit: 500), Part("logs")], nil, nil, "main"),
        ([Part("main", limit: 500), Part("logs", limit: 500)], nil, nil, "main"),
        ([Part("logs"), Part("main", limit: 500, port: 8_080)], .number(8_080), nil, "main"),
        ([Part("logs"), Part("main", limit: 500, port: 8_080, portName: "http")], .name("http"), nil, "main"),
        ([Part("logs", limit: 500, port: 8_080), Part("main", port: 80)], .number(80), nil, "main"),
        ([Part("logs", limit: 500), Part("main")], .number(80), nil, "logs"),
        ([Part("logs"), Part("main", limit: 500)], nil, "ma*", "main"),
    ]

    @Test("the container that answers bounds what requests use, whatever stands beside it", arguments: pods.indices)
    func server(index: Int) throws {
        let (parts, target, named, server) = Self.pods[index]
        // 60 requests a second of 10 ms each for each of two replicas: more than 500m can do.
        var setup = changed(setup(replicas: 2) { $0.traffic = .constant(120_000) }) { spec in
            spec.containers = parts.map {
                var container = Container(name: $0.name, image: "shop/web:1")
                container.limits = $0.limit.map { [.cpu: Quantity(milli: $0)] } ?? [:]
                container.ports = $0.port.map { [$0] } ?? []
                return container
            }
        }
        if let target, case .service(var service) = setup.objects[1] {
            service.ports = [Service.Port(port: 80, target: target)]
            setup.objects[1] = .service(service)
        }
        if let named { setup.services[0].backing = .workload(.init(name: "web", container: named)) }
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        let isBounded = parts.first { $0.name == server }?.limit != nil
        let last = try #require(notes.serviceIntervals.last)
        #expect(last.endpoints == 2 && (last.failed > 0) == isBounded)
        var used: [String: Int64] = [:]
        world.surveyUsage(at: .start + setup.horizon) { used[$0.place.container, default: 0] += $0.cpuMilli ?? 0 }
        #expect(used.filter { $0.value > 0 } == [server: isBounded ? 1_000 : 1_200])
    }

    @Test("a limit of the pod bounds requests as the same one of its container does", arguments: [80_000, 120_000])
    func podLimit(traffic: Int64) throws {
        func steady(_ change: (inout PodSpec) -> Void) throws -> ServiceIntervalRow {
            let notes = run(changed(setup(replicas: 2) { $0.traffic = .constant(traffic) }, change))
            var row = try #require(notes.serviceIntervals.last)
            // Pods start at other instants.
            row.failed = row.failed * 100 / row.requests
            (row.from, row.requests, row.users) = (.start, 0, 0)
            return row
        }
        let limit: ResourceList = [.cpu: Quantity(milli: 500)]
        let (ofPod, ofContainer) = (try steady { $0.limits = limit }, try steady { $0.containers[0].limits = limit })
        #expect(ofPod == ofContainer && ofPod.endpoints == 2)
        // Whatever is less counts.
        let ofBoth = try steady { ($0.limits, $0.containers[0].limits) = (limit, [.cpu: Quantity(2)]) }
        #expect(ofPod == ofBoth)
    }

    @Test("a machine without power swallows its share until the control plane finds out")
    func crash() {
        var setup = setup()
        setup.services[0].timeout = .seconds(2)
        setup.faults = [
            FaultSpec(
                name: "crash", kind: NodeCrash.self, timing: .at(.start + .hours(1)),
                targets: TargetSelector(names: ["box-1"]), duration: .lasting(.constant(1_800)))
        ]
        let notes = run(setup)
        let onNode = Set(notes.podIntervals.filter { $0.node == 1 && $0.state == .ready }.map(\.pod)).count
        let share = Int64(onNode) * 100_000 / 4
        let found = failed(notes)
        #expect(onNode > 0 && found > share * 38 && found < share * 64)
        #expect(notes.serviceIntervals.last?.failed == 0)
        #expect(notes.serviceIntervals.last?.endpoints == 4)
    }

    @Test("a service behind a workload, its caller, and an objective that is missed")
    func objective() {
        var setup = setup {
            $0.calls = [ServiceSpec.Call(callee: 1)]
            $0.objective.latency = [ServiceSpec.Objective.Bound(.p99, atMost: .milliseconds(500))]
        }
        var slow = ServiceSpec(
            namespace: "default", name: "slow",
            backing: .workload(WorkloadRule.Match(kind: "Deployment", name: "slow")),
            work: LatencyLaw(mean: 0.001, variance: 0))
        slow.wait = LatencyLaw(mean: 1, variance: 0)
        setup.services.append(slow)
        setup.objects.append(Fixture.deployment("slow", replicas: 1))
        let notes = run(setup)
        #expect(notes.serviceIntervals.filter { $0.service == 2 }.reduce(0) { $0 + $1.requests } > 700_000_000)
        let violated = notes.value("service.default/web.slo.violated")
        #expect(violated > Duration.minutes(119).nanoseconds && violated <= Duration.hours(2).nanoseconds)
        #expect(notes.value("service.default/slow.slo.violated") == 0)
    }

    @Test("a Service that goes away takes its endpoints with it")
    func deleted() {
        var setup = setup()
        setup.changes = [
            ScheduledChange(at: .start + .hours(1), act: .delete(ObjectKey(.service, namespace: "default", name: "web")))
        ]
        let notes = run(setup)
        #expect(notes.serviceIntervals.last?.endpoints == 0)
        #expect(notes.serviceIntervals.last?.from == Instant.start + .hours(1) + .milliseconds(500))
    }

    @Test("the same seed gives the same rows, and a run without services has none")
    func determinism() {
        let (first, second) = (run(setup()), run(setup()))
        #expect(first.serviceIntervals == second.serviceIntervals && first.footer?.digest == second.footer?.digest)
        var without = setup()
        without.services = []
        #expect(run(without).serviceIntervals.isEmpty)
    }

    @Test("requests that nobody answers miss a bound of the latency", arguments: [LatencyLaw.Place.p50, .p99])
    func unanswered(place: LatencyLaw.Place) throws {
        var setup = setup { $0.objective.latency = [.init(place, atMost: .seconds(60))] }
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.changes = [ScheduledChange(at: .start + .hours(1), act: .scale(key, replicas: 0))]
        let rows = run(setup).serviceIntervals
        #expect(rows.contains { $0.endpoints == 0 && $0.from > .start + .hours(1) - .seconds(1) })
        #expect(rows.allSatisfy { $0.isViolated == ($0.failed == $0.requests) })
    }
}
