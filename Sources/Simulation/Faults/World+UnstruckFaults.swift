import Chronology
import Faults
import Observations

// What was to break and did not: a scenario that tests nothing looks like one that passes.

extension World {
    /// Tells of the faults that never struck; `isStopped` when the run was stopped before its end.
    mutating func tellUnstruckFaults(isStopped: Bool = false) {
        guard let observer else { return }
        for fault in faults.schedules.indices {
            let spec = faults.schedules[fault].spec
            if faults.struck.contains(spec.name) || faults.ended.contains(fault) { continue }
            let due = firstDue(of: fault)
            observer.unstruckFault(
                UnstruckFaultRow(
                    name: spec.name, kind: spec.kind.name, due: due,
                    reason: reason(of: fault, due: due, isStopped: isStopped)))
        }
    }

    /// When a fault that never struck was due first, as far as that is known.
    private func firstDue(of fault: Int) -> Instant? {
        if let missed = faults.missed[fault] { return missed }
        switch faults.schedules[fault].spec.timing {
        case .at(let instant), .every(_, let instant): return instant
        case .when: return faults.tooLate[fault]
        case .lifetime, .trace: return faults.beyond.filter { $0.fault == fault }.map(\.at).min()
        }
    }

    private func reason(of fault: Int, due: Instant?, isStopped: Bool) -> String {
        let spec = faults.schedules[fault].spec
        let nothing = "there was \(Self.nothing(of: spec.kind.scope)) that it could strike"
        if faults.missed[fault] != nil { return nothing }
        if let due, due > end { return "the run ends before" }
        if !condition.isAPIServerUp, waitsForAPIServer(spec.kind.effect(spec.settings)) {
            return "the API server did not answer"
        }
        if isStopped { return "the run was stopped before" }
        switch spec.timing {
        case .at, .every, .lifetime, .trace: return nothing
        case .when(let trigger, _): return reason(of: trigger)
        }
    }

    private func reason(of trigger: FaultTrigger) -> String {
        switch trigger {
        case .pending(let pods):
            return "never so many as \(pods) pods waited for a node"
        case .rollout(let namespace, let name, let permille):
            return "no rollout of Deployment \(namespace)/\(name) came to \(permille / 10) % of its replicas"
        case .fault(let name, let moment, _):
            let hasCome = moment == .strikes ? faults.struck.contains(name) : faults.healed.contains(name)
            if hasCome { return "by chance it followed no time that \(name) \(moment.rawValue)" }
            return "\(name) never \(moment == .strikes ? "struck" : "healed")"
        }
    }

    private static func nothing(of scope: FaultScope) -> String {
        switch scope {
        case .nodes, .zones, .racks, .regions, .launches: "no machine"
        case .pods: "no running pod"
        case .deployments: "no Deployment"
        case .registries, .images, .controllers, .controlPlane: "nothing"
        }
    }
}
