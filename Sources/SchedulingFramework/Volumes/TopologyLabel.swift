/// The labels that say in which zone and region something is, and how volumes name several zones.
enum TopologyLabel {
    static let zone = "topology.kubernetes.io/zone"
    static let region = "topology.kubernetes.io/region"
    static let betaZone = "failure-domain.beta.kubernetes.io/zone"
    static let betaRegion = "failure-domain.beta.kubernetes.io/region"
    /// In the order in which volumes are checked.
    static let all = [betaZone, betaRegion, zone, region]

    /// Returns the label that took the place of `key`.
    static func current(_ key: String) -> String {
        switch key {
        case betaZone: zone
        case betaRegion: region
        default: key
        }
    }

    /// Returns the pieces of a label's value, which two underscores keep apart.
    static func parts(_ value: String) -> [String] {
        var parts: [String] = []
        var part: [UInt8] = []
        let bytes = Array(value.utf8)
        var place = 0
        while place < bytes.count {
            if bytes[place] == 0x5F, place + 1 < bytes.count, bytes[place + 1] == 0x5F {
                parts.append(String(decoding: part, as: UTF8.self))
                part = []
                place += 2
            } else {
                part.append(bytes[place])
                place += 1
            }
        }
        return parts + [String(decoding: part, as: UTF8.self)]
    }

    /// Returns `text` without blanks around it.
    static func trimmed(_ text: String) -> String {
        let inner = text.drop { $0.isWhitespace }
        guard let last = inner.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(inner[...last])
    }
}
