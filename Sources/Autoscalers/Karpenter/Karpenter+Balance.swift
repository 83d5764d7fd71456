import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: disruption/balanced.go (karpenter).

extension Karpenter {
    /// How much more a consolidation may disturb of a pool than it saves of it (`BalancedK`).
    private static let balance: Int128 = 2

    /// Whether a consolidation saves enough for what it disturbs, in the eyes of each pool that asks for that (`Balanced`).
    func isWorthwhile(_ plan: DisruptionPlan, _ scan: KarpenterScan) -> Bool {
        let spent = plan.candidates.reduce(Int128(0)) { $0 + Int128($1.claim.price) }
        let saved = spent - plan.drafts.reduce(Int128(0)) { $0 + Int128($1.leastPrice) }
        for pool in plans where pool.pool.disruption.policy == .balanced {
            let own = plan.candidates.filter { $0.claim.pool == pool.pool.name }
            if own.isEmpty { continue }
            let all = claims.filter { $0.pool == pool.pool.name }
            let cost = all.reduce(Int128(0)) { $0 + Int128($1.price) }
            let disturbed = own.reduce(Int128(0)) { $0 + Int128($1.cost) }
            let disturbable = all.reduce(Int128(0)) { sum, claim in
                let pods = scan.view.pods(onNode: claim.name).filter(KarpenterScan.isReschedulable)
                return sum + Int128(DisruptionCandidate.cost(of: pods))
            }
            // Of what several pools save together, each counts a share as large as that of its machines in their price.
            let price = own.reduce(Int128(0)) { $0 + Int128($1.claim.price) }
            guard saved > 0, spent > 0, cost > 0 else { return false }
            if Self.balance * saved * price * disturbable < disturbed * cost * spent { return false }
        }
        return true
    }
}

extension ClaimDraft {
    /// What the cheapest of its offers costs.
    fileprivate var leastPrice: Int64 {
        options.compactMap { plan.table.launchPrice($0.type, $0.cell) }.min() ?? 0
    }
}
