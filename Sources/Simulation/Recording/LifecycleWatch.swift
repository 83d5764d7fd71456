import KubernetesAPI

/// Looks at every change of a pod's status, while invariants are checked, for what may never happen.
struct LifecycleWatch {
    /// The first change of phase that is not allowed.
    private(set) var illegalPhase: String?
    /// The first restart count that fell.
    private(set) var fallenCount: String?

    /// Looks at one change.
    mutating func watch(_ old: Pod, _ new: Pod) {
        let before = old.status.phase
        let after = new.status.phase
        if illegalPhase == nil, before != after,
            !Self.isLegal(before, after, canBegin: !new.spec.initContainers.isEmpty)
        {
            illegalPhase = "\(new.key) went from \(before.rawValue) to \(after.rawValue)"
        }
        guard fallenCount == nil else { return }
        let counts = old.status.initContainerStatuses + old.status.containerStatuses
        for status in new.status.initContainerStatuses + new.status.containerStatuses {
            guard let known = counts.first(where: { $0.name == status.name }), status.restartCount < known.restartCount
            else { continue }
            fallenCount =
                "\(new.key): \(status.name) had \(known.restartCount) restarts and has \(status.restartCount)"
        }
    }

    /// A pod never leaves a terminal phase, and one that ran is pending again only in a new sandbox, after its machine
    /// started anew, while its init containers run once more (`canBegin`).
    static func isLegal(_ before: PodPhase, _ after: PodPhase, canBegin: Bool) -> Bool {
        switch before {
        case .pending, .unknown: true
        case .running: after != .pending || canBegin
        case .succeeded, .failed: before == after
        }
    }
}
