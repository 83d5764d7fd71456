import ControlPlane
import KubernetesAPI

/// The summaries of the pods of each controller, kept with every write of a pod.
struct PodSummaries: Sendable {
    private struct Entry: Equatable {
        var summary = PodSummary()
        // The labels of the first pod, and how many pods carry others.
        var labels: StringMap
        var others: Int64 = 0
    }

    // Never iterated.
    private var entries: [UID: Entry] = [:]

    mutating func insert(_ pod: Pod) {
        guard let owner = pod.metadata.controllerUID else { return }
        count(pod, sign: 1, in: &entries[owner, default: Entry(labels: pod.metadata.labels)])
    }

    mutating func remove(_ pod: Pod) {
        guard let owner = pod.metadata.controllerUID, var entry = entries[owner] else { return }
        count(pod, sign: -1, in: &entry)
        entries[owner] = entry.summary.total == 0 ? nil : entry
    }

    mutating func replace(_ old: Pod, with new: Pod) {
        let owner = old.metadata.controllerUID
        guard owner == new.metadata.controllerUID, old.metadata.labels == new.metadata.labels else {
            remove(old)
            insert(new)
            return
        }
        guard let owner, Self.state(old) != Self.state(new) else { return }
        entries[owner].map { entry in
            var entry = entry
            count(old, sign: -1, in: &entry)
            count(new, sign: 1, in: &entry)
            entries[owner] = entry
        }
    }

    /// Returns the summary of the pods that `owner` controls.
    subscript(owner: UID) -> PodSummary {
        guard let entry = entries[owner] else { return PodSummary() }
        var summary = entry.summary
        summary.labels = entry.others == 0 ? entry.labels : nil
        return summary
    }

    private func count(_ pod: Pod, sign: Int64, in entry: inout Entry) {
        entry.summary.total += sign
        if pod.metadata.labels != entry.labels { entry.others += sign }
        switch Self.state(pod) {
        case .ended: break
        case .terminating: entry.summary.terminating += sign
        case .active: entry.summary.active += sign
        case .ready:
            entry.summary.active += sign
            entry.summary.ready += sign
        }
    }

    private enum State { case ended, terminating, active, ready }

    private static func state(_ pod: Pod) -> State {
        if pod.status.phase.isTerminal { return .ended }
        if pod.isTerminating { return .terminating }
        return pod.isReady ? .ready : .active
    }

    /// Returns whether both say the same of every owner in `owners`.
    func isEqual(to other: PodSummaries) -> Bool {
        guard entries.count == other.entries.count else { return false }
        return entries.allSatisfy { owner, entry in
            guard let theirs = other.entries[owner] else { return false }
            // Which labels count as the first ones depends on history; what is told does not, as long as they agree.
            return entry.summary == theirs.summary && (entry.others == 0) == (theirs.others == 0)
        }
    }
}
