/// What stands in those fields of a pod template that nothing here reads, as a number.
///
/// A change of a command or of an environment variable changes no placement, but is a new template all the same, and is
/// rolled out. What the API server fills in counts as not written, so that a manifest laid over the export that it was
/// made from changes nothing.
struct InertDigest {
    /// Zero when nothing stands there.
    private(set) var value: UInt64 = 0
    // Templates of one content are found under different paths.
    private let rootLength: Int

    /// Begins the digest of the template at `root`.
    init(of root: FieldPath) { rootLength = root.text.utf8.count }

    /// Takes in a field of the mapping at `path`; the order of fields plays no part.
    mutating func add(_ entry: ManifestTree.Entry, of path: FieldPath) {
        guard !Self.saysNothing(entry) else { return }
        var hash = TextHash(0)
        hash.add(String(decoding: path.text.utf8.dropFirst(rootLength), as: UTF8.self))
        hash.add(entry.key)
        hash.add(Self.text(of: entry.value))
        value &+= hash.value
    }

    private static func text(of tree: ManifestTree) -> String {
        switch tree.value {
        case .null: return "~"
        case .scalar(.string(let text)): return "\"\(text.utf8.count):\(text)"
        case .scalar(.integer(let text)), .scalar(.float(let text)): return text
        case .scalar(.bool(let truth)): return truth ? "true" : "false"
        case .sequence(let elements): return "[" + elements.map(text).joined(separator: ",") + "]"
        case .mapping(let entries):
            let parts = entries.filter { !saysNothing($0) }.sorted { $0.key < $1.key }.map {
                "\($0.key):\(text(of: $0.value))"
            }
            return "{" + parts.joined(separator: ",") + "}"
        }
    }

    /// Whether a field says what holds without it.
    private static func saysNothing(_ entry: ManifestTree.Entry) -> Bool {
        if entry.value.isBlank || entry.key == "serviceAccount" { return true }
        guard case .scalar(let value) = entry.value.value else { return false }
        return defaults.contains { $0.name == entry.key && $0.value == value }
    }

    /// What the API server fills in (pkg/apis/core/v1/defaults.go); `serviceAccount` is an older name for its neighbour.
    private static let defaults: [(name: String, value: ManifestTree.Scalar)] = [
        ("apiVersion", .string("v1")), ("defaultMode", .integer("420")), ("divisor", .string("0")),
        ("divisor", .integer("0")), ("dnsPolicy", .string("ClusterFirst")), ("enableServiceLinks", .bool(true)),
        ("expirationSeconds", .integer("3600")), ("path", .string("/")), ("procMount", .string("Default")),
        ("scheme", .string("HTTP")), ("terminationMessagePath", .string("/dev/termination-log")),
        ("terminationMessagePolicy", .string("File")),
    ]
}
