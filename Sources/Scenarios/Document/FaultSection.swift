import Chronology
import Faults
import KubernetesAPI
import Simulation
import VirtualTime

/// Reads `faults`: what breaks, when, and for how long.
extension ScenarioReading {
    /// Returns a fault and those that strike together with it; nothing for a kind that has nothing to strike here.
    func faults(_ reader: FieldReader, index: Int) -> [FaultSpec]? {
        let kind = faultKind(reader)
        let name = reader.string("name")
        let timing = faultTiming(reader, scope: kind?.scope)
        var specs = fault(reader, kind: kind, name: name ?? "\(kind?.name ?? "")-\(index + 1)", timing: timing)
        let causeName = specs.first?.name ?? ""
        var number = 0
        specs += reader.objects("together") { other -> [FaultSpec]? in
            number += 1
            let kind = faultKind(other)
            let name = other.string("name")
            let timing = FaultTiming.when(.fault(causeName, .strikes, partsPerMillion: 1_000_000), delay: .zero)
            return fault(other, kind: kind, name: name ?? "\(causeName)+\(number)", timing: timing)
        }.flatMap { $0 }
        return specs
    }

    private func faultKind(_ reader: FieldReader) -> (any FaultKind.Type)? {
        let name = reader.requiredString("kind")
        if let kind = FaultRegistry.kind(named: name) { return kind }
        if name.isEmpty { return nil }
        let names = FaultRegistry.kinds.map { $0.name }
        reader.error(
            "kind", "there is no fault \"\(ManifestTree.shortened(name))\"",
            expected: "one of \(names.joined(separator: ", "))",
            nearest: NearestName.of(name, among: names))
        return nil
    }

    /// Reads what a fault has whenever it strikes.
    private func fault(
        _ reader: FieldReader, kind: (any FaultKind.Type)?, name: String, timing: FaultTiming?
    ) -> [FaultSpec] {
        let targets = reader.object("target") { faultTarget($0, scope: kind?.scope) }
        let duration = faultDuration(reader)
        let limit = reader.int64("limit", in: 1...1_000_000_000)
        let settings = faultSettings(reader, kind: kind)
        let cause = commonCause(reader, scope: kind?.scope)
        if let kind, kind.scope == .images, targets?.images.isEmpty ?? true {
            reader.error(
                "target", "it is not said which images", expected: "target: {image: <reference>} or repository")
        }
        guard let kind, let timing else { return [] }
        func place(_ field: String) -> (FieldPath, Position) {
            reader.value(field).map { (reader.path.field(field), $0.position) } ?? (reader.path, reader.position)
        }
        faultPlaces.append(FaultPlace(timing: place(reader.has("at") ? "at" : "every"), target: place("target")))
        // Names seed the random streams: an unnamed fault takes one that other faults do not change.
        return [
            FaultSpec(
                name: name, kind: kind, timing: timing, targets: targets ?? TargetSelector(), duration: duration,
                limit: limit.map { Int($0) }, settings: settings, commonCause: cause)
        ]
    }

    // MARK: - When

    private static let timingFields = "one of at, every, lifetime, trace, when, after"

    private func faultTiming(_ reader: FieldReader, scope: FaultScope?) -> FaultTiming? {
        if reader.has("trace") { return faultTrace(reader, scope: scope) }
        let at = reader.read("at") { instant($0, path: $1) }
        let every = period("every", "the time from one strike to the next must be above zero", reader)
        let lifetime = reader.read("lifetime") { self.lifetime($0, path: $1, scope: scope) }
        let waiting = waiting(reader)
        switch (reader.has("at"), reader.has("every"), reader.has("lifetime")) {
        case (false, false, false) where reader.has("when") || reader.has("after"): return waiting
        case _ where reader.has("when") || reader.has("after"):
            reader.error(
                reader.has("when") ? "when" : "after", "a fault waits for something or has a time, not both",
                expected: Self.timingFields)
            return nil
        case (true, false, false): return at.map { .at($0) }
        case (_, true, false):
            guard let every else { return nil }
            return .every(every, from: at ?? .start + every)
        case (false, false, true): return lifetime
        case (false, false, false):
            decoding.error(
                "it is not said when the fault strikes", path: reader.path, at: reader.position,
                expected: Self.timingFields)
            return nil
        case (_, _, true):
            reader.error(
                "lifetime", "a fault has a lifetime or a time, not both", expected: Self.timingFields)
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
                case .launches: "launches have"
                case .images: "images have"
                case .pods: "pods have"
                case .deployments: "Deployments have"
                case .nodes, .zones, .racks, .regions, nil: nil
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

    /// Remembers to look whether what a field names exists.
    func checkLater(
        _ subject: LaterCheck.Subject, _ field: String, _ reader: FieldReader, in namespaces: [String] = []
    ) {
        guard let tree = reader.value(field) else { return }
        func check(_ tree: ManifestTree, _ path: FieldPath) {
            guard let name = tree.string else { return }
            laterChecks.append(
                LaterCheck(
                    subject: subject, name: name, path: path, position: tree.position, namespaces: namespaces))
        }
        let path = reader.path.field(field)
        check(tree, path)
        for (index, element) in (tree.elements ?? []).enumerated() { check(element, path.index(index)) }
    }
}
