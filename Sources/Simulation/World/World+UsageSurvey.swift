package import Chronology
import KubernetesAPI
import Machines
import VirtualTime
import Workloads

/// What one running container uses, as its kubelet would tell.
package struct ContainerUsage {
    /// The container's name under the workload at the top of its chain of owners.
    package let place: ContainerPlace
    /// The pod's number in the run.
    package let pod: Int32
    /// What it gets of the processor, in thousandths of a core; nil when nobody says what it needs.
    package let cpuMilli: Int64?
    /// What it holds of its machine's memory; nil when nobody says so.
    package let memoryBytes: Int64?
    /// What it asks for, in thousandths of a core; nil for nothing.
    package let requestMilli: Int64?
}

extension World {
    /// When the next event is due; nil when none is left.
    package var nextInstant: Instant? { queue.nextInstant }

    /// Tells what each running container uses at an instant that is not after the next event, in the order of machines.
    ///
    /// Containers of pods are left out of which nothing is known: they are taken to use what they ask for.
    package func surveyUsage(at instant: Instant, _ tell: (ContainerUsage) -> Void) {
        for machine in pressure.nodes {
            guard let machine else { continue }
            for load in machine.pods where load.isMeasured {
                let track = tracker[load.id]
                let profile = profiles[track.profile]
                let owner = controllers[profile.controller]
                for index in load.containers.indices where load.containers[index].isRunning {
                    let container = load.containers[index]
                    guard index >= profile.firstMain || profile.containers[index].isSidecar else { continue }
                    let usage = profile.behaviors[index].usage
                    let isCPUKnown = usage.cpu != nil || profile.serviceLoad != nil
                    let isMemoryKnown = usage.memory != nil || usage.memoryLeak != nil
                    tell(
                        ContainerUsage(
                            place: ContainerPlace(
                                namespace: owner.namespace, kind: owner.kind, owner: owner.name,
                                container: container.name),
                            pod: track.row,
                            cpuMilli: isCPUKnown ? container.cpuWanted * track.cpuSharePermille / 1_000 : nil,
                            memoryBytes: isMemoryKnown ? container.memory.value(at: instant) : nil,
                            requestMilli: profile.containers[index].requests[.cpu]?.milliValue))
                }
            }
        }
    }
}
