import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("Batch work in the world")
struct ArrivalWorldTests {
    private func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    /// A Job of pods that ask for a core each.
    private func job(_ name: String, completions: Int64 = 1, indexed: Bool = false, restart: RestartPolicy = .never) -> Job {
        var container = Container(name: "main", image: "work:1")
        container.requests = [.cpu: Quantity(1), .memory: Quantity(1 << 30)]
        var job = Job(metadata: ObjectMeta(name: name, namespace: "default"), spec: Job.Spec())
        job.spec.parallelism = completions
        job.spec.completions = completions
        job.spec.indexed = indexed
        job.spec.backoffLimit = 1_000
        job.spec.template.spec = PodSpec(containers: [container])
        job.spec.template.spec.restartPolicy = restart
        return job
    }

    /// Work of an hour for all, saved every ten minutes or never; pulls and starts take next to no time.
    private func rules(saved: Bool) -> WorkloadBook {
        var rule = WorkloadRule()
        rule.runTime = .after(.constant(3_600))
        rule.startDelay = .constant(0)
        if saved { rule.checkpoint = CheckpointRule(every: .minutes(10), cost: .seconds(20), restore: .seconds(30)) }
        return WorkloadBook(rules: [rule])
    }

    @Test("jobs arrive at a fixed interval, run, and end")
    func arrivals() {
        var setup = Fixture.setup(machines: 2, horizon: .hours(4))
        setup.arrivals = [
            ArrivalSetup(
                spec: ArrivalSpec(name: "tick", process: .every(.minutes(30)), count: 2), template: .job(job("t")))
        ]
        let notes = run(setup)
        #expect(notes.value("arrivals") == 14)
        #expect(notes.value("pods.created") == 14)
        #expect(notes.value("pods.succeeded") == 14)
        #expect(Set(notes.controllers.map(\.name)) == Set((1...14).map { "tick-\($0)" }))
    }

    @Test("what arrives while the API server does not answer is made afterwards, all of it")
    func outage() {
        var setup = Fixture.setup(machines: 2, horizon: .hours(3))
        setup.arrivals = [
            ArrivalSetup(spec: ArrivalSpec(name: "tick", process: .every(.minutes(10))), template: .job(job("t")))
        ]
        setup.faults = [
            FaultSpec(
                name: "away", kind: APIServerOutage.self, timing: .at(.start + .minutes(55)),
                targets: TargetSelector(), duration: .lasting(.constant(3_600)), limit: nil)
        ]
        let notes = run(setup)
        let (from, to) = (Instant.start + .minutes(55), Instant.start + .minutes(115))
        #expect(notes.pods.allSatisfy { $0.createdAt < from || $0.createdAt >= to })
        #expect(notes.pods.count { $0.createdAt < to + .minutes(1) } == 11)
        // The clock went on meanwhile.
        #expect(notes.value("arrivals") == 17)
    }

    @Test("a line of a trace says how long its job runs, above the rules")
    func runTime() throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(5))
        setup.workloads = rules(saved: false)
        var row = ArrivalRow(at: .start + .minutes(1))
        row.name = "own"
        row.runTime = .minutes(7)
        row.cpu = Quantity(milli: 2_500)
        setup.arrivals = [
            ArrivalSetup(spec: ArrivalSpec(name: "t", process: .trace(ArrivalTrace([row]))), template: .job(job("t")))
        ]
        let notes = run(setup)
        #expect(notes.pods.map(\.requestCPU) == [2_500])
        let ready = notes.podIntervals.filter { $0.state == .ready || $0.state == .unready }
        let seconds = ready.reduce(Duration.zero) { $0 + ($1.to - $1.from) }.inSeconds
        #expect(abs(seconds - 420) < 1)
    }

    @Test("one process does not shift another")
    func commonNumbers() {
        func times(_ names: [String]) -> [Instant] {
            var setup = Fixture.setup(machines: 2, horizon: .hours(12))
            setup.arrivals = names.map {
                ArrivalSetup(spec: ArrivalSpec(name: $0, process: .poisson(.constant(24_000))), template: .job(job("t")))
            }
            let notes = run(setup)
            return notes.pods.filter { $0.name.hasPrefix("a-") }.map(\.createdAt)
        }
        let alone = times(["a"])
        // The controller's delays may be shared; what arrives is not.
        #expect(alone.count == times(["a", "b"]).count && !alone.isEmpty)
    }

    // MARK: - Lost work

    private func crash(at minutes: [Int64], for length: Duration = .minutes(1)) -> [FaultSpec] {
        minutes.map { minute in
            FaultSpec(
                name: "crash-\(minute)", kind: NodeCrash.self, timing: .at(.start + .minutes(minute)),
                targets: TargetSelector(), duration: .lasting(.constant(length.inSeconds)), limit: nil)
        }
    }

    @Test("a restarted container goes on from its last checkpoint; without checkpoints it begins anew", arguments: [true, false])
    func restarted(saved: Bool) throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(6))
        setup.workloads = rules(saved: saved)
        setup.parameters.cloudLaunch = .constant(30)
        setup.objects = [.job(job("long", restart: .onFailure))]
        setup.faults = crash(at: [25, 60])
        let notes = run(setup)
        #expect(notes.value("pods.succeeded") == 1)
        #expect(notes.lost.map(\.reason) == ["Unknown", "Unknown"])
        #expect(notes.lost.map(\.exitCode) == [255, 255])
        let done = notes.lost.reduce(Duration.zero) { $0 + $1.done }
        let lost = notes.lost.reduce(Duration.zero) { $0 + $1.lost }
        #expect(notes.value("work.lost") == lost.nanoseconds && notes.value("work.interrupted") == 2)
        if saved {
            #expect(notes.lost[0].saved == .minutes(20))
            // Some 33 minutes later: the way back, three stretches with their checkpoints, and a piece.
            #expect(notes.lost[1].saved == .minutes(50))
            #expect(lost < .minutes(20) && lost > .zero)
            #expect(notes.value("work.restored") == Duration.minutes(70).nanoseconds)
            // What was done in all runs, without what was lost, is the work that the last run found done.
            #expect(done - lost == .minutes(50))
        } else {
            #expect(lost == done)
            #expect(lost > .minutes(50))
            #expect(notes.value("work.restored") == 0 && notes.value("work.overhead") == 0)
        }
        // From its first start to its end: an hour of work, what was lost, what checkpoints took, and the time it was away.
        let overhead = saved ? Duration.seconds(4 * 20 + 20 + 2 * 30) : .zero
        let end = try #require(notes.podEnds.first?.endedAt)
        _ = end
        let succeeded = try #require(notes.podIntervals.first { $0.state == .succeeded }?.from)
        let away = notes.value("work.overhead")
        #expect(!saved || Duration(nanoseconds: away) >= overhead - .seconds(40))
        let least = Duration.hours(1) + lost + Duration(nanoseconds: away)
        #expect(succeeded.sinceStart > least && succeeded.sinceStart < least + .minutes(12))
    }

    @Test("the replacement pod of a Job takes over the work, at its index or at any place", arguments: [true, false])
    func replaced(indexed: Bool) {
        var setup = Fixture.setup(machines: 2, horizon: .hours(8))
        setup.workloads = rules(saved: true)
        setup.objects = [.job(job("array", completions: 4, indexed: indexed))]
        // Long enough away that the pods are given up and others take their places.
        setup.faults = crash(at: [35], for: .hours(3))
        setup.faults[0].targets.names = ["box-1"]
        let notes = run(setup)
        #expect(notes.value("pods.succeeded") == 4)
        #expect(notes.lost.count == 2)
        #expect(notes.lost.allSatisfy { $0.saved == .minutes(30) })
        #expect(notes.value("work.restored") == Duration.minutes(60).nanoseconds)
    }

    @Test("on machines that crash at random, work takes as long as Young and Daly say")
    func daly() {
        let rule = CheckpointRule(every: .minutes(20), cost: .seconds(60), restore: .seconds(60))
        let (jobs, stretches, mean) = (48, 6, 7_200.0)
        var setup = Fixture.setup(machines: 12, horizon: .hours(30))
        var work = WorkloadRule()
        work.runTime = .after(.constant(rule.every.inSeconds * Double(stretches)))
        work.checkpoint = rule
        setup.workloads = WorkloadBook(rules: [work])
        setup.parameters.cloudLaunch = .constant(30)
        for number in 0..<jobs {
            var one = job("j\(number)", restart: .onFailure)
            one.spec.template.spec.containers[0].requests[.cpu] = Quantity(3)
            setup.objects.append(.job(one))
        }
        setup.faults = [
            FaultSpec(
                name: "crash", kind: NodeCrash.self, timing: .lifetime(.exponential(mean: mean), perTarget: true),
                targets: TargetSelector(), duration: .lasting(.constant(30)), limit: nil)
        ]
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.run()
        #expect(notes.value("pods.succeeded") == Int64(jobs))
        // What all runs took together: the work, what was done twice, and what checkpoints took.
        let extra = notes.value("work.lost") + notes.value("work.overhead")
        let took = rule.every.inSeconds * Double(stretches) + Double(extra) / 1e9 / Double(jobs)
        // The pure rule gives the spread of one job; that its mean is Daly's is tested where the rule is.
        var stream = RandomStream(seed: Seed(3), name: "daly")
        let times = (0..<4_000).map { _ in Self.completion(rule, rule.every * Int64(stretches), mean, &stream) }
        let expected = times.reduce(0, +) / Double(times.count)
        let variance = times.reduce(0) { $0 + ($1 - expected) * ($1 - expected) } / Double(times.count - 1)
        #expect(abs(took - expected) < 4 * (variance / Double(jobs)).squareRoot())
        // Such a test cannot pass without crashes.
        #expect(notes.lost.count > jobs / 2)
    }

    /// The running time of work that exponential failures interrupt.
    private static func completion(
        _ rule: CheckpointRule, _ total: Duration, _ mean: Double, _ stream: inout RandomStream
    ) -> Double {
        var (saved, time) = (Duration.zero, 0.0)
        while true {
            let length = rule.length(total: total, saved: saved)
            let failure = Distribution.exponential(mean: mean).sample(&stream)
            if failure >= length { return time + length.inSeconds }
            saved = rule.progress(after: failure, total: total, saved: saved).saved
            time += failure.inSeconds
        }
    }

    @Test("work that ends by itself loses nothing, and a service has no work to lose")
    func undisturbed() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(3))
        setup.objects = [.job(job("short"))]
        #expect(run(setup).lost.isEmpty)
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.faults = crash(at: [30])
        #expect(run(setup).lost.isEmpty)
    }

    @Test("the same seed gives the same digest, with checkpoints and crashes at random")
    func same() {
        func digest() -> String? {
            var setup = Fixture.setup(machines: 2, horizon: .hours(10))
            setup.workloads = rules(saved: true)
            setup.arrivals = [
                ArrivalSetup(spec: ArrivalSpec(name: "a", process: .poisson(.constant(24_000))), template: .job(job("t")))
            ]
            setup.faults = [
                FaultSpec(
                    name: "crash", kind: NodeCrash.self, timing: .lifetime(.exponential(mean: 7_200), perTarget: true),
                    targets: TargetSelector(), duration: .lasting(.constant(600)), limit: nil)
            ]
            return run(setup).footer?.digest
        }
        let first = digest()
        #expect(first != nil && first == digest())
    }
}
