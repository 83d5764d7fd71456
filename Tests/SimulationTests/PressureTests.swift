import Chronology
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("What usage does to a machine")
struct PressureTests {
    private func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    private func rule(_ change: (inout WorkloadRule) -> Void) -> WorkloadBook {
        var rule = WorkloadRule()
        rule.startDelay = .constant(1)
        rule.readyAfter = .after(.constant(1))
        change(&rule)
        return WorkloadBook(rules: [rule])
    }

    /// A deployment whose pods ask for 500m and a gibibyte, with limits.
    private func deployment(_ name: String, replicas: Int64, limits: ResourceList = [:]) -> KubernetesObject {
        guard case .deployment(var workload) = Fixture.deployment(name, replicas: replicas) else { fatalError() }
        workload.spec.template.spec.containers[0].limits = limits
        return .deployment(workload)
    }

    private func job(_ name: String, pods: Int64, cpu: Int64) -> KubernetesObject {
        var container = Container(name: "main", image: "shop/job:1")
        container.requests = [.cpu: Quantity(milli: cpu), .memory: Quantity(1 << 30)]
        var pod = PodSpec(containers: [container])
        pod.restartPolicy = .never
        var job = Job(metadata: ObjectMeta(name: name, namespace: "default"), spec: Job.Spec())
        job.spec.parallelism = pods
        job.spec.completions = pods
        job.spec.template = PodTemplateSpec(spec: pod)
        return .job(job)
    }

    @Test("a leak ends at the limit: the container is killed and restarted, over and over")
    func limit() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(4))
        setup.objects = [deployment("web", replicas: 1, limits: [.memory: Quantity(2 << 30)])]
        setup.workloads = rule {
            $0.usage.memory = .absolute(.constant(1 << 30))
            $0.usage.memoryLeak = Growth(bytes: 1 << 30, per: .hours(1))
        }
        let notes = run(setup)
        #expect(notes.kills.map(\.reason) == ["OOMKilled", "OOMKilled", "OOMKilled"])
        #expect(notes.kills.map(\.signal) == ["limit", "limit", "limit"])
        // An hour after each start: the first restart is at once, the others wait no longer as the runs are long.
        let gaps = zip(notes.kills.dropFirst(), notes.kills).map { $0.at - $1.at }
        #expect(gaps == [.hours(1) + .seconds(1), .hours(1) + .seconds(1)])
        #expect(notes.value("pods.oomKilled") == 3)
        #expect(notes.value("restarts") == 3)
        #expect(notes.value("pods.evicted") == 0)
        #expect(notes.events.contains { $0.reason == "OOMKilled" && $0.isWarning })
    }

    @Test("nobody is killed for memory that is only assumed, not even where all of the limit is requested")
    func assumed() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(1))
        setup.objects = [deployment("web", replicas: 1, limits: [.memory: Quantity(1 << 30)])]
        setup.workloads = rule { $0.usage.cpu = .absolute(.constant(100)) }
        let notes = run(setup)
        #expect(notes.kills.isEmpty)
        #expect(notes.value("pods.running") == 1 && notes.value("restarts") == 0)
        // That it would be if somebody said so.
        setup.workloads = rule { $0.usage.memory = .absolute(.constant(1 << 30)) }
        #expect(!run(setup).kills.isEmpty)
    }

    @Test("a leak without a limit brings the node under pressure: the worst pod is evicted, and the node tainted")
    func eviction() throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(2))
        setup.objects = [deployment("web", replicas: 1)]
        setup.changes = [
            ScheduledChange(at: .start + .minutes(91), act: .apply([deployment("late", replicas: 1)]))
        ]
        setup.workloads = rule {
            $0.usage.memory = .absolute(.constant(1 << 30))
            $0.usage.memoryLeak = Growth(bytes: 10 << 30, per: .hours(1))
        }
        let notes = run(setup)
        let first = try #require(notes.kills.first)
        #expect(first.reason == "Evicted" && first.signal == "memory.available")
        // 16 GiB less 100 MiB, reached after 15/10 of an hour less 35 s, on a grid of 10 s.
        let expected = Duration.hours(1) + .minutes(30) - .seconds(35)
        #expect(abs((first.at.sinceStart - expected).inSeconds) < 20)
        #expect(notes.value("pods.evicted") == Int64(notes.kills.count))
        #expect(notes.value("pods.oomKilled") == 0)
        #expect(notes.podEnds.contains { $0.phase == "Failed" && $0.reason == "Evicted" || $0.reason == "TerminationByKubelet" })
        #expect(notes.events.contains { $0.reason == "NodeHasInsufficientMemory" })
        #expect(notes.events.contains { $0.reason == "NodeHasSufficientMemory" })
        #expect(notes.events.contains { $0.reason == "Evicted" && $0.message.hasPrefix("The node was low on resource: memory. ") })
        // Nobody may come to a node under pressure, until five minutes after it was short last.
        #expect(notes.attempts.flatMap(\.rejections).contains { $0.plugin == "TaintToleration" })
        #expect(notes.value("pods.running") == 2)
    }

    @Test("a spike beyond the limit kills at once, and again at each start until it is over")
    func spike() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(2))
        setup.objects = [deployment("web", replicas: 1, limits: [.memory: Quantity(2 << 30)])]
        setup.workloads = rule {
            let spike = Spike(at: .start + .hours(1), length: .minutes(10), every: nil, permille: 4_000)
            $0.usage.memory = .absolute(Curve(.constant(1 << 30), spikes: [spike]))
        }
        let notes = run(setup)
        // A restart at once, then after 10, 20, 40, 80 and 160 s of back-off; the one after 300 s comes too late.
        var expected: [Instant] = []
        var at = Instant.start + .hours(1)
        for wait in [0, 10, 20, 40, 80, 160, 300] as [Int64] {
            expected.append(at)
            at = at + .seconds(wait + 1)
        }
        #expect(notes.kills.map(\.at) == expected)
        #expect(notes.value("pods.running") == 1)
    }

    @Test("without thresholds a full machine kills")
    func systemKill() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(2))
        setup.kubelet.eviction.memory.hard = nil
        setup.objects = [deployment("web", replicas: 2)]
        setup.workloads = rule {
            $0.usage.memory = .absolute(.constant(4 << 30))
            $0.usage.memoryLeak = Growth(bytes: 5 << 30, per: .hours(1))
        }
        let notes = run(setup)
        #expect(!notes.kills.isEmpty && notes.kills.allSatisfy { $0.signal == "system" })
        #expect(notes.events.contains { $0.reason == "SystemOOM" && $0.object == "Node box-1" })
    }

    @Test("a run at its limit works faster once it wants less, though it gets no more than before")
    func spikeAboveLimit() throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(2))
        guard case .job(var capped) = job("sum", pods: 1, cpu: 500) else { return }
        capped.spec.template.spec.containers[0].limits = [.cpu: Quantity(milli: 500)]
        setup.objects = [.job(capped)]
        setup.workloads = rule {
            let spike = Spike(at: .start, length: .minutes(10), every: nil, permille: 2_000)
            $0.usage.cpu = .absolute(Curve(.constant(600), spikes: [spike]))
            $0.runTime = .after(.constant(1_200))
        }
        let notes = run(setup)
        // 416 thousandths of the work for 10 minutes less a second or two, then 833: about 250 s and 950 s of 1,200.
        let ended = try #require(notes.podIntervals.first { $0.state == .succeeded }).from
        #expect(abs((ended - (Instant.start + .minutes(29))).inSeconds) < 30)
        #expect(notes.throttles.map(\.wanted) == [1_200, 600])
        #expect(notes.throttles.map(\.granted) == [500, 500])
    }

    @Test("two runs that want a whole machine each take twice as long beside each other")
    func contention() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(2))
        setup.objects = [job("sum", pods: 2, cpu: 500)]
        setup.workloads = rule {
            $0.usage.cpu = .absolute(.constant(4_000))
            $0.runTime = .after(.constant(1_000))
        }
        let notes = run(setup)
        #expect(notes.value("pods.succeeded") == 2)
        let slow = notes.throttles.filter { $0.granted == 2_000 && $0.wanted == 4_000 }
        #expect(slow.count == 2)
        for row in slow { #expect(abs((row.to - row.from).inSeconds - 2_000) < 5) }
        // What is used is what was granted: four cores for two thousand seconds.
        let used = notes.demand.reduce(0.0) {
            $0 + Double($1.cpu) / 1_000 * Double($1.pods) * ($1.to - $1.from).inSeconds
        }
        #expect(abs(used - 8_000) < 20)
    }

    @Test("a quota slows alone what a machine would have room for")
    func quota() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(1))
        setup.objects = [deployment("web", replicas: 1, limits: [.cpu: Quantity(1)])]
        setup.workloads = rule { $0.usage.cpu = .absolute(.constant(4_000)) }
        let notes = run(setup)
        #expect(notes.throttles.map(\.granted) == [1_000])
        #expect(notes.throttles.map(\.wanted) == [4_000])
    }

    @Test("logs fill the disk: the kubelet evicts who wrote them")
    func disk() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(3))
        setup.objects = [deployment("web", replicas: 1), Fixture.deployment("other", replicas: 1)]
        var rule = WorkloadRule(.init(name: "web"))
        rule.usage.disk = DiskUsage(base: .absolute(.constant(0)), growth: Growth(bytes: 60 << 30, per: .hours(1)))
        setup.workloads = WorkloadBook(rules: [rule])
        let notes = run(setup)
        #expect(notes.kills.first?.reason == "Evicted")
        #expect(notes.kills.first?.signal == "imagefs.available")
        #expect(notes.events.contains { $0.reason == "NodeHasDiskPressure" })
        #expect(
            notes.kills.allSatisfy { kill in
                notes.pods.contains { $0.pod == kill.pod && $0.name.hasPrefix("web") }
            })
    }

    @Test("usage that needs no more than there is changes nothing but the demand")
    func calm() {
        var setup = Fixture.setup(machines: 3, horizon: .hours(6))
        setup.objects = [deployment("web", replicas: 6)]
        let events = run(setup).footer?.events ?? 0
        setup.workloads = WorkloadBook(rules: [
            {
                var rule = WorkloadRule()
                rule.usage.cpu = .absolute(.constant(100))
                rule.usage.memory = .absolute(.constant(1 << 28))
                return rule
            }()
        ])
        let notes = run(setup)
        #expect(notes.footer?.events == events)
        #expect(notes.kills.isEmpty && notes.throttles.isEmpty)
    }

    @Test("a leak is charged as it grows")
    func charged() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(10))
        setup.objects = [deployment("web", replicas: 1)]
        setup.workloads = rule {
            $0.usage.memory = .absolute(.constant(1 << 30))
            $0.usage.memoryLeak = Growth(bytes: 1 << 30, per: .hours(1))
        }
        let notes = run(setup)
        // From 2 to 11 GiB over the nine hours after the first, but for the seconds before it ran.
        let hours = notes.demand.filter { $0.from >= .start + .hours(1) }
        #expect(hours.count == 9)
        let mean = hours.reduce(0.0) { $0 + Double($1.memory) } / 9 / Double(1 << 30)
        #expect(abs(mean - 6.5) < 0.02)
    }

    @Test("a machine that loses power forgets its pressure, and runs the same twice")
    func power() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(4))
        setup.objects = [deployment("web", replicas: 3)]
        setup.workloads = rule {
            $0.usage.memory = .absolute(.constant(1 << 30))
            $0.usage.memoryLeak = Growth(bytes: 9 << 30, per: .hours(1))
        }
        setup.faults = [
            FaultSpec(
                name: "reboot", kind: NodeCrash.self, timing: .at(.start + .minutes(31)),
                targets: TargetSelector(names: ["box-1"]), duration: .lasting(.constant(600)))
        ]
        let notes = run(setup)
        #expect(!notes.kills.isEmpty)
        #expect(run(setup).footer?.digest == notes.footer?.digest)
    }
}
