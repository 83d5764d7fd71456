import Chronology
import Faults
import KubernetesAPI
import VirtualTime

/// Reads `faults`: what breaks, when, and for how long.
extension ScenarioReading {
    func fault(_ reader: FieldReader, index: Int) -> FaultSpec? {
        let names = FaultRegistry.kinds.map { $0.name }
        let kindName = reader.requiredString("kind")
        let kind = FaultRegistry.kind(named: kindName)
        if kind == nil, !kindName.isEmpty {
            reader.error(
                "kind", "there is no fault \"\(ManifestTree.shortened(kindName))\"",
                expected: "one of \(names.joined(separator: ", "))",
                nearest: NearestName.of(kindName, among: names))
        }
        let name = reader.string("name")
        let timing = faultTiming(reader, scope: kind?.scope)
        let targets = reader.object("target") { faultTarget($0, scope: kind?.scope) }
        let duration = faultDuration(reader)
        let limit = reader.int64("limit", in: 1...1_000_000_000)
        guard let kind, let timing else { return nil }
        // Names seed the random streams: an unnamed fault takes one that other faults do not change.
        return FaultSpec(
            name: name ?? "\(kind.name)-\(index + 1)", kind: kind, timing: timing,
            targets: targets ?? TargetSelector(), duration: duration, limit: limit.map { Int($0) })
    }

    // MARK: - When

    private func faultTiming(_ reader: FieldReader, scope: FaultScope?) -> FaultTiming? {
        let at = reader.read("at") { instant($0, path: $1) }
        let every = reader.read("every") { duration($0, path: $1) }
        let lifetime = reader.read("lifetime") { self.lifetime($0, path: $1, scope: scope) }
        switch (reader.has("at"), reader.has("every"), reader.has("lifetime")) {
        case (true, false, false): return at.map { .at($0) }
        case (_, true, false):
            guard let every else { return nil }
            guard every > .zero else {
                reader.error("every", "the time from one strike to the next must be above zero")
                return nil
            }
            return .every(every, from: at ?? .start + every)
        case (false, false, true): return lifetime
        case (false, false, false):
            decoding.error(
                "it is not said when the fault strikes", path: reader.path, at: reader.position,
                expected: "one of at, every, lifetime")
            return nil
        case (_, _, true):
            reader.error(
                "lifetime", "a fault has a lifetime or a time, not both", expected: "one of at, every, lifetime")
            return nil
        }
    }

    private func lifetime(_ tree: ManifestTree, path: FieldPath, scope: FaultScope?) -> FaultTiming? {
        var perTarget = scope == .nodes
        if let own = tree["perTarget"] {
            if case .scalar(.bool(let truth)) = own.value {
                perTarget = truth
            } else {
                wrong(own, path: path.field("perTarget"), expected: "true or false")
            }
            if perTarget, scope == .registries {
                error(
                    "registries have no lifetime of their own", path: path.field("perTarget"), at: own,
                    expected: "false")
            }
        }
        return distribution(tree, path: path, beside: ["perTarget"]).map { .lifetime($0, perTarget: perTarget) }
    }

    private func faultDuration(_ reader: FieldReader) -> FaultDuration? {
        let isPermanent = reader.bool("permanent") ?? false
        let duration = reader.read("duration") { tree, path -> FaultDuration? in
            tree.string == "permanent" ? .permanent : distribution(tree, path: path).map { .lasting($0) }
        }
        if isPermanent, reader.has("duration") {
            reader.error("permanent", "a permanent fault has no duration", expected: "one of duration, permanent")
        }
        return isPermanent ? .permanent : duration
    }

    // MARK: - Whom

    private func faultTarget(_ reader: FieldReader, scope: FaultScope?) -> TargetSelector {
        let nodes = reader.oneOrMore("nodes")
        let zones = reader.oneOrMore("zone") + reader.oneOrMore("zones")
        let pools = reader.oneOrMore("pool") + reader.oneOrMore("pools")
        let registries = reader.oneOrMore("registry") + reader.oneOrMore("registries")
        let labels = reader.optionalStringMap("labels")
        let all = reader.bool("all") ?? false
        let count = reader.int64("count", in: 1...1_000_000)
        let percentage = reader.read("percentage") { share($0, path: $1, whole: 100) }
        let chosen = (all ? ["all"] : []) + ["count", "percentage"].filter(reader.has)
        if chosen.count > 1 {
            reader.error(
                chosen[1], "how many are struck is said twice", expected: "at most one of all, count, percentage")
        }
        if scope == .registries {
            let ofMachines = ["nodes", "zone", "zones", "pool", "pools", "labels", "count", "percentage"]
            for field in ofMachines where reader.has(field) {
                reader.error(field, "this fault strikes registries", expected: "registry: <host>, or nothing for all")
            }
        } else if scope != nil {
            for field in ["registry", "registries"] where reader.has(field) {
                reader.error(field, "this fault strikes machines", expected: "nodes, zone, pool or labels")
            }
        }
        for field in ["zone", "zones"] { checkLater(.zone, field, reader) }
        for field in ["pool", "pools"] { checkLater(.pool, field, reader) }
        checkLater(.node, "nodes", reader)
        let choice: TargetSelector.Choice =
            if let count { .count(Int(count)) } else if let percentage { .percent(Int(percentage)) } else { .all }
        return TargetSelector(
            names: scope == .registries ? registries : nodes,
            labels: labels.map { LabelSelector(matchLabels: $0) }, zones: zones, pools: pools, choice: choice)
    }

    /// Remembers to look whether what a field names exists.
    func checkLater(_ subject: LaterCheck.Subject, _ field: String, _ reader: FieldReader) {
        guard let tree = reader.value(field) else { return }
        let path = reader.path.field(field)
        if let name = tree.string {
            laterChecks.append(LaterCheck(subject: subject, name: name, path: path, position: tree.position))
        }
        for (index, element) in (tree.elements ?? []).enumerated() {
            guard let name = element.string else { continue }
            laterChecks.append(
                LaterCheck(subject: subject, name: name, path: path.index(index), position: element.position))
        }
    }
}
