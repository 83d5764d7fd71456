/// All random streams of one seed, found by name.
///
/// A stream depends on its own name only: deriving more of them, or in another order, changes none.
package struct RandomStreams: Hashable, Sendable {
    /// The seed of all streams.
    package let seed: Seed

    /// Creates the streams of `seed`.
    package init(seed: Seed) {
        self.seed = seed
    }

    /// Returns the stream called `name` from its beginning, such as "kubelet.imagePull" for the machine `index`.
    package func stream(_ name: String, purpose: String = "", index: UInt64 = 0) -> RandomStream {
        RandomStream(seed: seed, name: name, purpose: purpose, index: index)
    }
}
