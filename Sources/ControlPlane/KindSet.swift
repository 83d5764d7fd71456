package import KubernetesAPI

/// A set of kinds that is quick to ask.
package struct KindSet: Hashable, Sendable {
    private var bits: UInt64 = 0

    /// Creates an empty set.
    package init() {}

    /// Returns whether `kind` is in the set.
    package func contains(_ kind: ObjectKind) -> Bool { bits & 1 << UInt64(kind.rawValue) != 0 }

    /// Puts `kind` into the set.
    package mutating func insert(_ kind: ObjectKind) { bits |= 1 << UInt64(kind.rawValue) }

    /// Takes `kind` out of the set.
    package mutating func remove(_ kind: ObjectKind) { bits &= ~(1 << UInt64(kind.rawValue)) }
}
