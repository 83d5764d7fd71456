package import KubernetesAPI
package import VirtualTime

/// A statement on what some containers really do: whom it is about, and the aspects that it decides.
package struct WorkloadRule: Hashable, Sendable {
    /// Whom a rule is about; what is nil matches all.
    package struct Match: Hashable, Sendable {
        /// The kind of the top-level owner, such as `Deployment`.
        package var kind: String?
        /// A glob.
        package var namespace: String?
        /// A glob for the name of the top-level owner.
        package var name: String?
        /// Met by the labels of the top-level owner or by those of the pod.
        package var labels: LabelSelector?
        /// A glob for the container's name.
        package var container: String?

        /// Creates a match; without arguments it matches everything.
        package init(
            kind: String? = nil, namespace: String? = nil, name: String? = nil, labels: LabelSelector? = nil,
            container: String? = nil
        ) {
            self.kind = kind
            self.namespace = namespace
            self.name = name
            self.labels = labels
            self.container = container
        }
    }

    package var match: Match
    package var runTime: Behavior.Length?
    package var outcome: Behavior.Outcome?
    package var startDelay: Distribution?
    package var readyAfter: Behavior.Length?
    package var termination: Behavior.Termination?
    package var usage = UsageCurve()
    package var hangsAfter: Behavior.Length?
    package var livenessFailsAfter: Behavior.Length?
    package var unready: Behavior.Unreadiness?
    package var postStartTime: Distribution?
    package var postStartFailure: Double?
    package var preStopTime: Distribution?
    package var checkpoint: CheckpointRule?

    /// Creates a rule that decides nothing yet.
    package init(_ match: Match = Match()) { self.match = match }
}

extension WorkloadRule.Match {
    /// Returns whether a container is meant.
    package func matches(_ subject: WorkloadSubject, container name: String) -> Bool {
        if let kind, kind != subject.ownerKind { return false }
        if let namespace, !Glob.matches(namespace, subject.namespace) { return false }
        if let pattern = self.name, !Glob.matches(pattern, subject.ownerName) { return false }
        if let container, !Glob.matches(container, name) { return false }
        if let labels { return labels.matches(subject.ownerLabels) || labels.matches(subject.podLabels) }
        return true
    }
}
