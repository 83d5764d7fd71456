/// What a pod is doing, as people who wait for it see it.
package enum PodState: UInt8, Hashable, Sendable, CaseIterable {
    /// Created, bound to no node.
    case pending
    /// Bound; sandbox, images and init containers are being prepared.
    case starting
    /// Running, but not ready.
    case unready
    /// Running and ready.
    case ready
    /// Being deleted.
    case terminating
    /// Finished with success and not yet deleted.
    case succeeded
    /// Finished with failure and not yet deleted.
    case failed

    /// The name in the database.
    package var name: String { "\(self)" }
}

/// What a node is doing.
package enum NodeState: UInt8, Hashable, Sendable, CaseIterable {
    case booting, ready, notReady, cordoned, gone
    /// Never given: its cloud had none, and who asked for it took that for an answer.
    case failed

    /// The name in the database.
    package var name: String { "\(self)" }
}
