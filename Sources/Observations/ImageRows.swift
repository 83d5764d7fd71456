package import Chronology

/// A digest that a reference named when a machine asked: the first time in the run.
package struct ImageVersionRow: Hashable, Sendable {
    /// A small number that other rows refer to.
    package var version: Int32
    /// The full reference.
    package var image: String
    package var digest: String
    /// The compressed size.
    package var bytes: Int64
    package var firstAt: Instant

    package init(version: Int32, image: String, digest: String, bytes: Int64, firstAt: Instant) {
        self.version = version
        self.image = image
        self.digest = digest
        self.bytes = bytes
        self.firstAt = firstAt
    }
}

/// From when on a container ran a version of its image; restarts of the same version are not told again.
package struct ContainerImageRow: Hashable, Sendable {
    package var pod: Int32
    package var container: String
    package var version: Int32
    package var from: Instant

    package init(pod: Int32, container: String, version: Int32, from: Instant) {
        self.pod = pod
        self.container = container
        self.version = version
        self.from = from
    }
}
