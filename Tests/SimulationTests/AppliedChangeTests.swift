import Chronology
import KubernetesAPI
import Observations
import Testing

@testable import Simulation

@Suite("Objects that are applied")
struct AppliedChangeTests {
    private func run(_ objects: [KubernetesObject], then later: [KubernetesObject] = []) -> Notebook {
        var setup = Fixture.setup(machines: 2, horizon: .hours(1))
        setup.objects = objects
        if !later.isEmpty { setup.changes = [ScheduledChange(at: .start + .minutes(30), act: .apply(later))] }
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    @Test("may carry the version that they had in the cluster they come from")
    func exported() {
        var object = Fixture.deployment("web", replicas: 2)
        object.metadata.resourceVersion = 77
        let notes = run([object], then: [object])
        #expect(notes.value("pods.running") == 2)
        #expect(!notes.events.contains { $0.reason == "Refused" })
    }

    @Test("are refused with a word when they change what is fixed, and what stands stays")
    func refused() {
        var other = Fixture.deployment("web", replicas: 5)
        guard case .deployment(var workload) = other else { return }
        workload.spec.selector = LabelSelector(matchLabels: ["app": "other"])
        workload.spec.template.labels = ["app": "other"]
        other = .deployment(workload)
        let notes = run([Fixture.deployment("web", replicas: 2)], then: [other])
        #expect(notes.value("pods.running") == 2)
        let refusals = notes.events.filter { $0.reason == "Refused" }
        #expect(refusals.count == 1)
        #expect(refusals.first?.message.contains("spec.selector: Invalid value: field is immutable") ?? false)
    }

    @Test("leave the replicas as an autoscaler set them, where the manifest says nothing of them")
    func replicas() {
        var setup = Fixture.setup(machines: 2, horizon: .hours(1))
        setup.objects = [Fixture.deployment("web", replicas: 3), Fixture.deployment("api", replicas: 3)]
        let late = [Fixture.deployment("web", replicas: 1), Fixture.deployment("api", replicas: 1)]
        setup.changes = [ScheduledChange(at: .start + .minutes(30), act: .apply(late))]
        setup.changes[0].leavesReplicas = [late[0].key]
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.run()
        #expect(notes.value("pods.running") == 4)
    }

    @Test("may be a pod that runs, unchanged or with another label, but with no other amounts")
    func pods() {
        func pod(_ labels: StringMap, cpu: Int64 = 1) -> KubernetesObject {
            var container = Container(name: "c", image: "i")
            container.requests = [.cpu: Quantity(cpu)]
            return .pod(
                Pod(
                    metadata: ObjectMeta(name: "p", namespace: "default", labels: labels),
                    spec: PodSpec(containers: [container])))
        }
        for (later, refusals) in [(pod(["a": "b"]), 0), (pod(["a": "c"]), 0), (pod(["a": "b"], cpu: 2), 1)] {
            let notes = run([pod(["a": "b"])], then: [later])
            #expect(notes.value("pods.running") == 1)
            #expect(notes.events.count { $0.reason == "Refused" } == refusals)
        }
    }

    @Test("are told of when one is deleted that is not there")
    func absent() {
        var setup = Fixture.setup(machines: 2, horizon: .hours(1))
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        let keys = ["web", "api"].map { ObjectKey(.deployment, namespace: "default", name: $0) }
        setup.changes = keys.map { ScheduledChange(at: .start + .minutes(30), act: .delete($0)) }
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.run()
        #expect(notes.events.filter { $0.reason == "NotFound" }.map(\.object) == ["Deployment default/api"])
    }

    @Test(
        "replaces so many of the pods on the average, also where that is less than one at a time",
        arguments: [(50_000, 2, 60), (250_000, 100, 100), (1_000_000, 400, 400)] as [(Int64, Int, Int)])
    func replaced(share: Int64, least: Int, most: Int) {
        var setup = Fixture.setup(machines: 2, horizon: .minutes(1_005))
        setup.objects = [Fixture.deployment("web", replicas: 4)]
        setup.changes = [
            ScheduledChange(at: .start + .minutes(10), every: .minutes(10), act: .replacePods(partsPerMillion: share))
        ]
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.run()
        // A hundred times; of a twentieth of four pods, 20 are expected.
        let replaced = notes.pods.count - 4
        #expect(replaced >= least && replaced <= most, "\(replaced)")
    }
}
