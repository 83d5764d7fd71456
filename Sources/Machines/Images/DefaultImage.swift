/// What is assumed of an image that the catalogue does not know: five layers whose sizes follow from its name alone.
///
/// The compressed total is lognormal over repositories with the median 120 MiB. A base layer of 30 % is common to all
/// tags of a repository; the other layers are each tag's own.
enum DefaultImage {
    /// Returns the layers, the base first; of another size than the assumed one when `bytes` is given.
    static func layers(of reference: ImageReference, bytes: Int64? = nil) -> [ImageLayer] {
        var repository = StableHash(reference.familiarRepository)
        let total = 120 * 1_048_576 * sizePermille[Int(repository.next() >> 60)] / 1_000
        var layers = [
            ImageLayer(digest: reference.familiarRepository + " base", bytes: total * baseShare / 100)
        ]
        for (number, share) in ownShares.enumerated() {
            layers.append(ImageLayer(digest: "\(reference.canonical) \(number)", bytes: total * share / 100))
        }
        return bytes.map { scaled(layers, to: max(0, $0)) } ?? layers
    }

    private static func scaled(_ layers: [ImageLayer], to bytes: Int64) -> [ImageLayer] {
        var layers = layers
        let total = layers.reduce(Int64(0)) { $0 + $1.bytes }
        var left = bytes
        for place in layers.indices {
            let isLast = place == layers.indices.last
            let share = Int128(layers[place].bytes) * Int128(bytes) / Int128(total)
            let part = isLast ? left : Int64(clamping: share)
            left -= part
            // Another size is another content.
            layers[place] = ImageLayer(digest: "\(layers[place].digest) \(part)", bytes: part)
        }
        return layers
    }

    private static let baseShare: Int64 = 30
    private static let ownShares: [Int64] = [40, 15, 10, 5]

    /// The middles of 16 equally likely parts of a lognormal distribution with median 1 and sigma 1.1, in thousandths.
    private static let sizePermille: [Int64] = [
        129, 235, 329, 426, 529, 643, 770, 918, 1_089, 1_298, 1_556, 1_891, 2_348, 3_037, 4_262, 7_763,
    ]
}
