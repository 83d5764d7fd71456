/// A layer of an image, named by its content.
package struct ImageLayer: Hashable, Sendable {
    /// The content address; equal digests are one layer.
    package var digest: String
    /// The compressed size in bytes.
    package var bytes: Int64

    /// Creates a layer.
    package init(digest: String, bytes: Int64) {
        self.digest = digest
        self.bytes = bytes
    }
}
