import ControlPlane
import KubernetesAPI
import Machines
import SchedulingFramework
import Simulation

/// What a machine leaves to pods when its DaemonSets have taken their part.
struct MachineShare {
    private let free: ResourceAmounts
    private let pods: Int64

    /// Works it out for a machine of `pool` under the DaemonSets among `objects`.
    init(_ pool: NodePool, daemons objects: [KubernetesObject]) {
        self.init(World.template(of: 0, in: pool), daemons: objects)
    }

    /// Works it out for a node under the DaemonSets among `objects`.
    init(_ node: Node, daemons objects: [KubernetesObject]) {
        var free = ResourceAmounts(node.status.allocatable)
        var pods = node.status.allocatable[.pods]?.value ?? 0
        for case .daemonSet(let set) in objects
        where DaemonSetPlacement(set.spec.template).verdict(node) == .runs {
            free.add(ResourceAmounts(PodRequests.total(of: set.spec.template.spec)), sign: -1)
            pods -= 1
        }
        self.free = free
        self.pods = pods
    }

    /// The amount of a resource, never less than nothing; of machines it is one.
    func amount(_ name: ResourceName) -> Int64 {
        switch name {
        case .pods: max(0, pods)
        case Demand.machine: 1
        case Demand.device: Int64(GpuRequest.deviceCount(of: free)) * Int64(NodeGpus.whole)
        default: max(0, free[name])
        }
    }

    /// Whether it is nowhere less than `other`, GPUs and the like included.
    func covers(_ other: MachineShare) -> Bool {
        let names = [.cpu, .memory, .ephemeralStorage, .pods] + other.free.scalars.map(\.name)
        return names.allSatisfy { amount($0) >= other.amount($0) }
    }
}
