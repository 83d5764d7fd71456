import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

@Suite("Volumes in a run")
struct VolumeWorldTests {
    private func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    private static func storageClass(provisioner: String = "ebs.csi.aws.com") -> KubernetesObject {
        var found = StorageClass(metadata: ObjectMeta(name: "fast"))
        found.provisioner = provisioner
        found.waitForFirstConsumer = true
        return .storageClass(found)
    }

    /// A stateful set whose pods have a disk each, and tolerate a lost node for a minute.
    private static func database(_ replicas: Int64, storageClass: String? = "fast") -> KubernetesObject {
        var spec = StatefulSet.Spec()
        spec.replicas = replicas
        spec.serviceName = "db"
        spec.selector = LabelSelector(matchLabels: ["app": "db"])
        var container = Container(name: "db", image: "shop/db:1")
        container.requests = [.cpu: Quantity(milli: 500)]
        var pod = PodSpec(containers: [container])
        pod.tolerations = ["not-ready", "unreachable"].map {
            Toleration(
                key: "node.kubernetes.io/\($0)", operator: .exists, effect: .noExecute, tolerationSeconds: 60)
        }
        pod.volumes = [Volume(name: "data", source: .persistentVolumeClaim(name: "data"))]
        spec.template = PodTemplateSpec(labels: ["app": "db"], spec: pod)
        var claim = PersistentVolumeClaimSpec()
        claim.request = Quantity(10 << 30)
        claim.accessModes = [.readWriteOnce]
        claim.storageClassName = storageClass
        spec.volumeClaimTemplates = [PersistentVolumeClaim(metadata: ObjectMeta(name: "data"), spec: claim)]
        return .statefulSet(StatefulSet(metadata: ObjectMeta(name: "db", namespace: "default"), spec: spec))
    }

    /// The zones of the nodes that each pod name ran on, in order.
    private func zones(_ notes: Notebook) -> [String: [String]] {
        var zones: [String: [String]] = [:]
        for interval in notes.podIntervals where interval.node > 0 {
            guard let pod = notes.pods.first(where: { $0.pod == interval.pod }),
                let node = notes.nodes.first(where: { $0.node == interval.node })
            else { continue }
            zones[pod.name, default: []].append(node.zone)
        }
        return zones
    }

    @Test("a pod stays in the zone of its disk after its node is lost")
    func zones() {
        var setup = Fixture.setup(machines: 6)
        setup.objects = [Self.storageClass(), Self.database(6)]
        setup.faults = [
            FaultSpec(
                name: "lost", kind: NodeCrash.self, timing: .at(.start + .minutes(30)),
                targets: TargetSelector(names: ["box-1"]), duration: .lasting(.constant(1200)))
        ]
        // When the machine is back and its pods are gone, their successors must go elsewhere.
        setup.changes = [ScheduledChange(at: .start + .minutes(25), act: .cordon(node: "box-1"))]
        let notes = run(setup)
        #expect(notes.value("pods.running") == 6)
        let zones = zones(notes)
        #expect(zones.count == 6)
        #expect(zones.values.allSatisfy { Set($0).count == 1 })
        #expect(Set(zones.values.flatMap { $0 }) == ["z-a", "z-b"])
        #expect(notes.pods.count == 7)
        let last = notes.podIntervals.filter { $0.to == .start + .hours(2) }
        #expect(last.allSatisfy { $0.node != 1 })
        #expect(notes.events.contains { $0.reason == "ProvisioningSucceeded" })
    }

    @Test("a pod waits for its volume to be made and attached")
    func latency() {
        var setup = Fixture.setup()
        setup.objects = [Self.storageClass(), Self.database(1)]
        setup.parameters.volumesProvision = .constant(40)
        setup.parameters.volumesAttach = .constant(20)
        let slow = run(setup).value("pending.p50")
        setup.parameters.volumesAttach = .constant(0)
        setup.parameters.volumesProvision = .constant(0)
        let quick = run(setup).value("pending.p50")
        #expect(Duration(nanoseconds: slow - quick) >= .seconds(60))
        #expect(Duration(nanoseconds: slow - quick) < .seconds(61))
    }

    @Test(
        "without a provisioner that runs, or a class that there is, a pod waits for ever",
        arguments: [(nil, [], "fast"), (["other"], ["fast"], "fast"), (nil, ["fast"], "slow")]
            as [([String]?, [String], String)])
    func pending(_ provisioners: [String]?, _ classes: [String], _ name: String) {
        var setup = Fixture.setup()
        setup.provisioners = provisioners
        setup.objects = classes.map { _ in Self.storageClass() } + [Self.database(1, storageClass: name)]
        let notes = run(setup)
        #expect(notes.value("pods.pending") == 1)
    }

    @Test("a run without volumes has no events of volumes")
    func quiet() {
        var setup = Fixture.setup()
        setup.objects = [Fixture.deployment("web", replicas: 3)]
        let notes = run(setup)
        #expect(notes.value("pods.running") == 3)
        #expect(!notes.events.contains { $0.object.hasPrefix("Persistent") })
    }
}
