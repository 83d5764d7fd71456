import KubernetesAPI

/// What is to be done so that a pod's claims have volumes on one node (`PodVolumes`).
struct VolumePlan: Sendable {
    /// A volume chosen for a claim.
    struct Match: Sendable {
        var volume: PersistentVolume
        var claim: PersistentVolumeClaim
        /// Whether the volume must change for the claim; some are reserved for theirs beforehand.
        var isNews = true
    }

    var volumes: [Match] = []
    /// Claims for which volumes are to be made.
    var claims: [PersistentVolumeClaim] = []
}

/// What `VolumeBinding` keeps of a pod: during a cycle the plan for each node, and then that for the chosen one.
final class VolumeChoice: CycleData {
    /// Given up once a node is chosen.
    var search: VolumeSearch?
    /// By node; looked up only.
    var plans: [String: VolumePlan] = [:]
    /// What was promised, and is asked of the API server next.
    var promised: VolumePlan?
    /// Whether somebody binds claims, so that the pod waits for it.
    var isAwaited = false
    /// Whether the API server was asked.
    var isWritten = false
    /// Whether it has answered.
    var isAnswered = false

    init(_ search: VolumeSearch?) { self.search = search }

    // As upstream, a dry run writes into the same plans: a node that fits is planned alike. Once a node is chosen there
    // are no more dry runs, and a copy is that of another scheduler.
    func copied() -> any CycleData {
        guard let promised else { return self }
        let copy = VolumeChoice(nil)
        copy.promised = promised
        copy.isAwaited = isAwaited
        copy.isWritten = isWritten
        copy.isAnswered = isAnswered
        return copy
    }
}
