import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: backend/queue/nominator.go (v1.36).

/// Who waits for room on which node, after an eviction.
struct Nominator {
    private var nodeByPod: [UID: String] = [:]
    /// In order of nomination.
    private var podsByNode: [String: [PodInfo]] = [:]

    var isEmpty: Bool { nodeByPod.isEmpty }

    /// The nodes that somebody is nominated to, in name order.
    var nodes: [String] { podsByNode.keys.sorted() }

    func pods(on node: String) -> [PodInfo] { podsByNode[node] ?? [] }

    /// Whether somebody that `pod` must yield to waits for room.
    func hasGuests(over pod: PodInfo) -> Bool {
        podsByNode.values.contains { $0.contains { $0.priority >= pod.priority && $0.uid != pod.uid } }
    }

    func node(of uid: UID) -> String? { nodeByPod.isEmpty ? nil : nodeByPod[uid] }

    mutating func set(_ pod: PodInfo, node: String) {
        remove(pod.uid)
        nodeByPod[pod.uid] = node
        podsByNode[node, default: []].append(pod)
    }

    mutating func remove(_ uid: UID) {
        guard !nodeByPod.isEmpty, let node = nodeByPod.removeValue(forKey: uid) else { return }
        podsByNode[node]?.removeAll { $0.uid == uid }
        if podsByNode[node]?.isEmpty ?? false { podsByNode[node] = nil }
    }
}
