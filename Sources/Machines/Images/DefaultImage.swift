/// What is assumed of an image that the catalogue does not know: five layers whose sizes follow from its name alone.
///
/// The compressed total is lognormal over repositories with the median 120 MiB. A base layer of 30 % is common to all
/// tags of a repository; the other layers are each tag's own.
enum DefaultImage {
    /// Returns the layers, the base first.
    static func layers(of reference: ImageReference) -> [ImageLayer] {
        var repository = StableHash(reference.repository)
        let total = 120 * 1_048_576 * sizePermille[Int(repository.next() >> 60)] / 1_000
        var layers = [
            ImageLayer(digest: StableHash.digest(reference.repository + " base"), bytes: total * baseShare / 100)
        ]
        for (number, share) in ownShares.enumerated() {
            layers.append(
                ImageLayer(digest: StableHash.digest("\(reference.name) \(number)"), bytes: total * share / 100))
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
