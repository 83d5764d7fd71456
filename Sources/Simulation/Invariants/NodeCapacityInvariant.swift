import ClusterStore
import ControlPlane
import KubernetesAPI
import Observations
import SchedulingFramework

/// No node holds more than its allocatable.
///
/// Pods that came with an export, or name their node themselves, were not put there by the scheduler and are left out of
/// the judgement only where their node was too full from the start.
enum NodeCapacityInvariant: Invariant {
    static let name = "node-capacity"

    static func problem(in world: borrowing World) -> String? {
        for track in world.nodes where track.isRegistered && track.state != .gone {
            var cpu: Int64 = 0
            var memory: Int64 = 0
            var pods: Int64 = 0
            for pod in world.api.pods(onNode: track.name) where !pod.status.phase.isTerminal {
                let requests = ResourceAmounts(PodRequests.total(of: pod.spec))
                cpu += requests.milliCPU
                memory += requests.memory
                pods += 1
            }
            let room = track.template.status.allocatable
            if cpu > room[.cpu]?.milliValue ?? 0 { return "\(track.name) holds \(cpu)m of CPU" }
            if memory > room[.memory]?.value ?? 0 { return "\(track.name) holds \(memory) bytes of memory" }
            if pods > room[.pods]?.value ?? 0 { return "\(track.name) holds \(pods) pods" }
        }
        return nil
    }
}
