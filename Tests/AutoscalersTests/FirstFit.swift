import Autoscalers

extension TrialCluster {
    /// Returns the place of the first node on which a pod of `kind` fits, by asking one after the other: the slow twin of
    /// `firstRoom`.
    func firstFit(_ kind: PodKind) -> Int? { nodes.firstIndex { fits(kind, on: $0) } }
}
