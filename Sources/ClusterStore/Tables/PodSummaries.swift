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
        Self.count(pod, sign: 1, in: &entries[owner, default: Entry(labels: pod.metadata.labels)])
    }

    mutating func remove(_ pod: Pod) {
        guard let owner = pod.metadata.controllerUID, let place = entries.index(forKey: owner) else { return }
        Self.count(pod, sign: -1, in: &entries.values[place])
        if entries.values[place].summary.total == 0 { entries.remove(at: place) }
    }

    /// Puts `new` in the place of `old`; most writes can change neither owners nor labels.
    mutating func replace(_ old: Pod, with new: Pod, mayChangeOwners: Bool) {
        if mayChangeOwners {
            let owner = old.metadata.controllerUID
            guard owner == new.metadata.controllerUID, old.metadata.labels == new.metadata.labels else {
                remove(old)
                insert(new)
                return
            }
        }
        let before = Self.state(old)
        let after = Self.state(new)
        guard before != after, let owner = new.metadata.controllerUID, let place = entries.index(forKey: owner)
        else { return }
        Self.count(before, sign: -1, in: &entries.values[place].summary)
        Self.count(after, sign: 1, in: &entries.values[place].summary)
    }

    /// Returns the summary of the pods that `owner` controls.
    subscript(owner: UID) -> PodSummary {
        guard let entry = entries[owner] else { return PodSummary() }
        var summary = entry.summary
        summary.labels = entry.others == 0 ? entry.labels : nil
        return summary
    }

    // Static, as a method would hold the entries a second time while one of them is changed, and so copy them all.
    private static func count(_ pod: Pod, sign: Int64, in entry: inout Entry) {
        entry.summary.total += sign
        if pod.metadata.labels != entry.labels { entry.others += sign }
        count(state(pod), sign: sign, in: &entry.summary)
    }

    private static func count(_ state: State, sign: Int64, in summary: inout PodSummary) {
        switch state {
        case .ended: break
        case .terminating: summary.terminating += sign
        case .active: summary.active += sign
        case .ready:
            summary.active += sign
            summary.ready += sign
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
            // Which labels count as the first ones depends on history. What is told does not as long as somebody carries
            // them; once nobody does, that the others agree among themselves is not noticed.
            return entry.summary == theirs.summary
                && ((entry.others == 0) == (theirs.others == 0) || entry.others == entry.summary.total)
        }
    }
}
