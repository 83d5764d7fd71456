package import Chronology
import KubernetesAPI

// Counterpart: evictPod, TerminatePodAbnormallyAndWait and DeleteUnusedImages of the kubelet (v1.36).
// Deliberate differences: dead containers hold nothing of the disk here but their image, and only those of pods that are
// over are collected.

extension MachineFleet {
    /// Ends a pod on the kubelet's own account for want of a resource; returns false when it is not there to be ended.
    ///
    /// `isForTheNode` marks the pod as disrupted by its kubelet; a pod that broke a limit of its own is not.
    @discardableResult
    package mutating func evict(
        _ slot: PodSlot, message: String, grace: Duration, isForTheNode: Bool, at now: Instant,
        into effects: inout [MachineEffect]
    ) -> Bool {
        guard let pod = position(of: slot), nodes[Int(pods[pod].node)].isOn else { return false }
        guard pods[pod].stage != .free, pods[pod].stage != .finished else { return false }
        // One that is on its way already is only given less patience.
        let failure = PodRecord.Failure(
            reason: "Evicted", message: message, disruption: isForTheNode ? message : nil)
        fail(pod, failure, grace: grace, at: now, into: &effects)
        return true
    }

    /// Removes the containers of pods that are over, and then every image that no container was made from, unless it came
    /// a moment ago; returns the bytes of disk that were freed.
    @discardableResult
    package mutating func deleteUnusedImages(
        on node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]
    ) -> Int64 {
        for place in nodes[Int(node.index)].pods {
            let pod = Int(place)
            guard pods[pod].stage == .finished else { continue }
            imagesUnused(by: pod, at: now)
            for container in pods[pod].containers.indices { pods[pod].containers[container].manifest = -1 }
        }
        return reclaimImages(on: node, atLeast: .max, at: now, into: &effects)
    }
}
