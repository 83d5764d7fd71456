import Chronology
import KubernetesAPI

/// The images on one machine's disk; a layer that several of them share is there once.
struct NodeImageStore: Sendable {
    /// An image under one of its names.
    struct Held: Sendable {
        let reference: Int32
        var manifest: Int32
        var lastUsed: Instant
    }

    /// In the order of `reference`.
    private(set) var held: [Held] = []
    /// The number of held images with a layer; only looked up, never iterated.
    private var layerUsers: [Int32: Int32] = [:]
    /// Compressed bytes of all layers.
    private(set) var bytes: Int64 = 0

    private func place(of reference: Int32) -> Int {
        var low = 0
        var high = held.count
        while low < high {
            let middle = (low + high) / 2
            if held[middle].reference < reference { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func contains(_ reference: Int32) -> Bool {
        let place = place(of: reference)
        return place < held.count && held[place].reference == reference
    }

    /// Notes that a container runs from the image.
    mutating func use(_ reference: Int32, at now: Instant) {
        let place = place(of: reference)
        if place < held.count, held[place].reference == reference { held[place].lastUsed = now }
    }

    func contains(layer: Int32) -> Bool { layerUsers[layer] != nil }

    /// Returns the compressed bytes of a manifest's layers that are not here.
    func missingBytes(_ manifest: ImageCatalogue.Manifest, in catalogue: ImageCatalogue) -> Int64 {
        var sum: Int64 = 0
        for layer in manifest.layers where layerUsers[layer] == nil { sum += catalogue.layerBytes[Int(layer)] }
        return sum
    }

    /// Adds an image, or moves its name to another manifest. Returns whether anything changed.
    @discardableResult
    mutating func add(_ reference: Int32, manifest: Int32, at now: Instant, in catalogue: ImageCatalogue) -> Bool {
        let place = place(of: reference)
        if place < held.count, held[place].reference == reference {
            let old = held[place].manifest
            held[place].lastUsed = now
            if old == manifest { return false }
            // The new layers first, so that shared ones are not dropped in between.
            retain(manifest, in: catalogue)
            release(old, in: catalogue)
            held[place].manifest = manifest
        } else {
            retain(manifest, in: catalogue)
            held.insert(Held(reference: reference, manifest: manifest, lastUsed: now), at: place)
        }
        return true
    }

    mutating func remove(_ reference: Int32, in catalogue: ImageCatalogue) {
        let place = place(of: reference)
        guard place < held.count, held[place].reference == reference else { return }
        release(held[place].manifest, in: catalogue)
        held.remove(at: place)
    }

    private mutating func retain(_ manifest: Int32, in catalogue: ImageCatalogue) {
        for layer in catalogue.manifests[Int(manifest)].layers {
            let users = layerUsers[layer] ?? 0
            if users == 0 { bytes += catalogue.layerBytes[Int(layer)] }
            layerUsers[layer] = users + 1
        }
    }

    private mutating func release(_ manifest: Int32, in catalogue: ImageCatalogue) {
        for layer in catalogue.manifests[Int(manifest)].layers {
            let users = (layerUsers[layer] ?? 1) - 1
            if users == 0 { bytes -= catalogue.layerBytes[Int(layer)] }
            layerUsers[layer] = users == 0 ? nil : users
        }
    }
}

// MARK: - What a node reports

extension NodeImageStore {
    /// Returns the `limit` largest images, each with its digest and all its names (`nodestatus.Images`).
    func list(limit: Int, in catalogue: ImageCatalogue) -> [NodeImage] {
        let sorted = held.sorted { ($0.manifest, $0.reference) < ($1.manifest, $1.reference) }
        var images: [NodeImage] = []
        var last: Int32 = -1
        for image in sorted {
            let manifest = catalogue.manifests[Int(image.manifest)]
            let reference = catalogue.entries[Int(image.reference)].reference
            if image.manifest != last {
                images.append(
                    NodeImage(names: ["\(reference.repository)@\(manifest.digest)"], sizeBytes: manifest.bytes))
                last = image.manifest
            }
            if reference.digest == nil { images[images.count - 1].names.append(reference.name) }
        }
        images.sort { left, right in
            left.sizeBytes != right.sizeBytes
                ? left.sizeBytes > right.sizeBytes : left.names.lexicographicallyPrecedes(right.names)
        }
        return images.count > limit ? Array(images[..<limit]) : images
    }
}
