/// How many recorded decisions are repeated, family by family.
package struct ConformanceReport: Sendable {
    package struct Family: Sendable {
        package var name: String
        package var agreeing = 0
        package var decisions = 0
    }

    /// A decision that differs.
    package struct Mismatch: Sendable {
        /// family/case
        package var place: String
        package var pod: String
        package var differences: [String]
    }

    /// In name order.
    package var families: [Family] = []
    package var mismatches: [Mismatch] = []
    /// Files that could not be read, or not wholly.
    package var problems: [String] = []
    /// What is counted, in the plural.
    private let unit: String

    package init(unit: String = "decisions") { self.unit = unit }

    package var agreeing: Int { families.reduce(0) { $0 + $1.agreeing } }
    package var decisions: Int { families.reduce(0) { $0 + $1.decisions } }

    /// Returns the report as lines; with `verbose`, up to so many mismatches per family first.
    package func lines(verbose: Int = 0) -> [String] {
        var lines = problems
        for family in families where verbose > 0 {
            for mismatch in mismatches.filter({ $0.place.hasPrefix(family.name + "/") }).prefix(verbose) {
                lines.append("\(mismatch.place) \(mismatch.pod)")
                lines += mismatch.differences.prefix(40).map { "    " + $0 }
            }
        }
        lines += families.map { "\($0.name): \($0.agreeing) of \($0.decisions) \(unit) agree" }
        lines.append("\(agreeing) of \(decisions) \(unit) agree")
        return lines
    }
}
