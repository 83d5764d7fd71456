import KubernetesAPI
import Machines

/// Reads `images`, and what `changes` say of them.
extension ScenarioReading {
    private static let contents = ["size", "layers", "platforms"]

    func image(_ reader: FieldReader) -> (name: String, statement: ImageStatement)? {
        let name = reader.requiredString("name")
        let missing: [(String, ImageStatement.Answer)] = [
            ("missing", .missing), ("missingRepository", .missingRepository),
        ].filter { reader.bool($0.0) ?? false }
        let content = content(reader)
        let digest = digest("digest", reader)
        let isPinned = reader.bool("pinned") ?? false
        let isCorrupt = reader.bool("corrupt") ?? false
        let found = Self.contents.filter(reader.has) + missing.map(\.0)
        guard found.count == 1 else {
            decoding.error(
                "found \(found.isEmpty ? "none of them" : found.joined(separator: " and "))", path: reader.path,
                at: reader.position,
                expected: "exactly one of size, layers, platforms, missing: true, missingRepository: true")
            return nil
        }
        guard !name.isEmpty, let answer = missing.first?.1 ?? content else { return nil }
        var statement = ImageStatement(answer, digest: digest)
        statement.isPinned = isPinned
        statement.isCorrupt = isCorrupt
        return (name, statement)
    }

    /// Reads what a tag is moved to: another reference, a digest of its repository, or new content.
    func movedTag(_ reader: FieldReader) -> (image: String, statement: ImageStatement)? {
        let image = tag(reader)
        let target = reader.string("to")
        let digest = digest("digest", reader)
        let content = content(reader)
        let found = (["to", "digest"] + Self.contents).filter(reader.has)
        guard found.count == 1 else {
            decoding.error(
                "found \(found.isEmpty ? "none of them" : found.joined(separator: " and "))", path: reader.path,
                at: reader.position, expected: "exactly one of to, digest, size, layers, platforms")
            return nil
        }
        guard let image else { return nil }
        if let target { return target.isEmpty ? nil : (image, ImageStatement(.reference(target))) }
        if let digest {
            return (image, ImageStatement(.reference("\(ImageReference(image).repository)@\(digest)")))
        }
        return content.map { (image, ImageStatement($0)) }
    }

    /// Reads what is pushed under a tag.
    func pushed(_ reader: FieldReader) -> (image: String, statement: ImageStatement)? {
        let image = tag(reader)
        let content = content(reader)
        let found = Self.contents.filter(reader.has)
        guard found.count == 1 else {
            decoding.error(
                "found \(found.isEmpty ? "none of them" : found.joined(separator: " and "))", path: reader.path,
                at: reader.position, expected: "exactly one of size, layers, platforms")
            return nil
        }
        guard let image, let content else { return nil }
        return (image, ImageStatement(content))
    }

    private func tag(_ reader: FieldReader) -> String? {
        let image = reader.requiredString("image")
        if image.isEmpty { return nil }
        guard ImageReference(image).digest == nil else {
            reader.error("image", "what a digest names never changes", expected: "a tag such as web:stable")
            return nil
        }
        return image
    }

    private func digest(_ name: String, _ reader: FieldReader) -> String? {
        guard let text = reader.string(name) else { return nil }
        if ImageLayer.isAddress(text) { return text }
        reader.error(
            name, "found the text \"\(ManifestTree.shortened(text))\"",
            expected: "sha256: and 64 hexadecimal digits in lower case")
        return nil
    }

    // MARK: - Content

    /// Returns what a reference names by its content; nil when that is absent or wrong.
    private func content(_ reader: FieldReader) -> ImageStatement.Answer? {
        let architecture = architecture(reader)
        if reader.has("platforms") {
            if reader.has("architecture") {
                reader.error("architecture", "each platform has its own", expected: "platforms[].architecture")
            }
            return platforms(reader)
        }
        return manifest(reader).map { .manifest(ImageStatement.Platform(architecture: architecture, content: $0)) }
    }

    private func platforms(_ reader: FieldReader) -> ImageStatement.Answer? {
        let platforms = reader.objects("platforms") { platform -> ImageStatement.Platform? in
            platform.require("architecture", expected: "amd64 or arm64")
            let architecture = architecture(platform)
            if ["size", "layers"].count(where: platform.has) != 1 {
                decoding.error(
                    "it is not said what the platform's image holds", path: platform.path, at: platform.position,
                    expected: "exactly one of size, layers")
            }
            guard let content = manifest(platform), let architecture else { return nil }
            return ImageStatement.Platform(architecture: architecture, content: content)
        }
        let names = platforms.compactMap(\.architecture)
        for (place, name) in names.enumerated() where names[..<place].contains(name) {
            reader.error("platforms", "the architecture \(name.rawValue) occurs twice")
        }
        return platforms.isEmpty ? nil : .index(platforms)
    }

    private func manifest(_ reader: FieldReader) -> ImageStatement.Content? {
        let size = bytes("size", reader)
        let layers = reader.objects("layers") { layer -> ImageLayer? in
            layer.require("size", expected: "a size such as 30Mi")
            let digest = layer.requiredString("digest")
            guard let bytes = bytes("size", layer) else { return nil }
            if let known = layerSizes[digest], known != bytes {
                layer.error("size", "the layer \"\(ManifestTree.shortened(digest))\" has \(known) bytes elsewhere")
            }
            layerSizes[digest] = bytes
            return ImageLayer(digest: digest, bytes: bytes)
        }
        if let size { return .size(size) }
        return layers.isEmpty ? nil : .layers(layers)
    }

    private func architecture(_ reader: FieldReader) -> MachineType.Architecture? {
        let choice: ImageArchitecture? = reader.choice("architecture")
        return choice.map { $0 == .amd64 ? .amd64 : .arm64 }
    }

    // The catalogue's own enum cannot be listed, so that a message could name its cases.
    private enum ImageArchitecture: String, CaseIterable {
        case amd64, arm64
    }

    private func bytes(_ name: String, _ reader: FieldReader) -> Int64? {
        guard let quantity = reader.bytes(name) else { return nil }
        if quantity > .zero { return quantity.value }
        reader.error(name, "the size must be above zero", expected: "a size such as 120Mi")
        return nil
    }
}
