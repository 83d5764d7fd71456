import Chronology
import KubernetesAPI

// Kubernetes counterpart: NodePool.GetAllowedDisruptionsByReason and BuildDisruptionBudgetMapping (karpenter).

/// How many more nodes of each pool may be disrupted for a reason.
struct DisruptionBudgets {
    /// By pool; only looked up.
    private var left: [String: Int64] = [:]

    init(
        _ pools: [KarpenterNodePool], nodes: [String: Int64], disrupting: [String: Int64],
        for reason: KarpenterNodePool.DisruptionReason, at now: Instant, on clock: WallClock
    ) {
        for pool in pools {
            var allowed = Int64.max
            for budget in pool.disruption.budgets
            where budget.reasons.isEmpty || budget.reasons.contains(reason) {
                guard budget.holds(at: now, on: clock) else { continue }
                allowed = min(allowed, budget.nodes.scaled(of: nodes[pool.name] ?? 0, roundUp: true))
            }
            left[pool.name] = allowed == Int64.max ? allowed : max(0, allowed - (disrupting[pool.name] ?? 0))
        }
    }

    /// Takes a node out of its pool's budget; returns false where there is none left.
    mutating func take(_ pool: String) -> Bool {
        let rest = left[pool] ?? 0
        if rest <= 0 { return false }
        left[pool] = rest - 1
        return true
    }

    /// Whether a node of a pool may be disrupted.
    func allow(_ pool: String) -> Bool { left[pool] ?? 0 > 0 }
}

extension KarpenterNodePool.Budget {
    /// Whether it holds at `now`.
    func holds(at now: Instant, on clock: WallClock) -> Bool {
        guard let schedule, let duration else { return true }
        let begun = schedule.next(after: now + Duration(nanoseconds: -duration.nanoseconds), on: clock)
        return begun.map { $0 <= now } ?? false
    }

    /// When it begins or ceases to hold next, if ever.
    func changes(after now: Instant, on clock: WallClock) -> Instant? {
        guard let schedule, let duration else { return nil }
        let begun = schedule.next(after: now + Duration(nanoseconds: -duration.nanoseconds), on: clock)
        let ends = begun.map { $0 + duration }
        return [ends, schedule.next(after: now, on: clock)].compactMap { $0 }.filter { $0 > now }.min()
    }
}
