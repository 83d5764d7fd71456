import Chronology
import KubernetesAPI

/// Compares a replay with the items that were recorded, each in the sense that it names.
struct ItemComparison {
    private let golden: ControllerCase
    private let outcome: ControllerOutcome
    private let blanks: Bool
    private let isStarred: Bool

    init(_ golden: ControllerCase, _ outcome: ControllerOutcome) {
        self.golden = golden
        self.outcome = outcome
        blanks = golden.expected.contains {
            $0.id != "script" && $0.id != "pods-anonymous" && $0.value.canonical.contains("<pod*>")
        }
        isStarred = golden.expected.contains { $0.id == "timeline" && $0.value.canonical.contains("\"Node n* ") }
    }

    /// Returns what differs; empty when the item agrees.
    func differences(_ item: ControllerItem) -> [String] {
        if item.id == "timeline" { return timeline(item) }
        if item.id == "since-node-unknown" { return sinceUnknown(item) }
        if item.compare == "bounds" { return bounds(item) }
        if item.id.hasPrefix("final/") { return final(item) }
        guard var ours = list(item) else { return ["there is nothing of the kind"] }
        if item.isWithoutGone { ours.removeAll { $0.hasSuffix(" gone\"") || $0.hasSuffix(" gone") } }
        if item.compare == "final", !item.id.hasPrefix("final-") {
            let wanted = item.value.elements?.last ?? item.value
            let last = ours.last ?? "nothing"
            return last == text(wanted) ? [] : ["ours \(last)", "real \(text(wanted))"]
        }
        var best: [String]?
        for recorded in [item.value] + item.alternatives {
            let wanted = (recorded.elements ?? []).map { item.id == "final-pods" ? pod($0, item) : text($0) }
            let isOrdered = item.compare == "sequence"
            let found = Self.compare(ours, wanted, isOrdered: isOrdered, isPartial: item.isPartial)
            if found.isEmpty { return [] }
            if best == nil { best = found }
        }
        return best ?? []
    }

    // MARK: - Lists

    private func list(_ item: ControllerItem) -> [String]? {
        let trace = outcome.trace
        func lines(_ isWanted: (ControllerTrace.Group) -> Bool) -> [String] {
            trace.lines.filter { isWanted($0.group) }.map { blank($0.text) }
        }
        switch item.id {
        case "script": return trace.answers.map(\.canonical)
        case "replicasets": return trace.lines.filter(isReplicaSetLine).map { blank($0.text) }
        case "rollout":
            return trace.lines.filter { line in
                line.group == .readiness || isReplicaSetLine(line) && !line.text.contains(" revision ")
            }.map { blank($0.text) }
        case "objects": return lines { $0 == .object }
        case "pods": return lines { $0 == .pod || $0 == .readiness }
        case "pods-anonymous": return lines { $0 == .pod || $0 == .readiness }.map(LineForms.anonymous)
        case "ownership": return lines { $0 == .owner }
        case "nodes": return lines { $0 == .node }
        case "node-conditions": return lines { $0 == .nodeCondition }
        case "all":
            return trace.lines.filter { line in
                switch line.group {
                case .node, .nodeCondition, .jobCounts: false
                case .replicaSet: !line.text.contains(" revision ")
                case .object, .pod, .readiness, .owner, .condition, .jobStatus: true
                }
            }.map { blank($0.text) }
        case "pod-delete-order": return trace.deleteOrder.map(blank)
        case "pod-deletes":
            let wanted = (item.value.elements ?? []).map(text)
            return trace.podDeletes.map { deletion($0, among: wanted) }
        case "events":
            var distinct: [String] = []
            for text in trace.events.texts(trace.names).map(blank) where !distinct.contains(text) {
                distinct.append(text)
            }
            return distinct
        case "final-objects": return outcome.objects.map(\.title)
        case "final-pods": return outcome.pods.map { pod($0, item) }
        default:
            if let track = trace.tracks[item.id] { return track.map(blank) }
            return item.value.elements?.isEmpty ?? false ? [] : nil
        }
    }

    /// Returns a deletion with those of the node and the name that the record tells, which is where they were not chance.
    private func deletion(_ tree: ManifestTree, among wanted: [String]) -> String {
        func without(_ keys: [String]) -> String {
            let entries = (tree.entries ?? []).filter { !keys.contains($0.key) }
            return blank(ManifestTree.mapping(entries.map { ($0.key, $0.value) }).canonical)
        }
        let forms = [without([]), without(["node"]), without(["pod"]), without(["node", "pod"])]
        return forms.first { wanted.contains($0) } ?? forms[1]
    }

    private func isReplicaSetLine(_ line: ControllerTrace.Line) -> Bool {
        line.group == .replicaSet
            || line.group == .object && line.text.hasPrefix("ReplicaSet ") && line.text.contains(" created ")
    }

    private func text(_ tree: ManifestTree) -> String {
        if let text = tree.string { return text }
        guard let entries = tree.entries else { return tree.canonical }
        return ManifestTree.mapping(entries.map { ($0.key, $0.value.isNull ? nil : $0.value) }).canonical
    }

    private func pod(_ tree: ManifestTree, _ item: ControllerItem) -> String {
        var tree = FinalState.reduced(tree)
        if item.isWithoutNames {
            tree = .mapping((tree.entries ?? []).map { ($0.key, $0.key == "pod" ? nil : $0.value) })
        }
        return blank(tree.canonical)
    }

    private static func compare(
        _ ours: [String], _ recorded: [String], isOrdered: Bool, isPartial: Bool
    ) -> [String] {
        if isPartial || !isOrdered {
            var left = ours
            var missing: [String] = []
            for line in recorded {
                if let place = left.firstIndex(of: line) { left.remove(at: place) } else { missing.append(line) }
            }
            if isPartial { left = [] }
            return missing.map { "missing  \($0)" } + left.map { "too much \($0)" }
        }
        if ours == recorded { return [] }
        return Self.sideBySide(ours, recorded)
    }

    /// Shows two lists as a difference: what only we have, what only the record has, what both have.
    private static func sideBySide(_ ours: [String], _ recorded: [String]) -> [String] {
        var lines: [String] = []
        var left = 0
        var right = 0
        while left < ours.count || right < recorded.count {
            if left < ours.count, right < recorded.count, ours[left] == recorded[right] {
                lines.append("         \(ours[left])")
                left += 1
                right += 1
                continue
            }
            let next = right < recorded.count ? ours[left...].firstIndex(of: recorded[right]) : nil
            let other = left < ours.count ? recorded[right...].firstIndex(of: ours[left]) : nil
            if left < ours.count, other == nil || next != nil && (next ?? 0) - left <= (other ?? 0) - right {
                lines.append("ours     \(ours[left])")
                left += 1
            } else {
                lines.append("real     \(recorded[right])")
                right += 1
            }
        }
        return lines
    }

    // MARK: - Final states

    private func final(_ item: ControllerItem) -> [String] {
        let title = String(item.id.dropFirst("final/".count))
        guard let ours = outcome.objects.first(where: { $0.title == title })?.tree else { return ["it is gone"] }
        let wanted = FinalState.reduced(item.value)
        var found = FinalState.reduced(ours)
        if item.isPartial {
            let keys = (wanted.entries ?? []).map(\.key)
            found = .mapping((found.entries ?? []).filter { keys.contains($0.key) }.map { ($0.key, $0.value) })
        }
        let left = blank(found.canonical)
        let right = wanted.canonical
        if item.isPartial, Self.holds(found, wanted) { return [] }
        return left == right ? [] : ["ours \(left)", "real \(right)"]
    }

    private static func holds(_ ours: ManifestTree, _ wanted: ManifestTree) -> Bool {
        guard let entries = wanted.entries else { return ours == wanted }
        return entries.allSatisfy { entry in ours[entry.key].map { holds($0, entry.value) } ?? false }
    }

    // MARK: - Bounds

    private func bounds(_ item: ControllerItem) -> [String] {
        let trace = outcome.trace
        var differences: [String] = []
        for entry in item.value.entries ?? [] {
            let range = (entry.value.elements ?? []).compactMap(\.integer)
            guard range.count == 2 else { continue }
            let ours: Int64 =
                switch entry.key {
                case "count": Int64(outcome.pods.count)
                case "nodesTaintedNoExecute": trace.bounds.taintedNoExecute
                case "podsDeleted": Int64(trace.deleteOrder.count)
                default: trace.bounds.values[entry.key] ?? 0
                }
            if ours < range[0] || ours > range[1] {
                differences.append("\(entry.key): ours \(ours), real \(range[0])...\(range[1])")
            }
        }
        return differences
    }

    // MARK: - Times

    private func timeline(_ item: ControllerItem) -> [String] {
        let times = outcome.trace.stepTimes
        return compareTimes(item) { entry in
            let step = Int(entry["step"]?.integer ?? 0)
            return step < times.count ? times[step] : nil
        }
    }

    private func sinceUnknown(_ item: ControllerItem) -> [String] {
        let first = outcome.trace.lines.first { $0.group == .nodeCondition && $0.text.contains(" Ready=Unknown/") }
        return compareTimes(item) { _ in first?.time }
    }

    private func compareTimes(_ item: ControllerItem, origin: (ManifestTree) -> Instant?) -> [String] {
        let lines = outcome.trace.lines.map { line in
            (text: isStarred ? LineForms.starred(blank(line.text)) : blank(line.text), line: line)
        }
        let second = Duration.seconds(1)
        var differences: [String] = []
        for entry in item.value.elements ?? [] {
            let text = entry["line"]?.string ?? ""
            let occurrence = Int(entry["occurrence"]?.integer ?? 1)
            let step = entry["step"]?.integer.map(Int.init)
            let slack = second + (entry["phase"]?.seconds ?? .zero)
            guard let origin = origin(entry) else {
                differences.append("\(text): nothing to count from")
                continue
            }
            let least = (entry["min"]?.seconds ?? .zero) - slack
            let most = (entry["max"]?.seconds ?? .zero) + slack
            let all = lines.filter { $0.text == text && (step != nil || $0.line.time >= origin) }
            let same = step == nil ? all : all.filter { $0.line.step == step }
            let found = occurrence <= same.count ? same[occurrence - 1] : nil
            guard let found else {
                // A line at the edge of two steps counts for either.
                let isNear = all.contains { $0.line.time - origin >= least && $0.line.time - origin <= most }
                if !isNear { differences.append("step \(step ?? 0) \(text) #\(occurrence): did not happen") }
                continue
            }
            let ours = found.line.time - origin
            if ours < least || ours > most {
                differences.append(
                    "step \(step ?? 0) \(text) #\(occurrence): ours \(ours), real"
                        + " \(entry["min"]?.canonical ?? "")...\(entry["max"]?.canonical ?? "")")
            }
        }
        return differences
    }

    // MARK: - Names

    /// Returns `text` with the ordinals of interchangeable pods blanked, if the record has them blanked.
    private func blank(_ text: String) -> String {
        guard blanks else { return text }
        let isJob = golden.family == "job"
        return LineForms.replacingOrdinals(text) { prefix in
            isJob || prefix.hasSuffix(">") && prefix.contains("-<rs") || !prefix.hasSuffix(">") && isReplicaSet(prefix)
        }
    }

    private func isReplicaSet(_ prefix: Substring) -> Bool {
        ["rs", "second", "legacy"].contains { name in
            prefix.hasSuffix(name) && !(prefix.dropLast(name.count).last?.isLetter ?? false)
        }
    }
}
