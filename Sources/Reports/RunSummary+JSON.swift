import Chronology
import Observations
import RunDatabase

// What a script wants to know beside the totals: who pays, what broke, and what was demanded.

extension RunSummary {
    // MARK: - Money

    /// The parts of the cost, by what it is for, by namespace and by workload; none before the ledger was closed.
    var costFields: [(String, String)] {
        guard costs.isKnown else { return [] }
        let parts: [(String, Int64)] = [
            ("pods", costs.pods), ("idle", costs.idle), ("overhead", costs.overhead),
            ("controlPlane", costs.controlPlane), ("storage", costs.storage), ("loadBalancers", costs.loadBalancers),
            ("traffic", costs.traffic), ("unusedCommitments", costs.commitmentWaste), ("other", costs.other),
        ]
        return [
            ("costPartsUSD", Self.amounts(parts)),
            ("costByNamespaceUSD", Self.amounts(namespaces.map { ($0.name, $0.cost) })),
            ("costByWorkloadUSD", Self.amounts(controllers.map { ($0.name, $0.cost) })),
        ]
    }

    private static func amounts(_ parts: [(name: String, amount: Int64)]) -> String {
        object(parts.map { ($0.name, JSONText.dollars($0.amount)) })
    }

    // MARK: - Faults

    /// Each fault of the scenario with all its strikes: those that struck in order of time, then those that never did.
    var faultsJSON: String {
        var names: [String] = []
        var strikes: [String: [FaultOutcome]] = [:]
        for fault in faults {
            if strikes[fault.name] == nil { names.append(fault.name) }
            strikes[fault.name, default: []].append(fault)
        }
        let struck = names.map { name in
            let all = strikes[name] ?? []
            return Self.fault(name, all.first?.kind ?? "", all)
        }
        let spared = unstruck.map { fault in
            let due = fault.due.map { JSONText.quoted(run.clock.text(of: $0)) } ?? "null"
            return Self.fault(
                fault.name, fault.kind, [],
                ["due": due, "neverStruckBecause": JSONText.quoted(fault.reason)])
        }
        return Self.array(struck + spared)
    }

    private static func fault(
        _ name: String, _ kind: String, _ strikes: [FaultOutcome], _ more: KeyValuePairs<String, String> = [:]
    ) -> String {
        let notRecovered = strikes.reduce(0) { $0 + $1.notRecovered }
        let recovery = notRecovered > 0 ? nil : strikes.compactMap(\.recovery).max()
        return object(
            [
                ("name", JSONText.quoted(name)), ("kind", JSONText.quoted(kind)), ("strikes", "\(strikes.count)"),
                ("podsHit", "\(strikes.reduce(0) { $0 + $1.podsHit })"),
                ("workloadsHit", "\(strikes.reduce(0) { $0 + $1.workloadsHit })"),
                ("workloadsNotRecovered", "\(notRecovered)"),
                ("recoveryMaxSeconds", recovery.map { "\($0)" } ?? "null"),
                ("requestsFailed", "\(strikes.reduce(0) { $0 + $1.requestsFailed })"),
                ("sloViolatedSeconds", "\(strikes.reduce(0) { $0 + $1.violated })"),
                ("workLostSeconds", "\(strikes.reduce(0) { $0 + $1.workLost })"),
            ] + more.map { ($0.key, $0.value) })
    }

    // MARK: - Assertions

    /// What the scenario demanded, in the order in which it was judged; empty for a run that did not end.
    var assertionsJSON: String {
        Self.array(
            assertions.map { row in
                Self.object([
                    ("name", JSONText.quoted(row.name)), ("expected", JSONText.quoted(row.expected)),
                    ("value", JSONText.quoted(row.actual)), ("passed", "\(row.held)"),
                ])
            })
    }

    // MARK: - Forms

    private static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\(JSONText.quoted($0)): \($1)" }.joined(separator: ", ") + "}"
    }

    private static func array(_ elements: [String]) -> String {
        elements.isEmpty ? "[]" : "[\n    " + elements.joined(separator: ",\n    ") + "\n  ]"
    }
}
