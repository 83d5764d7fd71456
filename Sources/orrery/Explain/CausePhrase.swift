import Chronology
import Observations
import RunDatabase

/// Steps of cause and effect in words.
enum CausePhrase {
    /// Returns what happened, for one step or for several of the same kind.
    static func text(_ steps: [CauseStep]) -> String {
        guard let first = steps.first, let kind = CauseKind(name: first.kind) else { return steps.first?.kind ?? "" }
        var text = happening(kind, steps, first)
        if showsActor(kind) { text += ", by \(first.actor)" }
        let details = steps.map { detail(of: $0, kind) }
        if let only = details.first, !only.isEmpty, details.allSatisfy({ $0 == only }) {
            text += " (\(shortened(only)))"
        }
        let held = steps.compactMap(\.delayedBy)
        if let fault = held.last {
            let count = held.count == steps.count ? "" : "\(held.count) of them "
            text += "; \(count)held up by fault/\(fault)"
        }
        return text
    }

    /// What the API server and registries say can be long.
    private static func shortened(_ text: String) -> String {
        text.count > detailMax ? text.prefix(detailMax / 2) + " … " + text.suffix(detailMax / 2) : text
    }

    private static let detailMax = 120

    private static func happening(_ kind: CauseKind, _ steps: [CauseStep], _ first: CauseStep) -> String {
        func pods(_ what: String) -> String {
            counted(steps, first.pod.map { "pod \($0)" }, "pods", by: \.pod) + " " + what
        }
        func nodes(_ what: String) -> String {
            counted(steps, first.node.map { "node \($0)" }, "nodes", by: \.node) + " " + what
        }
        return switch kind {
        case .fault: "fault \(first.detail)"
        case .change: first.detail
        case .disruption: pods("has to go")
        case .faultHealed: "the fault heals"
        case .machineDown: nodes("lost power")
        case .machineUp: nodes("booted")
        case .machineLaunched: nodes("launched")
        case .nodeNotReady: nodes("not ready")
        case .nodeTainted: nodes("tainted")
        case .nodeCordoned: nodes("cordoned")
        case .nodeReady: nodes("ready")
        case .nodeUntainted: nodes("no longer tainted")
        case .nodeUncordoned: nodes("uncordoned")
        case .nodeGone: nodes("gone")
        case .requestUnanswered:
            steps.count == 1 ? "\(first.actor) got no answer" : "\(steps.count) clients got no answer"
        case .workloadChanged: steps.count == 1 ? first.detail : "\(steps.count) changes of workloads"
        case .containerExited:
            counted(steps, first.pod.map { "a container of pod \($0)" }, "containers", by: nil) + " exited"
        case .workLost:
            "\(StoryTime.length(steps.reduce(.zero) { $0 + $1.lost })) of work lost, worth "
                + StoryTime.dollars(steps.reduce(0) { $0 + $1.cost })
        case .podUnready: pods("not ready")
        case .podDeleted: pods(first.detail.isEmpty ? "deleted" : "evicted")
        case .podFailed: pods("failed")
        case .podGone: pods("gone")
        case .podCreated: pods("created")
        case .podReplaced:
            steps.count == 1 ? pods("created in place of \(first.detail)") : pods("created in their place")
        case .podUnschedulable: pods("found no node")
        case .podBound: pods("bound") + (steps.count == 1 ? first.node.map { " to \($0)" } ?? "" : "")
        case .pullFailed: counted(steps, nil, "pulls", by: nil) + " failed"
        case .backOff: pods("in back-off")
        case .imagePulled: pods("pulled the image")
        case .podStarted: pods("started")
        case .podReady: pods("ready")
        case .podSucceeded: pods("succeeded")
        case .workloadWhole:
            (steps.count == 1 ? first.controller ?? "a workload" : "\(steps.count) workloads") + " whole again"
        }
    }

    /// Whether who did it is worth a word.
    private static func showsActor(_ kind: CauseKind) -> Bool {
        switch kind {
        case .nodeNotReady, .nodeTainted, .nodeCordoned, .nodeUntainted, .nodeUncordoned, .nodeGone, .podUnready,
            .podDeleted, .podCreated, .podReplaced, .workloadChanged, .disruption, .machineLaunched:
            true
        case .fault, .change, .faultHealed, .machineDown, .machineUp, .nodeReady, .requestUnanswered, .containerExited,
            .workLost, .podFailed, .podGone, .podUnschedulable, .podBound, .pullFailed, .backOff, .imagePulled,
            .podStarted, .podReady, .podSucceeded, .workloadWhole:
            false
        }
    }

    /// What else there is to say; empty where the sentence says it already.
    static func detail(of step: CauseStep, _ kind: CauseKind) -> String {
        switch kind {
        case .fault, .change, .workloadChanged, .podReplaced: ""
        case .disruption, .faultHealed, .machineDown, .machineUp, .machineLaunched, .nodeNotReady, .nodeTainted,
            .nodeCordoned, .nodeReady, .nodeUntainted, .nodeUncordoned, .nodeGone, .requestUnanswered, .containerExited,
            .workLost, .podUnready, .podDeleted, .podFailed, .podGone, .podCreated, .podUnschedulable, .podBound,
            .pullFailed, .backOff, .imagePulled, .podStarted, .podReady, .podSucceeded, .workloadWhole:
            step.detail
        }
    }

    private static func counted(
        _ steps: [CauseStep], _ one: String?, _ many: String, by name: ((CauseStep) -> String?)?
    ) -> String {
        if steps.count == 1 { return one ?? "1 \(many.dropLast())" }
        let names = name.map { Set(steps.compactMap($0)) } ?? []
        // The same one several times is one.
        return names.count == 1
            ? one ?? "\(steps.count) \(many)" : "\(names.isEmpty ? steps.count : names.count) \(many)"
    }
}

/// Lengths and amounts in the stories that `explain` tells.
enum StoryTime {
    /// Returns a length with no more precision than a person wants.
    static func length(_ duration: Duration) -> String {
        let step: Int64 = duration.nanoseconds >= 60_000_000_000 ? 1_000_000_000 : 100_000_000
        return Duration(nanoseconds: (duration.nanoseconds + step / 2) / step * step).description
    }

    static func length(seconds: Double) -> String { length(Duration(nanoseconds: Int64((seconds * 1e9).rounded()))) }

    /// Returns nano-dollars as dollars.
    static func dollars(_ amount: Int64) -> String {
        let value = Double(amount) / 1e9
        return "$" + Figures.fixed(value, value >= 1 || amount == 0 ? 2 : 4)
    }
}
