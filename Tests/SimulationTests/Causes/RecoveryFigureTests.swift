import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("What recovery took is recorded as it was")
struct RecoveryFigureTests {
    private func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil && world.isFinished)
        return notes
    }

    private func crash(_ names: [String], seconds: Double? = 1_200, at: Duration = .hours(1)) -> FaultSpec {
        FaultSpec(
            name: "crash", kind: NodeCrash.self, timing: .at(.start + at), targets: TargetSelector(names: names),
            duration: seconds.map { .lasting(.constant($0)) } ?? .permanent)
    }

    private func job(restart: RestartPolicy) -> KubernetesObject {
        var container = Container(name: "main", image: "work:1")
        container.requests = [.cpu: Quantity(milli: 2_000), .memory: Quantity(8 << 30)]
        var pod = PodSpec(containers: [container])
        pod.restartPolicy = restart
        var spec = Job.Spec()
        spec.template = PodTemplateSpec(labels: [:], spec: pod)
        return .job(Job(metadata: ObjectMeta(name: "long", namespace: "default"), spec: spec))
    }

    private func rules() -> WorkloadBook {
        var rule = WorkloadRule()
        rule.runTime = .after(.constant(7_200))
        rule.startDelay = .constant(0)
        return WorkloadBook(rules: [rule])
    }

    @Test("lost work is what the run says is lost, and costs what the ledger charged for it", arguments: [true, false])
    func work(staysOnNode: Bool) throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(6))
        setup.workloads = rules()
        setup.objects = [job(restart: staysOnNode ? .onFailure : .never)]
        setup.faults = [crash(["box-1"], seconds: 60)]
        let notes = run(setup)
        let lost = try #require(notes.lost.first)
        let step = try #require(notes.causes.first { $0.kind == .workLost })
        #expect(notes.lost.count == 1 && notes.causes.count { $0.kind == .workLost } == 1)
        #expect(step.lost == lost.lost && step.pod == lost.pod && step.at == lost.at && step.fault == 1)
        // Half the machine for as long as the work took: 12 dollars an hour.
        #expect(lost.lost > .minutes(59) && lost.lost < .minutes(60))
        let exact = 12_000_000_000 * Int128(lost.lost.nanoseconds) / 3_600_000_000_000
        #expect(abs(Int128(step.cost) - exact) <= 10)
        #expect(notes.value("pods.succeeded") == 1)
    }

    @Test("a stateful pod is replaced by one of its name, once it is gone")
    func stateful() throws {
        var setup = Fixture.setup(machines: 2, horizon: .hours(3))
        guard case .deployment(let template) = Fixture.deployment("db", replicas: 1) else { return }
        var spec = StatefulSet.Spec()
        spec.replicas = 3
        spec.selector = template.spec.selector
        spec.template = template.spec.template
        setup.objects = [.statefulSet(StatefulSet(metadata: ObjectMeta(name: "db", namespace: "default"), spec: spec))]
        setup.faults = [crash(["box-1"])]
        let notes = run(setup)
        let replaced = notes.causes.filter { $0.kind == .podReplaced }
        #expect(!replaced.isEmpty)
        for row in replaced {
            let cause = notes.causes[Int(row.parent) - 1]
            #expect(cause.kind == .podGone && row.detail == notes.pods.first { $0.pod == row.pod }?.name)
            #expect(row.at > .start + .minutes(80))
        }
        #expect(notes.causes.count { $0.kind == .workloadWhole } == 1)
    }

    @Test("a workload that wants fewer pods meanwhile is whole with them")
    func scaledDown() throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(2))
        setup.objects = [Fixture.deployment("web", replicas: 4)]
        setup.pools[0].count = 2
        setup.faults = [crash(["box-1"], seconds: nil), crash(["box-2"], seconds: nil)]
        setup.faults[1].name = "second"
        setup.faults[1].timing = .at(.start + .minutes(90))
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.changes = [ScheduledChange(at: .start + .minutes(110), act: .scale(key, replicas: 0))]
        let notes = run(setup)
        let whole = notes.causes.filter { $0.kind == .workloadWhole }
        // The first machine's pods went to the second; nothing was left for those of the second but to be wanted no more.
        #expect(whole.map(\.fault) == [1, 2])
        #expect(whole.first.map { $0.at < .start + .minutes(70) } == true)
        #expect(whole.last?.at == .start + .minutes(110))
    }

    @Test("a reboot that nobody sees is told with what restarted, and ends")
    func reboot() throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(3))
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.parameters.cloudLaunch = .constant(5)
        setup.faults = [
            FaultSpec(
                name: "blink", kind: NodeReboot.self, timing: .at(.start + .hours(1)), duration: .lasting(.constant(10)))
        ]
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.changes = [ScheduledChange(at: .start + .hours(2), act: .scale(key, replicas: 3))]
        let notes = run(setup)
        let chain = CauseChain(of: notes)
        #expect(chain.all(.nodeNotReady).isEmpty && chain.all(.podDeleted).isEmpty)
        #expect(chain.all(.machineUp).first?.at == Instant.start + .hours(1) + .seconds(15))
        #expect(chain.all(.podUnready).count == 2 && chain.all(.podReady).count == 2)
        #expect(chain.all(.workloadWhole).count == 1)
        // What people do later has nothing to do with it.
        #expect(chain.steps.allSatisfy { $0.at < .start + .minutes(62) })
    }
}
