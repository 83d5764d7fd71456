import Chronology
import KubernetesAPI
import Observations
import Scheduler
import SchedulingFramework
@testable import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("Gangs in the world")
struct GangWorldTests {
    /// A setup of `machines` machines with two gangs that each need three of them.
    private func setup(machines: Int, gangs: Bool) -> WorldSetup {
        var setup = Fixture.setup(machines: machines, horizon: .minutes(150))
        if gangs { setup.scheduler.profiles[0].plugins[.multiPoint] = PluginSet(enabled: [PluginSet.Entry(GangScheduling.name)]) }
        var rule = WorkloadRule()
        rule.runTime = .after(.constant(1_800))
        setup.workloads = WorkloadBook(rules: [rule])
        for name in ["x", "y"] {
            var group = UnmodelledObject(
                apiVersion: "scheduling.x-k8s.io/v1alpha1", kind: "PodGroup",
                metadata: ObjectMeta(name: name, namespace: "default"))
            group.podGroup = PodGroupPolicy()
            group.podGroup?.minCount = 3
            group.podGroup?.timeout = .seconds(60)
            setup.objects.append(.other(group))
            var container = Container(name: "main", image: "work:1")
            container.requests = [.cpu: Quantity(3), .memory: Quantity(1 << 30)]
            var job = Job(metadata: ObjectMeta(name: name, namespace: "default"), spec: Job.Spec())
            job.spec.parallelism = 3
            job.spec.completions = 3
            job.spec.template.labels = [Pod.podGroupLabel: name]
            job.spec.template.spec = PodSpec(containers: [container])
            job.spec.template.spec.restartPolicy = .never
            setup.objects.append(.job(job))
        }
        return setup
    }

    private func run(_ setup: WorldSetup) -> (world: World, notes: Notebook) {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        return (world, notes)
    }

    @Test("both gangs run, one after the other, and never a part of one", arguments: [3, 4, 5])
    func together(machines: Int) {
        let (world, notes) = run(setup(machines: machines, gangs: true))
        #expect(world.violation == nil)
        #expect(notes.value("pods.succeeded") == 6)
        // Of each gang, all pods were bound within a second.
        for name in ["x", "y"] {
            let rows = Set(notes.pods.filter { $0.name.hasPrefix(name + "-") }.map(\.pod))
            let bound = notes.attempts.filter { $0.outcome == "bound" && rows.contains($0.pod) }.map(\.last)
            let running = notes.podIntervals.filter { rows.contains($0.pod) && $0.state == .starting }.map(\.from)
            #expect(bound.count >= 3 && running.count == 3)
            if let first = running.min(), let last = running.max() { #expect(last - first < .seconds(1)) }
        }
    }

    @Test("a gang that never fits runs in no part")
    func never() {
        let (world, notes) = run(setup(machines: 2, gangs: true))
        #expect(world.violation == nil)
        #expect(notes.podIntervals.allSatisfy { $0.state == .pending })
        #expect(run(setup(machines: 2, gangs: false)).notes.value("pods.succeeded") > 0)
    }

    @Test("the invariant tells of a gang that runs in part")
    func invariant() {
        func problem(bound: Int, complete: Bool) -> String? {
            let report = GangReport(namespace: "a", name: "g", minCount: 3, wasComplete: complete, bound: [])
            return GangInvariant.problem(of: report, bound: bound)
        }
        #expect(problem(bound: 0, complete: false) == nil)
        #expect(problem(bound: 2, complete: true) == nil)
        #expect(problem(bound: 2, complete: false) == "2 pods of the gang a/g run, and it needs 3")
    }
}
