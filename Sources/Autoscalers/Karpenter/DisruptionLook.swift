import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

/// What is to become of some nodes.
struct DisruptionPlan {
    let method: DisruptionMethod
    let candidates: [DisruptionCandidate]
    /// What is bought in their place.
    let drafts: [ClaimDraft]
}

/// One look at which nodes could go, with the cluster in which that is tried.
struct DisruptionLook {
    let trial: TrialCluster
    let offers: ShapeOffers
    let clock: WallClock
    /// The pods that wait, and those of machines that depart.
    let waiting: [PodInfo]
    let leaving: [PodInfo]
    /// Their identities; only looked up.
    let waitingUIDs: Set<UID>
    let leavingUIDs: Set<UID>
    /// Nodes that cannot be counted on yet.
    let starting: Set<String>
    /// Whether pods came to a node or went from it too short a while ago to put more there, by its slot in the trial.
    let isYoung: [Bool]
    /// How many machines stand in each zone, and what each pool may still buy.
    let zoneLoad: [Int]
    let limits: [PoolLimits]
    /// How many nodes each pool has, and how many of them are on their way out or not ready.
    let nodes: [String: Int64]
    let disrupting: [String: Int64]
    /// When the time alone may let more nodes go.
    var wakeTimes: [Instant] = []

    init(_ karpenter: Karpenter, _ scan: KarpenterScan) {
        trial = karpenter.trial(scan)
        offers = ShapeOffers(
            karpenter.plans, unavailable: karpenter.unavailable, rules: karpenter.parameters.rules)
        clock = WallClock(startDate: scan.view.startDate)
        let pending = PendingPods.unschedulable(scan.view).filter {
            !PendingPods.isNominated($0) && !Drainability.isDaemon($0)
        }
        let trial = trial
        waiting = pending.map { trial.info($0) }
        leaving = karpenter.leavingPods(scan).map { trial.info($0) }
        waitingUIDs = Set(waiting.map(\.uid))
        leavingUIDs = Set(leaving.map(\.uid))
        zoneLoad = karpenter.zoneLoad
        limits = karpenter.limits()
        starting = Set(karpenter.claims.filter { $0.initializedAt == nil }.map(\.name))
        let busy = Set(karpenter.commands.flatMap(\.candidates))
        var nodes: [String: Int64] = [:]
        var disrupting: [String: Int64] = [:]
        for claim in karpenter.claims where claim.initializedAt != nil {
            nodes[claim.pool, default: 0] += 1
            let isReady = scan.node(claim.name)?.isReady ?? false
            if claim.departure != nil || busy.contains(claim.name) || !isReady {
                disrupting[claim.pool, default: 0] += 1
            }
        }
        self.nodes = nodes
        self.disrupting = disrupting
        trial.keepRooms()
        var isYoung = [Bool](repeating: false, count: trial.nodes.count)
        for claim in karpenter.claims {
            guard let after = karpenter.plan(of: claim.pool)?.pool.disruption.consolidateAfter,
                let end = claim.maturesAt(after), end > scan.now, let node = trial.node(claim.name)
            else { continue }
            if let slot = trial.rooms?.slot(of: node) { isYoung[slot] = true }
            wakeTimes.append(end)
        }
        self.isYoung = isYoung
        for plan in karpenter.plans {
            for budget in plan.pool.disruption.budgets {
                if let change = budget.changes(after: scan.now, on: clock) { wakeTimes.append(change) }
            }
        }
    }

    /// The budgets for a reason as they are now.
    func budgets(_ karpenter: Karpenter, _ reason: KarpenterNodePool.DisruptionReason, _ now: Instant)
        -> DisruptionBudgets
    {
        DisruptionBudgets(
            karpenter.plans.map(\.pool), nodes: nodes, disrupting: disrupting, for: reason, at: now, on: clock)
    }
}

extension Karpenter {
    /// The nodes that a method may take, in the order in which they were bought.
    func candidates(_ method: DisruptionMethod, _ look: inout DisruptionLook, _ scan: KarpenterScan)
        -> [DisruptionCandidate]
    {
        let busy = Set(commands.flatMap(\.candidates))
        var found: [DisruptionCandidate] = []
        for claim in claims {
            guard claim.initializedAt != nil, claim.departure == nil, !busy.contains(claim.name),
                let plan = plan(of: claim.pool), let node = scan.node(claim.name), !KarpenterMarks.isProtected(node)
            else { continue }
            if claim.nominatedUntil > scan.now {
                if claim.nominatedUntil != .never { look.wakeTimes.append(claim.nominatedUntil) }
                continue
            }
            let pods = scan.view.pods(onNode: claim.name).filter { !$0.status.phase.isTerminal && !$0.isTerminating }
            let candidate = DisruptionCandidate(claim, plan, pods: pods.filter(KarpenterScan.isReschedulable))
            switch method {
            case .drift:
                guard claim.driftedAt != nil else { continue }
            case .emptiness, .multiNode, .singleNode:
                guard let after = plan.pool.disruption.consolidateAfter, let mature = claim.maturesAt(after) else {
                    continue
                }
                guard mature <= scan.now else {
                    look.wakeTimes.append(mature)
                    continue
                }
                if candidate.isEmpty != (method == .emptiness) { continue }
                if method == .emptiness { break }
                // What is no longer on sale has no price.
                let isPriced = table.models.indices.contains(claim.type)
                if !isPriced || plan.pool.disruption.policy == .whenEmpty { continue }
            }
            for pod in pods {
                if let end = KarpenterMarks.protectedUntil(pod), end != .never { look.wakeTimes.append(end) }
            }
            let isForced = method == .drift && claim.terminationGracePeriod != nil
            if !isForced, pods.contains(where: scan.blocks) { continue }
            found.append(candidate)
        }
        return found
    }
}
