import Chronology
import Faults
import KubernetesAPI

/// Reads what a fault waits for.
extension ScenarioReading {
    /// A fault that is named by another one.
    struct FaultReference {
        var name: String
        var path: FieldPath
        var position: Position
    }

    /// Returns the timing that `when` or `after` stand for; nil when neither is there, or something is wrong.
    func waiting(_ reader: FieldReader) -> FaultTiming? {
        let condition = reader.object("when") { whenCondition($0) }.flatMap { $0 }
        let cascade = reader.object("after") { afterFault($0) }.flatMap { $0 }
        if reader.has("when"), reader.has("after") {
            reader.error("after", "a fault waits for one thing", expected: "one of when, after")
            return nil
        }
        return condition ?? cascade
    }

    private func whenCondition(_ reader: FieldReader) -> FaultTiming? {
        let delay = reader.read("delay") { bounded($0, path: $1) } ?? .zero
        let pods = reader.int64("pending", in: 1...1_000_000_000)
        let rollout = reader.object("rollout") { rolloutTrigger($0) }.flatMap { $0 }
        guard reader.has("pending") != reader.has("rollout") else {
            decoding.error(
                "it is not said what the fault waits for", path: reader.path, at: reader.position,
                expected: "exactly one of pending, rollout")
            return nil
        }
        let trigger = pods.map { FaultTrigger.pending(pods: Int($0)) } ?? rollout
        return trigger.map { .when($0, delay: delay) }
    }

    private func rolloutTrigger(_ reader: FieldReader) -> FaultTrigger? {
        let name = reader.requiredString("name")
        let namespace = reader.string("namespace") ?? "default"
        let share = reader.read("share") { self.share($0, path: $1, whole: 1_000) } ?? 500
        checkLater(.deployment, "name", reader, in: [namespace])
        return name.isEmpty ? nil : .rollout(namespace: namespace, name: name, permille: max(1, share))
    }

    private func afterFault(_ reader: FieldReader) -> FaultTiming? {
        let name = reader.requiredString("fault")
        if let tree = reader.value("fault"), !name.isEmpty {
            faultReferences.append(
                FaultReference(name: name, path: reader.path.field("fault"), position: tree.position))
        }
        let moment: FaultTrigger.Moment? = reader.choice("it")
        let delay = reader.read("delay") { bounded($0, path: $1) } ?? .zero
        let share = reader.read("probability") { self.share($0, path: $1, whole: 1_000_000) } ?? 1_000_000
        return name.isEmpty ? nil : .when(.fault(name, moment ?? .strikes, partsPerMillion: share), delay: delay)
    }

    /// Reports faults that follow one that there is not, or each other in a circle, so that none would ever strike.
    func checkFaultReferences(_ faults: [FaultSpec]) {
        let names = faults.map(\.name)
        for reference in faultReferences {
            guard names.contains(reference.name) else {
                decoding.error(
                    "there is no fault called \"\(ManifestTree.shortened(reference.name))\"", path: reference.path,
                    at: reference.position, expected: "the name of another fault",
                    nearest: NearestName.of(reference.name, among: names))
                continue
            }
            var seen: [String] = []
            var next: String? = reference.name
            while let name = next, !seen.contains(name) {
                seen.append(name)
                next = Self.cause(of: name, faults)
            }
            if next != nil {
                decoding.error(
                    "the faults \(seen.joined(separator: ", ")) wait for each other", path: reference.path,
                    at: reference.position, expected: "a first one that strikes by itself")
            }
        }
    }

    private static func cause(of name: String, _ faults: [FaultSpec]) -> String? {
        guard let spec = faults.first(where: { $0.name == name }),
            case .when(.fault(let cause, _, _), _) = spec.timing
        else { return nil }
        return cause
    }
}
