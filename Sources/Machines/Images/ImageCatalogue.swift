/// All images that registries offer: reference → digest → layers, each layer once.
///
/// A digest names the same layers for ever; a tag points to a digest and can be moved. References are interned to small
/// numbers, in the order in which they were first named.
package struct ImageCatalogue: Sendable {
    /// What a digest names.
    struct Manifest: Sendable {
        let digest: String
        /// Numbers of distinct layers.
        let layers: [Int32]
        /// The compressed size in bytes.
        let bytes: Int64
    }

    /// One name of an image.
    struct Entry: Sendable {
        let reference: ImageReference
        let registry: Int32
        /// What a pull finds; nil when the registry has no such image.
        var manifest: Int32?
    }

    private(set) var entries: [Entry] = []
    private(set) var manifests: [Manifest] = []
    private(set) var layerBytes: [Int64] = []
    /// The hosts of all references so far.
    private(set) var registries: [String] = []

    private var entryByText: [String: Int32] = [:]
    private var manifestByDigest: [String: Int32] = [:]
    private var layerByDigest: [String: Int32] = [:]

    /// Creates a catalogue without images; unknown ones get default layers that follow from their names.
    package init() {}

    /// Returns the number of the image that a pod calls `text`.
    mutating func intern(_ text: String) -> Int32 {
        if let known = entryByText[text] { return known }
        let reference = ImageReference(text)
        if let known = entryByText[reference.name] {
            entryByText[text] = known
            return known
        }
        return add(reference, spelled: text, layers: DefaultImage.layers(of: reference))
    }

    private mutating func add(_ reference: ImageReference, spelled text: String, layers: [ImageLayer]) -> Int32 {
        let entry = Int32(entries.count)
        let manifest = self.manifest(reference, layers: layers)
        entries.append(
            Entry(reference: reference, registry: registry(named: reference.registry), manifest: manifest))
        entryByText[reference.name] = entry
        entryByText[text] = entry
        return entry
    }

    /// Returns the number of the registry called `name`.
    mutating func registry(named name: String) -> Int32 {
        if let known = registries.firstIndex(of: name) { return Int32(known) }
        registries.append(name)
        return Int32(registries.count - 1)
    }

    private mutating func manifest(_ reference: ImageReference, layers: [ImageLayer]) -> Int32 {
        let content = layers.map { "\($0.digest) \($0.bytes)" }.joined(separator: "\n")
        let digest = reference.digest ?? StableHash.digest(reference.repository + "\n" + content)
        if let known = manifestByDigest[digest] { return known }
        var numbers: [Int32] = []
        for layer in layers {
            let number = self.layer(layer)
            if !numbers.contains(number) { numbers.append(number) }
        }
        let bytes = numbers.reduce(Int64(0)) { $0 + layerBytes[Int($1)] }
        let manifest = Int32(manifests.count)
        manifests.append(Manifest(digest: digest, layers: numbers, bytes: bytes))
        manifestByDigest[digest] = manifest
        return manifest
    }

    private mutating func layer(_ layer: ImageLayer) -> Int32 {
        if let known = layerByDigest[layer.digest] { return known }
        let number = Int32(layerBytes.count)
        layerBytes.append(max(0, layer.bytes))
        layerByDigest[layer.digest] = number
        return number
    }
}

// MARK: - What is known

extension ImageCatalogue {
    /// States what `reference` names: new layers move a tag; a digest that is known keeps its layers.
    package mutating func declare(_ reference: String, layers: [ImageLayer]) {
        let parsed = ImageReference(reference)
        guard let known = entryByText[parsed.name] else {
            _ = add(parsed, spelled: reference, layers: layers)
            return
        }
        entries[Int(known)].manifest = manifest(parsed, layers: layers)
    }

    /// States the compressed size of an image whose layers are not known: it is split as an unknown image would be.
    package mutating func declare(_ reference: String, bytes: Int64) {
        let parsed = ImageReference(reference)
        var layers = DefaultImage.layers(of: parsed)
        let total = layers.reduce(Int64(0)) { $0 + $1.bytes }
        var left = max(0, bytes)
        for place in layers.indices {
            let isLast = place == layers.indices.last
            let share = Int128(layers[place].bytes) * Int128(max(0, bytes)) / Int128(total)
            let part = isLast ? left : Int64(clamping: share)
            left -= part
            // Another size is another content.
            layers[place] = ImageLayer(digest: StableHash.digest("\(layers[place].digest) \(part)"), bytes: part)
        }
        declare(reference, layers: layers)
    }

    /// States that the registry has no such image: each pull fails, while machines that have it go on using it.
    package mutating func markMissing(_ reference: String) {
        let entry = Int(intern(reference))
        entries[entry].manifest = nil
    }

    /// Returns the compressed size in bytes of what `reference` names, or nil when the registry does not have it.
    package mutating func bytes(of reference: String) -> Int64? {
        let entry = Int(intern(reference))
        return entries[entry].manifest.map { manifests[Int($0)].bytes }
    }
}

extension ImageCatalogue {
    /// Returns whether nobody has named the image yet.
    func isUnknown(_ text: String) -> Bool { entryByText[ImageReference(text).name] == nil }
}
