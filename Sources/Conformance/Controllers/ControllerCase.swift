import Chronology
import KubernetesAPI
import Scenarios

/// One recorded run of the real kube-controller-manager: a cluster, a script, and what was seen.
struct ControllerCase {
    var name: String
    var family: String
    /// Whether the cluster had no nodes besides those of the case.
    var isExclusive: Bool
    var nodes: [ManifestTree]
    var objects: [ManifestTree]
    /// The time between two objects.
    var objectGap: Duration
    /// The time between two spaced actions of the kubelet.
    var kubeletGap: Duration
    var rules: [KubeletRule]
    var steps: [ScriptStep]
    var horizon: Duration?
    /// The second of a minute at which the case starts.
    var startAtSecond: Int64?
    var expected: [ControllerItem]
    var problems: [String]

    /// Reads a case from the bytes of its file.
    init(bytes: [UInt8], file: String) {
        let diagnostics = Diagnostics()
        let tree = JSONParser.parse(bytes, file: file, diagnostics: diagnostics).first
        let input = tree?["input"]
        name = input?["name"]?.string ?? file
        family = input?["family"]?.string ?? ""
        isExclusive = family == "node" && name.hasPrefix("down-all-nodes")
        nodes = (input?["nodes"]?.elements ?? []).map { $0.string.map { .mapping([("name", .text($0))]) } ?? $0 }
        objects = input?["objects"]?.elements ?? []
        objectGap = input?["objectGapSeconds"]?.seconds ?? .milliseconds(20)
        kubeletGap = input?["kubelet"]?["gapSeconds"]?.seconds ?? .milliseconds(300)
        rules = (input?["kubelet"]?["rules"]?.elements ?? []).map { KubeletRule($0) }
        steps = (input?["script"]?.elements ?? []).map { ScriptStep($0) }
        horizon = input?["horizonSeconds"]?.seconds
        startAtSecond = input?["startAtSecond"]?.integer
        expected = (tree?["expected"]?.elements ?? []).map { ControllerItem($0) }
        problems = diagnostics.all.filter { $0.severity == .error }.map(\.description)
        if tree == nil || expected.isEmpty { problems.append("\(file): nothing to replay") }
    }
}

/// One step of a case's script.
struct ScriptStep {
    /// nil waits until the cluster has settled.
    var after: Duration?
    var action: String
    var tree: ManifestTree

    init(_ tree: ManifestTree) {
        after = tree["after"]?.seconds
        action = tree["action"]?.string ?? ""
        self.tree = tree
    }

    func text(_ key: String) -> String { tree[key]?.string ?? "" }
}

/// One thing that was recorded, and in which sense it must be repeated.
struct ControllerItem {
    var id: String
    var compare: String
    var value: ManifestTree
    var alternatives: [ManifestTree]
    var isPartial: Bool
    var isWithoutGone: Bool
    var isWithoutNames: Bool

    init(_ tree: ManifestTree) {
        id = tree["id"]?.string ?? ""
        compare = tree["compare"]?.string ?? ""
        value = tree["value"] ?? .sequence([])
        alternatives = tree["alternatives"]?.elements ?? []
        isPartial = tree["partial"]?.truth ?? false
        isWithoutGone = tree["withoutGone"]?.truth ?? false
        isWithoutNames = tree["withoutNames"]?.truth ?? false
    }
}

extension ManifestTree {
    /// The truth value when this is one.
    var truth: Bool? { if case .scalar(.bool(let truth)) = value { truth } else { nil } }

    /// The number of seconds that this number stands for.
    var seconds: Duration? {
        switch value {
        case .scalar(.integer(let text)), .scalar(.float(let text)): Self.seconds(text)
        case .scalar(.string), .scalar(.bool), .mapping, .sequence, .null: nil
        }
    }

    private static func seconds(_ text: String) -> Duration? {
        let isNegative = text.hasPrefix("-")
        let parts = (isNegative ? text.dropFirst() : text[...]).split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = Int64(parts[0]) else { return nil }
        var fraction = parts.count > 1 ? String(parts[1].prefix(9)) : ""
        while fraction.count < 9 { fraction.append("0") }
        guard let rest = Int64(fraction) else { return nil }
        let length = Duration.seconds(whole) + Duration(nanoseconds: rest)
        return isNegative ? -length : length
    }

    /// Returns this mapping with `key` set; a null or any other value counts as an empty mapping.
    func setting(_ key: String, _ new: ManifestTree) -> ManifestTree {
        var entries = entries ?? []
        if let place = entries.firstIndex(where: { $0.key == key }) {
            entries[place].value = new
        } else {
            entries.append(Entry(key: key, keyPosition: Position(line: 0, column: 0), value: new))
        }
        return ManifestTree(.mapping(entries))
    }

    /// Returns this mapping with the value at `path` replaced by what `change` makes of it, if it is there.
    func changing(_ path: [String], _ change: (ManifestTree) -> ManifestTree) -> ManifestTree {
        guard let first = path.first else { return change(self) }
        guard let child = self[first] else { return self }
        return setting(first, child.changing(Array(path.dropFirst()), change))
    }

    /// The value on one line, mappings in key order: equal values have equal texts.
    var canonical: String {
        switch value {
        case .null: "null"
        case .scalar(.string(let text)): "\"\(text)\""
        case .scalar(.integer(let text)), .scalar(.float(let text)): text
        case .scalar(.bool(let truth)): truth ? "true" : "false"
        case .sequence(let elements): "[" + elements.map(\.canonical).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{"
                + entries.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value.canonical)" }
                .joined(separator: ", ") + "}"
        }
    }
}
