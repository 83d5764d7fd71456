/// A metric family as OpenMetrics has it: what is told before its samples.
package struct MetricFamily: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case gauge, counter
    }

    /// Without the `_total` of a counter's samples.
    package let name: String
    package let kind: Kind
    /// What the name ends with when it says a unit, else empty.
    package let unit: String
    /// One line.
    package let help: String

    init(_ name: String, _ kind: Kind = .gauge, unit: String = "", help: String) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
    }

    /// The name in front of a sample.
    package var sampleName: String {
        switch kind {
        case .gauge: name
        case .counter: name + "_total"
        }
    }
}
