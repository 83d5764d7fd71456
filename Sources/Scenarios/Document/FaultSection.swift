import Chronology
import Faults
import KubernetesAPI
import Simulation
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
        let delay = faultDelay(reader, kind: kind)
        guard let kind, let timing else { return nil }
        // Names seed the random streams: an unnamed fault takes one that other faults do not change.
        return FaultSpec(
            name: name ?? "\(kind.name)-\(index + 1)", kind: kind, timing: timing,
            targets: targets ?? TargetSelector(), duration: duration, limit: limit.map { Int($0) },
            delay: delay)
    }

    private func faultDelay(_ reader: FieldReader, kind: (any FaultKind.Type)?) -> Duration? {
        guard let delay = reader.read("delay", { duration($0, path: $1) }) else { return nil }
        if let kind, kind.defaultDelay == nil {
            let slow = FaultRegistry.kinds.filter { $0.defaultDelay != nil }.map { $0.name }
            reader.error("delay", "\(kind.name) slows nothing", expected: "kind: \(slow.joined(separator: " or "))")
        } else if delay <= .zero {
            reader.error("delay", "the delay must be above zero")
        }
        return delay
    }

    // MARK: - When

    private func faultTiming(_ reader: FieldReader, scope: FaultScope?) -> FaultTiming? {
        if reader.has("trace") { return faultTrace(reader, scope: scope) }
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
                expected: "one of at, every, lifetime, trace")
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
            let things: String? =
                switch scope {
                case .registries: "registries have"
                case .controllers: "controllers have"
                case .controlPlane: "the control plane has"
                case .nodes, .zones, nil: nil
                }
            if perTarget, let things {
                error("\(things) no lifetime of their own", path: path.field("perTarget"), at: own, expected: "false")
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
        let controllers = reader.oneOrMore("controller") + reader.oneOrMore("controllers")
        let labels = reader.optionalStringMap("labels")
        let all = reader.bool("all") ?? false
        let count = reader.int64("count", in: 1...1_000_000)
        let percentage = reader.read("percentage") { share($0, path: $1, whole: 100) }
        let chosen = (all ? ["all"] : []) + ["count", "percentage"].filter(reader.has)
        if chosen.count > 1 {
            reader.error(
                chosen[1], "how many are struck is said twice", expected: "at most one of all, count, percentage")
        }
        checkTargets(reader, scope: scope)
        for field in ["controller", "controllers"] where scope == .controllers && reader.has(field) {
            for name in controllers where !World.controllerNames.contains(name) {
                reader.error(
                    field, "there is no controller \"\(ManifestTree.shortened(name))\"",
                    expected: "the name of a controller, as kube-controller-manager has it",
                    nearest: NearestName.of(name, among: World.controllerNames))
            }
        }
        for field in ["zone", "zones"] { checkLater(.zone, field, reader) }
        for field in ["pool", "pools"] { checkLater(.pool, field, reader) }
        checkLater(.node, "nodes", reader)
        let choice: TargetSelector.Choice =
            if let count { .count(Int(count)) } else if let percentage { .percent(Int(percentage)) } else { .all }
        return TargetSelector(
            names: scope == .registries ? registries : scope == .controllers ? controllers : nodes,
            labels: labels.map { LabelSelector(matchLabels: $0) }, zones: zones, pools: pools, choice: choice)
    }

    /// Reports the fields of `target` that a fault of this scope does not read.
    private func checkTargets(_ reader: FieldReader, scope: FaultScope?) {
        let ofMachines = ["nodes", "zone", "zones", "pool", "pools", "labels", "count", "percentage"]
        let ofRegistries = ["registry", "registries"]
        let ofControllers = ["controller", "controllers"]
        let rule: (strikes: String, wrong: [String], expected: String)
        switch scope {
        case nil: return
        case .nodes, .zones: rule = ("machines", ofRegistries + ofControllers, "nodes, zone, pool or labels")
        case .registries:
            rule = ("registries", ofMachines + ofControllers, "registry: <host>, or nothing for all")
        case .controllers:
            rule = ("controllers", ofMachines + ofRegistries, "controller: <name>, or nothing for all")
        case .controlPlane:
            rule = ("the control plane as a whole", ofMachines + ofRegistries + ofControllers, "no target")
        }
        for field in rule.wrong where reader.has(field) {
            reader.error(field, "this fault strikes \(rule.strikes)", expected: rule.expected)
        }
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
