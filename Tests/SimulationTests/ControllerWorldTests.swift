import Chronology
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

@Suite("Controllers in a run")
struct ControllerWorldTests {
    private func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    @Test("machines take pods, also those that boot and are marked until the node controller has looked at them", arguments: [true, false])
    func newNode(isRunning: Bool) {
        var setup = Fixture.setup()
        setup.pools[0].isRunningAtStart = isRunning
        setup.objects = [Fixture.deployment("web", replicas: 3)]
        let notes = run(setup)
        #expect(notes.value("pods.running") == 3)
    }

    private static func replicaSet(_ replicas: Int64) -> KubernetesObject {
        var spec = ReplicaSet.Spec()
        spec.replicas = replicas
        spec.selector = LabelSelector(matchLabels: ["app": "web"])
        spec.template = PodTemplateSpec(
            labels: ["app": "web"], spec: PodSpec(containers: [Container(name: "main", image: "shop/web:1")]))
        return .replicaSet(ReplicaSet(metadata: ObjectMeta(name: "web", namespace: "default"), spec: spec))
    }

    @Test("pods are made side by side in groups of one, two, four and so on")
    func slowStart() {
        var setup = Fixture.setup()
        setup.parameters.apiWrite = .constant(0.1)
        setup.objects = [Self.replicaSet(20)]
        let times = run(setup).pods.map(\.createdAt)
        let groups = Set(times).sorted().map { time in times.count { $0 == time } }
        #expect(groups == [1, 2, 4, 8, 5])
    }

    @Test("a service has its endpoints, and pods without one cost nobody anything")
    func endpoints() {
        var setup = Fixture.setup()
        setup.objects = [Fixture.deployment("web", replicas: 3)]
        let without = run(setup)
        var service = Service(metadata: ObjectMeta(name: "web", namespace: "other"))
        service.selector = ["app": "nobody"]
        setup.objects.append(.service(service))
        let with = run(setup)
        #expect(without.value("pods.running") == 3 && with.value("pods.running") == 3)
        // The empty object and the empty slice of the service, and nothing for the pods.
        #expect((with.footer?.events ?? 0) - (without.footer?.events ?? 0) < 12)
    }
}
