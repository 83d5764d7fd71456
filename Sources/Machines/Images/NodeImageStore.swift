import Chronology
import KubernetesAPI

// Counterpart: containerd's image and content stores, and the records of image_gc_manager.go (v1.36).

/// The images on one machine's disk; a layer that several of them share is there once.
struct NodeImageStore: Sendable {
    /// An image, which stays the same whatever its tags do.
    struct Held: Sendable {
        let manifest: Int32
        /// When the kubelet first saw it, which may be still to come.
        var firstDetected: Instant
        /// When the kubelet last saw it in use; nil for never.
        var lastUsed: Instant?
        var isPinned: Bool
        /// Under which digests of which repositories it is known; these names never leave it.
        var digests: [Digest]
        /// As the node's status lists it.
        var listed: NodeImage
    }

    /// A target by which an image came, and a reference of the repository.
    struct Digest: Sendable, Equatable {
        let reference: Int32
        let target: Int32
    }

    /// A reference that names an image here.
    struct Name: Sendable {
        let reference: Int32
        var target: Int32
        var manifest: Int32
        /// As a container's status shows it.
        var imageID: String
    }

    /// In the order of `manifest`.
    private(set) var held: [Held] = []
    /// In the order of `reference`.
    private(set) var names: [Name] = []
    /// The number of images, and of pulls under way, that have a layer; only looked up.
    private(set) var layerUsers: [Int32: Int32] = [:]
    /// Compressed bytes of all layers.
    private(set) var bytes: Int64 = 0

    func contains(layer: Int32) -> Bool { layerUsers[layer] != nil }

    func contains(manifest: Int32) -> Bool { place(ofManifest: manifest) != nil }

    /// Returns what a reference names here: by itself, or as a digest under which an image came.
    func name(of reference: Int32, in catalogue: ImageCatalogue) -> Name? {
        let place = place(of: reference)
        if place < names.count, names[place].reference == reference { return names[place] }
        let entry = catalogue.entries[Int(reference)]
        guard entry.reference.digest != nil, let target = entry.target else { return nil }
        for image in held {
            for digest in image.digests where digest.target == target {
                let repository = catalogue.entries[Int(digest.reference)].reference.repository
                guard repository == entry.reference.repository else { continue }
                return Name(
                    reference: reference, target: target, manifest: image.manifest,
                    imageID: catalogue.imageID(reference, target: target))
            }
        }
        return nil
    }

    /// Returns whether a reference names an image here.
    func has(_ reference: Int32, in catalogue: ImageCatalogue) -> Bool {
        let place = place(of: reference)
        if place < names.count, names[place].reference == reference { return true }
        return name(of: reference, in: catalogue) != nil
    }

    private func place(of reference: Int32) -> Int {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if names[middle].reference < reference { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func place(ofManifest manifest: Int32) -> Int? { held.firstIndex { $0.manifest == manifest } }

    /// Notes that a kubelet sees an image in use.
    mutating func use(manifest: Int32, at now: Instant) {
        guard let place = place(ofManifest: manifest) else { return }
        held[place].lastUsed = max(now, held[place].lastUsed ?? now)
    }

    /// Notes that a kubelet looks at all images, which it does not know yet if it has just started.
    mutating func detect(at now: Instant, isFirst: Bool = false) {
        for place in held.indices {
            held[place].firstDetected = isFirst ? now : min(now, held[place].firstDetected)
            if isFirst { held[place].lastUsed = nil }
        }
    }

    /// Adds an image that a kubelet sees at an instant under a name, or moves the name to it; the image that it named
    /// before stays under its digest.
    ///
    /// Returns whether anything changed.
    @discardableResult
    mutating func add(
        _ reference: Int32, target: Int32, manifest: Int32, isPinned: Bool = false, at now: Instant,
        in catalogue: ImageCatalogue
    ) -> Bool {
        let digest = Digest(reference: reference, target: target)
        let hasChanged = keep(manifest, as: digest, isPinned: isPinned, at: now, in: catalogue)
        let place = place(of: reference)
        guard place < names.count, names[place].reference == reference else {
            let name = Name(
                reference: reference, target: target, manifest: manifest,
                imageID: catalogue.imageID(reference, target: target))
            names.insert(name, at: place)
            relist(manifest, in: catalogue)
            return true
        }
        if names[place].target == target {
            if hasChanged { relist(manifest, in: catalogue) }
            return hasChanged
        }
        let before = names[place].manifest
        names[place].target = target
        names[place].manifest = manifest
        names[place].imageID = catalogue.imageID(reference, target: target)
        relist(before, in: catalogue)
        relist(manifest, in: catalogue)
        return true
    }

    /// Keeps an image under a digest; returns whether the image or the digest is new here.
    private mutating func keep(
        _ manifest: Int32, as digest: Digest, isPinned: Bool, at now: Instant, in catalogue: ImageCatalogue
    ) -> Bool {
        var hasChanged = false
        if let place = place(ofManifest: manifest) {
            if isPinned { held[place].isPinned = true }
        } else {
            for layer in catalogue.manifests[Int(manifest)].layers { retain(layer, in: catalogue) }
            let place = held.firstIndex { $0.manifest > manifest } ?? held.count
            held.insert(
                Held(
                    manifest: manifest, firstDetected: now, lastUsed: nil, isPinned: isPinned, digests: [],
                    listed: NodeImage(names: [], sizeBytes: catalogue.manifests[Int(manifest)].bytes)),
                at: place)
            hasChanged = true
        }
        if let image = place(ofManifest: manifest), !isKnown(digest, of: image, in: catalogue) {
            held[image].digests.append(digest)
            hasChanged = true
        }
        return hasChanged
    }

    private func isKnown(_ digest: Digest, of image: Int, in catalogue: ImageCatalogue) -> Bool {
        let repository = catalogue.entries[Int(digest.reference)].reference.repository
        return held[image].digests.contains {
            $0.target == digest.target && catalogue.entries[Int($0.reference)].reference.repository == repository
        }
    }

    /// Removes an image with all its names.
    mutating func remove(manifest: Int32, in catalogue: ImageCatalogue) {
        guard let place = place(ofManifest: manifest) else { return }
        for layer in catalogue.manifests[Int(manifest)].layers { release(layer, in: catalogue) }
        held.remove(at: place)
        names.removeAll { $0.manifest == manifest }
    }

    // MARK: - Layers

    /// Keeps a layer here, for an image or for a pull that will need it.
    mutating func retain(_ layer: Int32, in catalogue: ImageCatalogue) {
        let users = layerUsers[layer] ?? 0
        if users == 0 { bytes += catalogue.layerBytes[Int(layer)] }
        layerUsers[layer] = users + 1
    }

    /// Takes back one `retain`; a layer that nobody keeps is gone.
    mutating func release(_ layer: Int32, in catalogue: ImageCatalogue) {
        guard let users = layerUsers[layer] else { preconditionFailure("layer \(layer) is not here") }
        if users == 1 { bytes -= catalogue.layerBytes[Int(layer)] }
        layerUsers[layer] = users == 1 ? nil : users - 1
    }
}

// MARK: - What a node reports

extension NodeImageStore {
    /// The most names of one image in a node's status (`MaxNamesPerImageInNodeStatus`).
    private static let namesMax = 5

    /// Returns the `limit` largest images, each with its digests and then its tags (`nodestatus.Images`); all below 0.
    func list(limit: Int) -> [NodeImage] {
        var images = held.map(\.listed)
        images.sort { left, right in
            left.sizeBytes != right.sizeBytes
                ? left.sizeBytes > right.sizeBytes : left.names.lexicographicallyPrecedes(right.names)
        }
        return limit >= 0 && images.count > limit ? Array(images[..<limit]) : images
    }

    /// Brings what the node's status says of an image up to date, after its names have changed.
    private mutating func relist(_ manifest: Int32, in catalogue: ImageCatalogue) {
        guard let image = place(ofManifest: manifest) else { return }
        var texts: [String] = []
        texts.reserveCapacity(held[image].digests.count + 1)
        for digest in held[image].digests.prefix(Self.namesMax) {
            texts.append(catalogue.imageID(digest.reference, target: digest.target))
        }
        for place in names.indices where names[place].manifest == manifest && texts.count < Self.namesMax {
            let entry = Int(names[place].reference)
            if catalogue.entries[entry].reference.digest == nil {
                texts.append(catalogue.entries[entry].reference.canonical)
            }
        }
        held[image].listed.names = texts
    }

    /// Returns what is wrong with the sums, counted anew from the images and from what pulls hold; nil when nothing is.
    func problem(holding layers: [Int32], in catalogue: ImageCatalogue) -> String? {
        var users: [Int32: Int32] = [:]
        var sum: Int64 = 0
        for layer in held.flatMap({ catalogue.manifests[Int($0.manifest)].layers }) + layers {
            if users[layer] == nil { sum += catalogue.layerBytes[Int(layer)] }
            users[layer, default: 0] += 1
        }
        if sum != bytes { return "\(bytes) bytes are counted, the distinct layers have \(sum)" }
        return users == layerUsers ? nil : "a layer is counted for more or fewer images than have it"
    }
}
