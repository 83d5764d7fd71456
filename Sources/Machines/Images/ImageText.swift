import KubernetesAPI

// Counterpart: the OCI image specification 1.1: config, manifest and index as JSON, named by the SHA-256 of their bytes.
// Deliberate differences: a config holds the platform and the layers and nothing else, so equal layers are one image.

/// The documents of which an image consists, in the one spelling that their digests are taken of.
enum ImageText {
    /// The content address of a document.
    static func digest(of text: String) -> String { ContentDigest.address(of: text) }

    /// The config of an image; its digest is the image's id.
    static func config(architecture: MachineType.Architecture?, layers: [ImageLayer]) -> String {
        let list = layers.map { "\"\($0.contentAddress)\"" }.joined(separator: ",")
        return "{\"architecture\":\"\(architecture?.rawValue ?? "any")\",\"os\":\"linux\","
            + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\(list)]}}"
    }

    /// The manifest that names a config and layers.
    static func manifest(config: String, layers: [ImageLayer]) -> String {
        let list = layers.map { layer in
            "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"\(layer.contentAddress)\","
                + "\"size\":\(layer.bytes)}"
        }
        return "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
            + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
            + "\"digest\":\"\(digest(of: config))\",\"size\":\(config.utf8.count)},"
            + "\"layers\":[\(list.joined(separator: ","))]}"
    }

    /// The index that names manifests by their platforms.
    static func index(_ manifests: [(digest: String, architecture: MachineType.Architecture?)]) -> String {
        let list = manifests.map { manifest in
            "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"\(manifest.digest)\","
                + "\"platform\":{\"architecture\":\"\(manifest.architecture?.rawValue ?? "any")\",\"os\":\"linux\"}}"
        }
        return "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
            + "\"manifests\":[\(list.joined(separator: ","))]}"
    }
}
