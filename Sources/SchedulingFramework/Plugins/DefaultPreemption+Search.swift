import Chronology
import KubernetesAPI

extension DefaultPreemption {
    struct Refusal: Error {
        var verdict: Verdict
    }

    /// Returns the fewest and least important pods whose removal makes `pod` fit on `original`.
    func victims(
        for pod: PodInfo, on original: NodeInfo, state before: CycleState, host: any PostFilterHost
    ) -> Result<PreemptionCandidate, Refusal> {
        if original.lowestPriority >= pod.priority { return .failure(Refusal(verdict: Self.noVictims)) }
        let lower = original.pods.filter { $0.priority < pod.priority }
        let node = original.copied()
        let state = before.copied()
        func remove(_ other: PodInfo) {
            node.remove(other.uid)
            host.podRemoved(other, from: node, whenFiltering: pod, state: state)
        }
        for other in lower { remove(other) }
        let emptied = host.filter(pod, on: node, state: state)
        if !emptied.isSuccess { return .failure(Refusal(verdict: emptied)) }
        let (breaking, harmless) = Self.split(
            lower.sorted(by: Self.isMoreImportant), by: host.snapshot.disruptionBudgets)
        var victims: [PodInfo] = []
        var violations = 0
        for (isBreaking, group) in [(true, breaking), (false, harmless)] {
            for other in group {
                // Back they come, the most important first, as long as the pod still fits.
                node.add(other)
                host.podAdded(other, to: node, whenFiltering: pod, state: state)
                if host.filter(pod, on: node, state: state).isSuccess { continue }
                remove(other)
                victims.append(other)
                if isBreaking { violations += 1 }
            }
        }
        guard !victims.isEmpty else {
            // It fits as it is: something changed since the filters ran.
            let text = "expected at least one victim pod on node \"\(node.name)\""
            return .failure(Refusal(verdict: Verdict(.error, reasons: [text])))
        }
        victims.sort(by: Self.isMoreImportant)
        return .success(PreemptionCandidate(node: node.name, victims: victims, violations: violations))
    }

    /// Returns the candidate that costs least: budgets, then the highest priority, their sum, the number of pods,
    /// and then the latest start of the most important.
    static func best(_ candidates: [PreemptionCandidate]) -> PreemptionCandidate? {
        var best: (rank: [Int64], candidate: PreemptionCandidate)?
        for candidate in candidates where !candidate.victims.isEmpty {
            let rank = self.rank(candidate)
            // Strictly less: the first of equals stays.
            if best.map({ rank.lexicographicallyPrecedes($0.rank) }) ?? true { best = (rank, candidate) }
        }
        return best?.candidate
    }

    private static func rank(_ candidate: PreemptionCandidate) -> [Int64] {
        let top = candidate.victims.map(\.priority).max() ?? 0
        // Each victim adds a constant, so that many pods of negative priority do not look cheap.
        let sum = candidate.victims.reduce(Int64(0)) { $0 + Int64($1.priority) + Int64(Int32.max) + 1 }
        let start = candidate.victims.filter { $0.priority == top }.map(\.startTime.nanoseconds).min() ?? 0
        return [Int64(candidate.violations), Int64(top), sum, Int64(candidate.victims.count), -start]
    }

    /// A pod of higher priority, or one that has run for longer, is more important; the name decides the rest.
    static func isMoreImportant(_ left: PodInfo, _ right: PodInfo) -> Bool {
        if left.priority != right.priority { return left.priority > right.priority }
        if left.startTime != right.startTime { return left.startTime < right.startTime }
        return left.key < right.key
    }

    /// Splits `pods` into those whose eviction breaks a budget, and the others; order is kept.
    static func split(_ pods: [PodInfo], by budgets: [PodDisruptionBudget]) -> ([PodInfo], [PodInfo]) {
        var allowed = budgets.map(\.status.disruptionsAllowed)
        var breaking: [PodInfo] = []
        var harmless: [PodInfo] = []
        for pod in pods {
            let metadata = pod.pod.metadata
            var breaks = false
            for (index, budget) in budgets.enumerated() {
                guard !metadata.labels.isEmpty, budget.metadata.namespace == metadata.namespace,
                    let selector = budget.selector, !selector.isEmpty, selector.matches(metadata.labels),
                    !budget.status.disruptedPods.contains(metadata.name)
                else { continue }
                allowed[index] -= 1
                if allowed[index] < 0 { breaks = true }
            }
            if breaks { breaking.append(pod) } else { harmless.append(pod) }
        }
        return (breaking, harmless)
    }
}

extension PodInfo {
    /// When the pod began to run; a pod that has not counts as starting last.
    var startTime: Instant { pod.status.startTime ?? .never }
}
