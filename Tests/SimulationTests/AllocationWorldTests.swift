import Chronology
import Costs
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

@Suite("By what a run's costs are told apart")
struct AllocationWorldTests {
    private func run(_ change: (inout WorldSetup) -> Void) -> (notes: Notebook, digest: String) {
        var setup = Fixture.setup(machines: 2, horizon: .hours(30))
        change(&setup)
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.run()
        return (notes, world.digest.description)
    }

    @Test("pods have their labels over those of their namespace, without those of controllers")
    func labels() {
        let (notes, _) = run {
            let labels: StringMap = ["team": "red", "app": "no", "kubernetes.io/metadata.name": "default", "q": "a\"b"]
            $0.objects = [
                .namespace(Namespace(metadata: ObjectMeta(name: "default", labels: labels))),
                Fixture.deployment("web", replicas: 2),
            ]
        }
        #expect(Set(notes.pods.map(\.labels)) == [#"{"app":"web","q":"a\"b","team":"red"}"#])
    }

    @Test("a volume is for the workload whose pod took its claim last, a load balancer for its namespace")
    func claimants() {
        var wanted = PersistentVolumeClaimSpec()
        wanted.request = Quantity(100 << 30)
        wanted.accessModes = [.readWriteOnce]
        wanted.storageClassName = "fast"
        let claim = PersistentVolumeClaim(metadata: ObjectMeta(name: "data", namespace: "default"), spec: wanted)
        var storageClass = StorageClass(metadata: ObjectMeta(name: "fast"))
        storageClass.provisioner = "ebs.csi.aws.com"
        var service = Service(metadata: ObjectMeta(name: "web", namespace: "default"))
        service.type = "LoadBalancer"
        func user(_ name: String) -> KubernetesObject {
            guard case .deployment(var owner) = Fixture.deployment(name, replicas: 1) else { preconditionFailure() }
            var spec = owner.spec.template.spec
            spec.volumes = [Volume(name: "data", source: .persistentVolumeClaim(name: "data"))]
            owner.spec.template.spec = spec
            return .deployment(owner)
        }
        let (notes, _) = run {
            $0.storagePerGiBMonth = NanoDollars(80_000_000)
            $0.loadBalancerPerHour = NanoDollars(22_500_000)
            $0.objects = [
                .storageClass(storageClass), .persistentVolumeClaim(claim), .service(service), user("first"),
            ]
            $0.changes = [
                ScheduledChange(
                    at: .start + .hours(26), act: .delete(ObjectKey(.deployment, namespace: "default", name: "first"))),
                ScheduledChange(at: .start + .hours(27), act: .apply([user("second")])),
            ]
        }
        let names = notes.controllers.reduce(into: [Int32: String]()) { $0[$1.controller] = $1.name }
        let volumes = notes.allocations.filter { $0.account == "storage" }
        // One row for each day: whoever took the claim last by its end.
        #expect(volumes.map { names[$0.controller] } == ["first", "second"])
        #expect(volumes.allSatisfy { $0.namespace == "default" })
        let balancers = notes.allocations.filter { $0.account == "load-balancer" }
        #expect(balancers.count == 2 && balancers.allSatisfy { $0.namespace == "default" && $0.controller == -1 })
        let spent = notes.allocations.reduce(0) { $0 + $1.cpu + $1.memory + $1.gpu + $1.other }
        #expect(spent == notes.assets.reduce(0) { $0 + $1.amount })
    }

    @Test("how costs are divided, and what shares of a request are of, changes no event")
    func digest() {
        let plain = run { $0.objects = [Fixture.deployment("web", replicas: 2)] }
        let divided = run {
            $0.objects = [Fixture.deployment("web", replicas: 2)]
            $0.allocation.idle = .shareByNode
            $0.allocation.sharedNamespaces = ["default"]
            let place = ContainerPlace(namespace: "default", kind: "Deployment", owner: "web", container: "main")
            $0.usageBases = [place: UsageBasis(cpuMilli: 1_000, memoryBytes: 1)]
        }
        #expect(plain.digest == divided.digest)
    }
}
