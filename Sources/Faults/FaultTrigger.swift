/// What must come true for a fault to strike that waits for something.
package enum FaultTrigger: Hashable, Sendable {
    /// The two ends of a strike.
    package enum Moment: String, Hashable, Sendable, CaseIterable {
        case strikes, heals
    }

    /// So many pods wait for a node, after fewer did.
    case pending(pods: Int)
    /// A rollout of a Deployment has replaced so many thousandths of its replicas.
    case rollout(namespace: String, name: String, permille: Int64)
    /// Another fault strikes or heals; of a million times this one follows so often.
    case fault(String, Moment, partsPerMillion: Int64)
}

/// Machines that a strike takes along: each machine of the same domain with a probability.
package struct CommonCause: Hashable, Sendable {
    package var domain: FailureDomain
    package var partsPerMillion: Int64

    /// Creates a common cause.
    package init(within domain: FailureDomain, partsPerMillion: Int64) {
        self.domain = domain
        self.partsPerMillion = partsPerMillion
    }
}
