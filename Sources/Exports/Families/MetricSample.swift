import Chronology

/// One value of a family with the labels that are its own.
struct MetricSample {
    enum Value {
        case number(Double)
        /// Written as seconds since 1970.
        case time(Instant)
    }

    var labels: [(String, String)]
    var value: Value

    init(_ labels: [(String, String)] = [], _ value: Double = 1) {
        self.labels = labels
        self.value = .number(value)
    }

    init(at time: Instant) {
        labels = []
        value = .time(time)
    }

    /// One sample for each status that a condition may have, as kube-state-metrics has them.
    static func statuses(
        _ status: String, label: String, beside labels: [(String, String)] = []
    ) -> [MetricSample] {
        ["true", "false", "unknown"].map { MetricSample(labels + [(label, $0)], $0 == status.lowercased() ? 1 : 0) }
    }
}

/// Labels as they stand between the braces of a sample.
enum LabelText {
    /// Returns labels in this order; those without a value are left out, as Prometheus takes them for absent, and of two of
    /// one name the first stands.
    static func of(_ labels: [(String, String)]) -> String {
        var text = ""
        for (place, (name, value)) in labels.enumerated() where !value.isEmpty {
            guard !labels[..<place].contains(where: { $0.0 == name && !$0.1.isEmpty }) else { continue }
            if !text.isEmpty { text += "," }
            text += "\(name)=\"\(escaped(value))\""
        }
        return text
    }

    static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { [0x22, 0x5C, 0x0A].contains($0) }) else { return value }
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Returns a name that a label may have: what is no letter, digit or underscore becomes an underscore.
    static func name(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
