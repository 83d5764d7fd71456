import KubernetesAPI

/// A layer of an image, named by its content.
package struct ImageLayer: Hashable, Sendable {
    /// The content address, or a name that stands for the content; equal names are one layer.
    package var digest: String
    /// The compressed size in bytes.
    package var bytes: Int64

    /// Creates a layer.
    package init(digest: String, bytes: Int64) {
        self.digest = digest
        self.bytes = bytes
    }

    /// The digest under which registries and machines know the layer.
    var contentAddress: String {
        Self.isAddress(digest) ? digest : ContentDigest.address(of: "layer \(digest)\n")
    }

    /// Whether `text` is a SHA-256 content address.
    package static func isAddress(_ text: String) -> Bool {
        text.hasPrefix("sha256:") && text.utf8.count == 71
            && text.utf8.dropFirst(7).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
