import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: disruption/emptiness.go, drift.go, consolidation.go, multinodeconsolidation.go and
// singlenodeconsolidation.go (karpenter).

extension Karpenter {
    /// Returns what a method would do now, or nil for nothing.
    func plan(_ method: DisruptionMethod, _ look: inout DisruptionLook, _ scan: KarpenterScan) -> DisruptionPlan? {
        let found = candidates(method, &look, scan)
        if found.isEmpty { return nil }
        var budgets = look.budgets(self, method.reason, scan.now)
        switch method {
        case .emptiness:
            let empty = DisruptionCandidate.ordered(found).filter { budgets.take($0.claim.pool) }
            return empty.isEmpty ? nil : DisruptionPlan(method: method, candidates: empty, drafts: [])
        case .drift:
            let order = found.enumerated().sorted { left, right in
                let (first, second) = (left.element, right.element)
                if first.pods.isEmpty != second.pods.isEmpty { return first.pods.isEmpty }
                let times = (first.claim.driftedAt ?? .start, second.claim.driftedAt ?? .start)
                return times.0 != times.1 ? times.0 < times.1 : left.offset < right.offset
            }
            for candidate in order.map(\.element) where budgets.allow(candidate.claim.pool) {
                guard let drafts = simulate([candidate], look, scan, holdsYoung: false) else { continue }
                return DisruptionPlan(method: method, candidates: [candidate], drafts: drafts)
            }
            return nil
        case .multiNode:
            let order = DisruptionCandidate.ordered(found).filter { budgets.take($0.claim.pool) }
            return largestConsolidation(Array(order.prefix(Self.multiNodeMax)), look, scan)
        case .singleNode:
            for candidate in Self.interleaved(DisruptionCandidate.ordered(found))
            where budgets.allow(candidate.claim.pool) {
                let plan = consolidation([candidate], .singleNode, look, scan)
                if let plan, isWorthwhile(plan, scan) { return plan }
            }
            return nil
        }
    }

    /// Returns a proposal as it would be carried out now, or nil when it no longer makes sense.
    func validated(_ proposal: DisruptionProposal, _ look: inout DisruptionLook, _ scan: KarpenterScan)
        -> DisruptionPlan?
    {
        let found = candidates(proposal.method, &look, scan).filter { proposal.candidates.contains($0.claim.name) }
        var budgets = look.budgets(self, proposal.method.reason, scan.now)
        let allowed = found.filter { budgets.take($0.claim.pool) }
        if proposal.method == .emptiness {
            return allowed.isEmpty ? nil : DisruptionPlan(method: .emptiness, candidates: allowed, drafts: [])
        }
        guard allowed.count == proposal.candidates.count,
            let plan = consolidation(allowed, proposal.method, look, scan),
            plan.drafts.isEmpty != proposal.replaces
        else { return nil }
        return plan
    }

    /// Takes one of each pool in turn, by the pools' names.
    private static func interleaved(_ candidates: [DisruptionCandidate]) -> [DisruptionCandidate] {
        let pools = Set(candidates.map(\.claim.pool)).sorted()
        let queues = pools.map { pool in candidates.filter { $0.claim.pool == pool } }
        let longest = queues.map(\.count).max() ?? 0
        return (0..<longest).flatMap { place in queues.compactMap { place < $0.count ? $0[place] : nil } }
    }

    // MARK: - Consolidation

    /// Returns the consolidation of the most of the first candidates, at least two, that is found by halving.
    private func largestConsolidation(
        _ candidates: [DisruptionCandidate], _ look: DisruptionLook, _ scan: KarpenterScan
    ) -> DisruptionPlan? {
        var (low, high) = (1, candidates.count - 1)
        var best: DisruptionPlan?
        while low <= high {
            let middle = (low + high) / 2
            let part = Array(candidates[...middle])
            if let plan = consolidation(part, .multiNode, look, scan), isWorthwhile(plan, scan) {
                best = plan
                low = middle + 1
            } else {
                high = middle - 1
            }
        }
        return best
    }

    /// Returns how the pods of `candidates` are housed for less: on other nodes, or on one that is bought.
    private func consolidation(
        _ candidates: [DisruptionCandidate], _ method: DisruptionMethod, _ look: DisruptionLook, _ scan: KarpenterScan
    ) -> DisruptionPlan? {
        guard let drafts = simulate(candidates, look, scan, holdsYoung: true, claimsMax: 1) else { return nil }
        guard let draft = drafts.first else {
            return DisruptionPlan(method: method, candidates: candidates, drafts: [])
        }
        let spent = candidates.reduce(Int64(0)) { $0 + $1.claim.price }
        let wasSpot = candidates.allSatisfy { $0.claim.capacityType == .spot }
        let buysSpot = draft.allowsSpot
        if wasSpot, buysSpot, !parameters.consolidatesSpotToSpot { return nil }
        // Where both are allowed, only spot was counted on: an on-demand machine must not be what comes of it.
        draft.keepCheaper(than: spent, buysSpot ? .spot : .onDemand)
        if wasSpot, buysSpot, candidates.count == 1 {
            if draft.options.count < Self.spotToSpotTypesMin { return nil }
            if draft.plan.minValues.isEmpty { draft.keepFirst(Self.spotToSpotTypesMin) }
        }
        if candidates.count > 1 {
            // With a type that is there already, the others could as well go by themselves.
            let same = candidates.filter { candidate in
                draft.options.contains { $0.type == candidate.claim.type }
            }
            if let least = same.map(\.claim.price).min() {
                draft.keepCheaper(than: least, buysSpot ? .spot : .onDemand)
            }
        }
        guard !draft.options.isEmpty, draft.hasEnoughValues(draft.options) else { return nil }
        return DisruptionPlan(method: method, candidates: candidates, drafts: [draft])
    }

    // MARK: - Simulation

    /// Returns the machines that would have to be bought if `candidates` were gone, or nil where a pod would find no place or
    /// where there would be more than `claimsMax`.
    private func simulate(
        _ candidates: [DisruptionCandidate], _ look: DisruptionLook, _ scan: KarpenterScan, holdsYoung: Bool,
        claimsMax: Int? = nil
    ) -> [ClaimDraft]? {
        let trial = look.trial
        trial.fork()
        defer { trial.revert() }
        for candidate in candidates {
            guard let node = trial.node(candidate.claim.name) else { return nil }
            trial.removeNode(node)
        }
        var load = look.zoneLoad
        for candidate in candidates where load.indices.contains(candidate.claim.zone) {
            load[candidate.claim.zone] -= 1
        }
        let moved = candidates.flatMap(\.pods).filter(scan.isReschedulableNow).map { trial.info($0) }
        var plan = ProvisioningPlan(
            trial, look.offers, zoneLoad: load, limits: limits(look.limits, without: candidates),
            preferences: parameters.preferencePolicy)
        if holdsYoung {
            // Nodes whose pods just changed are left alone; what waits or has to go from elsewhere may go there all the same.
            plan.isYoung = look.isYoung
            plan.held = Set(moved.lazy.filter { $0.pod.status.phase != .pending }.map(\.uid))
        }
        if let claimsMax { plan.claimsMax = claimsMax }
        plan.place(look.waiting + moved + look.leaving)
        if plan.isGivenUp || plan.failures.contains(where: { !look.waitingUIDs.contains($0.pod.uid) }) { return nil }
        // Nobody knows yet whether a machine that starts will come.
        let isCountedOn = plan.placements.contains {
            look.starting.contains($0.node) && !look.leavingUIDs.contains($0.pod.uid)
        }
        return isCountedOn ? nil : plan.claims
    }
}

extension Karpenter {
    /// What the pools may still buy, when these are gone too.
    private func limits(_ limits: [PoolLimits], without candidates: [DisruptionCandidate]) -> [PoolLimits] {
        var left = limits
        for place in left.indices where !left[place].isEmpty {
            for candidate in candidates where candidate.claim.pool == plans[place].pool.name {
                left[place].add(candidate.claim.node.status.capacity)
            }
        }
        return left
    }
}

extension ClaimDraft {
    /// Keeps the offers of a capacity type that cost less than `price`.
    func keepCheaper(than price: Int64, _ capacityType: CapacityType) {
        let bits = capacityType == .spot ? plan.table.spotBits : plan.table.onDemandBits
        keep { option in
            guard let own = plan.table.models[option.type].price(capacityType), own < price else { return 0 }
            return option.cell & bits
        }
    }
}
