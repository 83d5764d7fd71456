/// All images that registries offer: reference → target → manifest of a platform → layers, each layer once.
///
/// A digest names the same content for ever; a tag is a pointer to a digest and can be moved. References are interned to
/// small numbers, in the order in which they were first named.
package struct ImageCatalogue: Sendable {
    /// One image as a machine keeps it.
    struct Manifest: Sendable {
        let digest: String
        /// The processor that it runs on; nil for all.
        let architecture: MachineType.Architecture?
        /// Numbers of distinct layers.
        let layers: [Int32]
        /// The compressed size in bytes.
        let bytes: Int64
    }

    /// What a reference resolves to: a manifest, or an index of several.
    struct Target: Sendable {
        let digest: String
        let isIndex: Bool
        let manifests: [Int32]
    }

    /// One name of an image.
    struct Entry: Sendable {
        let reference: ImageReference
        let registry: Int32
        let isLatest: Bool
        /// What a pull finds; nil when the registry has no such image.
        fileprivate(set) var target: Int32?
        /// How a container's status and the node call what it finds.
        fileprivate(set) var imageID = ""
        var isRepositoryMissing = false
        var isPinned = false
    }

    private(set) var entries: [Entry] = []
    private(set) var targets: [Target] = []
    private(set) var manifests: [Manifest] = []
    private(set) var layerBytes: [Int64] = []
    private(set) var layerDigests: [String] = []
    /// Whether what arrives of a layer is not what its digest says.
    private(set) var layerIsCorrupt: [Bool] = []
    /// The hosts of all references so far.
    private(set) var registries: [String] = []

    private var entryByText: [String: Int32] = [:]
    private var targetByDigest: [String: Int32] = [:]
    private var manifestByDigest: [String: Int32] = [:]
    private var layerByDigest: [String: Int32] = [:]
    // Numbers of the names that a registry is known not to have; only looked up.
    private var isMissing: Set<Int32> = []

    /// Creates a catalogue without images; unknown ones get default layers that follow from their names.
    package init() {}

    /// Returns the number of the image that a pod calls `text`.
    mutating func intern(_ text: String) -> Int32 {
        if let known = entryByText[text] { return known }
        let entry = place(of: text)
        if entries[Int(entry)].target == nil, !isMissing.contains(entry) {
            let reference = entries[Int(entry)].reference
            let layers = DefaultImage.layers(of: reference)
            let found = target(
                .init(.manifest(.init(content: .layers(layers))), digest: reference.digest), of: reference)
            point(entry, at: found)
        }
        return entry
    }

    /// Returns the number of a name, which is new and points nowhere when nobody has used it.
    private mutating func place(of text: String) -> Int32 {
        if let known = entryByText[text] { return known }
        let reference = ImageReference(text)
        if let known = entryByText[reference.canonical] {
            entryByText[text] = known
            return known
        }
        let entry = Int32(entries.count)
        entries.append(
            Entry(
                reference: reference, registry: registry(named: reference.registry), isLatest: reference.isLatest,
                target: nil))
        entryByText[reference.canonical] = entry
        entryByText[text] = entry
        return entry
    }

    private mutating func point(_ entry: Int32, at target: Int32?) {
        entries[Int(entry)].target = target
        entries[Int(entry)].imageID = target.map { makeImageID(entry, target: $0) } ?? ""
    }

    private func makeImageID(_ entry: Int32, target: Int32) -> String {
        "\(entries[Int(entry)].reference.repository)@\(targets[Int(target)].digest)"
    }

    /// Returns the number of the registry called `name`.
    mutating func registry(named name: String) -> Int32 {
        if let known = registries.firstIndex(of: name) { return Int32(known) }
        registries.append(name)
        return Int32(registries.count - 1)
    }

    // MARK: - Content

    private mutating func target(_ statement: ImageStatement, of reference: ImageReference) -> Int32? {
        switch statement.answer {
        case .missing, .missingRepository: return nil
        case .reference(let other): return entries[Int(intern(other))].target
        case .manifest(let platform):
            if let digest = statement.digest, let known = targetByDigest[digest] { return known }
            let manifest = manifest(platform, of: reference, digest: statement.digest, isCorrupt: statement.isCorrupt)
            return target(manifests[Int(manifest)].digest, isIndex: false, manifests: [manifest])
        case .index(let platforms):
            if let digest = statement.digest, let known = targetByDigest[digest] { return known }
            var numbers: [Int32] = []
            for platform in platforms {
                numbers.append(manifest(platform, of: reference, digest: nil, isCorrupt: statement.isCorrupt))
            }
            let text = ImageText.index(
                numbers.map { (manifests[Int($0)].digest, manifests[Int($0)].architecture) })
            return target(
                statement.digest ?? ImageText.digest(of: text), isIndex: true, manifests: numbers)
        }
    }

    private mutating func target(_ digest: String, isIndex: Bool, manifests: [Int32]) -> Int32 {
        if let known = targetByDigest[digest] { return known }
        let target = Int32(targets.count)
        targets.append(Target(digest: digest, isIndex: isIndex, manifests: manifests))
        targetByDigest[digest] = target
        return target
    }

    private mutating func manifest(
        _ platform: ImageStatement.Platform, of reference: ImageReference, digest stated: String?, isCorrupt: Bool
    ) -> Int32 {
        let layers: [ImageLayer]
        switch platform.content {
        case .size(let bytes): layers = DefaultImage.layers(of: reference, bytes: bytes)
        case .layers(let own): layers = own
        }
        let config = ImageText.config(architecture: platform.architecture, layers: layers)
        let digest = stated ?? ImageText.digest(of: ImageText.manifest(config: config, layers: layers))
        if let known = manifestByDigest[digest] {
            mark(manifests[Int(known)].layers, isCorrupt: isCorrupt)
            return known
        }
        var numbers: [Int32] = []
        for layer in layers {
            let number = self.layer(layer)
            if !numbers.contains(number) { numbers.append(number) }
        }
        mark(numbers, isCorrupt: isCorrupt)
        let bytes = numbers.reduce(Int64(0)) { $0 + layerBytes[Int($1)] }
        let manifest = Int32(manifests.count)
        manifests.append(
            Manifest(digest: digest, architecture: platform.architecture, layers: numbers, bytes: bytes))
        manifestByDigest[digest] = manifest
        return manifest
    }

    private mutating func mark(_ layers: [Int32], isCorrupt: Bool) {
        for layer in layers { layerIsCorrupt[Int(layer)] = isCorrupt && layer == layers.last }
    }

    private mutating func layer(_ layer: ImageLayer) -> Int32 {
        let digest = layer.contentAddress
        if let known = layerByDigest[digest] { return known }
        let number = Int32(layerBytes.count)
        layerBytes.append(max(0, layer.bytes))
        layerDigests.append(digest)
        layerIsCorrupt.append(false)
        layerByDigest[digest] = number
        return number
    }
}

// MARK: - What is known

extension ImageCatalogue {
    /// States what `reference` names from now on: a tag is moved; a digest that is known keeps its content.
    package mutating func declare(_ reference: String, _ statement: ImageStatement) {
        let entry = place(of: reference)
        let parsed = entries[Int(entry)].reference
        var statement = statement
        if let digest = parsed.digest {
            statement.digest = digest
            // What has a digest never changes.
            if entries[Int(entry)].target != nil, statement.names { return }
        }
        let found = target(statement, of: parsed)
        point(entry, at: found)
        entries[Int(entry)].isPinned = statement.isPinned
        entries[Int(entry)].isRepositoryMissing = statement.answer == .missingRepository
        if statement.names { isMissing.remove(entry) } else { isMissing.insert(entry) }
    }

    /// States what `reference` names by its layers.
    package mutating func declare(_ reference: String, layers: [ImageLayer]) {
        declare(reference, ImageStatement(.manifest(.init(content: .layers(layers)))))
    }

    /// States the compressed size of an image whose layers are not known: it is split as an unknown image would be.
    package mutating func declare(_ reference: String, bytes: Int64) {
        declare(reference, ImageStatement(.manifest(.init(content: .size(bytes)))))
    }

    /// States that the registry has no such image: each pull fails, while machines that have it go on using it.
    package mutating func markMissing(_ reference: String) { declare(reference, ImageStatement(.missing)) }

    /// Returns the compressed size in bytes of what `reference` names, or nil when the registry does not have it.
    package mutating func bytes(of reference: String) -> Int64? {
        let entry = Int(intern(reference))
        return entries[entry].target.map { manifests[Int(targets[Int($0)].manifests[0])].bytes }
    }

    /// Returns the digest that `reference` names, or nil when the registry does not have it.
    package mutating func digest(of reference: String) -> String? {
        entries[Int(intern(reference))].target.map { targets[Int($0)].digest }
    }

    /// Returns whether somebody has said what has the digest `digest`.
    package func knows(digest: String) -> Bool { targetByDigest[digest] != nil }

    /// Returns whether nobody has named the image yet.
    package func isUnknown(_ text: String) -> Bool { entryByText[ImageReference(text).canonical] == nil }

    /// Returns the manifest of a target that a machine takes; nil when an index has none for its processor.
    func manifest(of target: Int32, for architecture: MachineType.Architecture) -> Int32? {
        let target = targets[Int(target)]
        guard target.isIndex else { return target.manifests.first }
        return target.manifests.first {
            manifests[Int($0)].architecture == nil || manifests[Int($0)].architecture == architecture
        }
    }

    /// Returns how a container's status and the node call a target: `repository@digest`.
    func imageID(_ entry: Int32, target: Int32) -> String {
        // Nearly always that of the present target, whose text is shared by all machines.
        if entries[Int(entry)].target == target { return entries[Int(entry)].imageID }
        return makeImageID(entry, target: target)
    }
}

extension ImageStatement {
    /// Whether the reference names anything.
    fileprivate var names: Bool {
        switch answer {
        case .manifest, .index, .reference: true
        case .missing, .missingRepository: false
        }
    }
}
