package import Chronology
import KubernetesAPI

// Counterpart: evictPod, TerminatePodAbnormallyAndWait and DeleteUnusedImages of the kubelet (v1.36).
// Deliberate differences: dead containers hold nothing of the disk here, so that there is nothing to collect of them.

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
        switch pods[pod].stage {
        case .free, .finished: return false
        case .stopping:
            // It is on its way already; the kubelet only has less patience now.
            shorten(pod, killAt: now + grace, at: now, into: &effects)
            return true
        case .sandbox, .active: break
        }
        pods[pod].failure = ("Evicted", message)
        if isForTheNode {
            pods[pod].status.conditions.set(
                Condition(
                    Condition.disruptionTarget, .true, reason: "TerminationByKubelet", message: message, at: now))
        }
        stop(pod, grace: grace, at: now, into: &effects)
        return true
    }

    /// Removes every image that no pod of a machine uses, unless it came or was used a moment ago; returns whether any was.
    @discardableResult
    package mutating func deleteUnusedImages(
        on node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]
    ) -> Bool {
        let index = Int(node.index)
        var inUse: Set<Int32> = []
        for pod in nodes[index].pods where pods[Int(pod)].stage != .finished {
            for container in pods[Int(pod)].containers { inUse.insert(container.image) }
        }
        let unused = nodes[index].images.held.filter {
            !inUse.contains($0.reference) && now - $0.lastUsed >= parameters.imageMinimumGCAge
        }
        for image in unused { nodes[index].images.remove(image.reference, in: catalogue) }
        if !unused.isEmpty { effects.append(.images(node)) }
        return !unused.isEmpty
    }

    /// Returns the bytes that images hold of a machine's disk.
    package func imageBytes(on node: NodeSlot) -> Int64 {
        nodes[Int(node.index)].images.bytes / 100 * parameters.diskPercent
    }
}
