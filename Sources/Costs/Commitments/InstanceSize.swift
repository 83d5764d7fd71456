// Counterpart: the normalisation factors of Amazon's Reserved Instances (docs.aws.amazon.com, "How Reserved Instance
// discounts are applied"). Deliberate difference: bare metal counts as a size of its own.

/// The family and the size in the name of a machine type.
package enum InstanceSize {
    /// Returns what comes before the dot at Amazon (`m5`), or before the first hyphen at Google (`n2`).
    package static func family(of type: String) -> String {
        let end = type.firstIndex(of: ".") ?? type.firstIndex(of: "-") ?? type.endIndex
        return String(type[..<end])
    }

    /// Returns the normalisation factor of a size in quarters (`large` is 16), or nil for a size without one.
    package static func quarters(of type: String) -> Int64? {
        guard let dot = type.firstIndex(of: ".") else { return nil }
        let size = type[type.index(after: dot)...]
        if let factor = named.first(where: { $0.size == size })?.quarters { return factor }
        guard size.hasSuffix("xlarge"), let count = Int64(size.dropLast(6)), (2...1_000).contains(count) else {
            return nil
        }
        return count * 32
    }

    /// Whether a reservation of one size in a region covers the other sizes of its family.
    package static func isFlexible(_ family: String) -> Bool { !inflexible.contains(family) }

    private static let named: [(size: Substring, quarters: Int64)] = [
        ("nano", 1), ("micro", 2), ("small", 4), ("medium", 8), ("large", 16), ("xlarge", 32),
    ]

    private static let inflexible = [
        "g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "gr6", "hpc7a", "inf1", "inf2", "p5",
    ]
}
