/// The number from which all of a run's randomness follows.
package struct Seed: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// The number.
    package let value: UInt64

    /// Creates the seed `value`.
    package init(_ value: UInt64) {
        self.value = value
    }

    package init(integerLiteral value: UInt64) {
        self.init(value)
    }

    /// Returns the seed of the replication number `index`; it has nothing in common with those of the others.
    package func replication(_ index: UInt64) -> Seed {
        var digest = RunDigest()
        digest.absorb("replication")
        digest.absorb(value)
        digest.absorb(index)
        return Seed(digest.words.low)
    }
}

extension Seed: CustomStringConvertible {
    package var description: String { String(value) }
}
