import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI

@testable import Autoscalers

extension Fixtures {
    /// A type of machine with so many CPUs and four times as many GiB.
    static func model(
        _ name: String, cpu: Int64, onDemand: Int64? = nil, spot: Int64? = nil, arch: String = "amd64",
        pods: Int64 = 110
    ) -> MachineModel {
        let list: ResourceList = [.cpu: Quantity(cpu), .memory: Quantity(cpu << 32), .pods: Quantity(pods)]
        let labels: StringMap = [
            "node.kubernetes.io/instance-type": name, "kubernetes.io/arch": arch, "kubernetes.io/os": "linux",
            "karpenter.k8s.aws/instance-cpu": String(cpu),
            "karpenter.k8s.aws/instance-family": String(name.prefix { $0 != "." }),
        ]
        return MachineModel(
            name: name, capacity: list, allocatable: list, labels: labels, onDemandPrice: onDemand, spotPrice: spot)
    }

    static func market(_ models: [MachineModel], zones: [String] = ["z1", "z2"]) -> MachineMarket {
        MachineMarket(models: models, zones: zones, regions: zones.map { _ in "r" })
    }

    static func pool(_ name: String = "p", _ body: (inout KarpenterNodePool) -> Void = { _ in }) -> KarpenterNodePool {
        var pool = KarpenterNodePool(name: name)
        body(&pool)
        return pool
    }

    static func object(_ pool: KarpenterNodePool) -> KubernetesObject {
        var object = UnmodelledObject(
            apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: ObjectMeta(name: pool.name))
        object.nodePool = pool
        return .other(object)
    }
}

extension FakeCloud {
    convenience init(_ models: [MachineModel], zones: [String] = ["z1", "z2"], pools: [KarpenterNodePool]) {
        self.init()
        market = Fixtures.market(models, zones: zones)
        for pool in pools { view.add(Fixtures.object(pool)) }
    }

    /// The types of all machines, in the order of launch.
    var types: [String] {
        machines.compactMap { view.node($0.name)?.metadata.labels["node.kubernetes.io/instance-type"] }
    }

    /// The values of a label of all nodes bought, in the order of launch.
    func labels(_ key: String) -> [String] {
        machines.compactMap { view.node($0.name)?.metadata.labels[key] }
    }

    /// Adds pods that wait from now on.
    func wait(
        _ names: [String], milli: Int64 = 1000, labels: StringMap = ["app": "web"],
        body: (inout PodSpec) -> Void = { _ in }
    ) {
        for name in names {
            var pod = Fixtures.pod(name, milli: milli, labels: labels, body: body)
            pod.status.phase = .pending
            pod.status.conditions = [Condition("PodScheduled", .false, reason: "Unschedulable", at: view.now)]
            view.add(.pod(pod))
        }
    }

    func edit(_ pool: KarpenterNodePool) {
        view.change(Fixtures.object(pool).key, spec: true) { $0 = Fixtures.object(pool) }
    }
}
