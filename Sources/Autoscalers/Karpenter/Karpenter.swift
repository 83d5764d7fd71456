package import Chronology
package import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: kubernetes-sigs/karpenter (v1) with karpenter-provider-aws.
// Deliberate differences: NodeClaims are kept here and are no objects of the API; where prices are equal, the zone with the
// fewest machines is taken, as nobody knows how much capacity a cloud has; forecasts of interruptions are not acted on.

/// Buys the machines that pods need one by one, and takes them away again where the same pods cost less elsewhere.
///
/// A claim goes through these states:
///
///     bought ─► launching ─► registered ─► initialized ─► departing (tainted, drained) ─► gone
///        └─ sold out: the offer rests for three minutes, and the pods get another
package struct Karpenter: NodeAutoscaler {
    package static let name = "karpenter"

    package private(set) var parameters: Parameters
    var kinds = PodKinds()
    var market: MachineMarket?
    var table = OfferTable(MachineMarket())
    /// The pools in the order in which they are tried: by weight, then by name, from the last to the first.
    var plans: [PoolPlan] = []
    /// Counts the changes of pools.
    var plansVersion = 0
    var daemonMarks: [String] = []
    var unavailable = UnavailableOffers()
    /// In the order in which they were bought.
    var claims: [MachineClaim] = []
    /// How many machines were bought for each pool.
    var serials: [String: Int] = [:]
    var batch = PodBatch()
    /// What was said last of pods that wait: where they should go, or why they cannot.
    var remarks: [UID: String] = [:]
    /// What is being carried out.
    var commands: [DisruptionCommand] = []
    /// What will be carried out if it still makes sense in a while.
    var proposal: DisruptionProposal?
    var disruptionClock = DisruptionClock()
    /// Fingerprints of the node classes by name; only looked up.
    var classHashes: [String: UInt64] = [:]
    /// Whether machines that were there before it were looked for.
    var hasAdopted = false

    /// Creates a Karpenter that has bought nothing yet.
    package init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    package var scanInterval: Duration? { nil }

    package mutating func follow(_ other: any NodeAutoscaler) {
        if let other = other as? Karpenter { parameters = other.parameters }
    }

    package mutating func step(_ view: any ClusterView, _ cloud: any CloudView) -> AutoscalerStep {
        var scan = KarpenterScan(view, cloud)
        scan.step.callAfterChange = parameters.batchIdleDuration
        readPools(scan, cloud.market)
        if plans.isEmpty, claims.isEmpty { return scan.finished() }
        if let next = unavailable.expire(scan.now) { scan.callAgain(at: next) }
        if !hasAdopted { adoptMachines(&scan) }
        followMachines(&scan)
        startDepartures(&scan)
        advanceCommands(&scan)
        advanceDepartures(&scan)
        provision(&scan)
        disrupt(&scan)
        return scan.finished()
    }

    // MARK: - Pools

    /// Takes over the NodePools as they are now.
    private mutating func readPools(_ scan: KarpenterScan, _ market: MachineMarket) {
        if self.market !== market {
            self.market = market
            let former = table
            table = OfferTable(market)
            plans = []
            for place in claims.indices { claims[place].relocate(in: table) }
            // Another price says nothing of what is there.
            unavailable.relocate(from: former, to: table)
        }
        var pools: [KarpenterNodePool] = []
        var classes: [String: UInt64] = [:]
        for case .other(let object) in scan.view.objects(of: .other, namespace: nil)
        where object.metadata.deletionTimestamp == nil {
            if let pool = object.nodePool { pools.append(pool) }
            if let hash = object.nodeClassHash { classes[object.metadata.name] = hash }
        }
        if classes != classHashes {
            // Machines are looked at again when one that they know is another.
            if classHashes.contains(where: { classes[$0.key] != $0.value }) { plansVersion += 1 }
            classHashes = classes
        }
        pools.sort { ($1.weight, $1.name) < ($0.weight, $0.name) }
        if pools != plans.map(\.pool) {
            plans = pools.map { PoolPlan($0, table) }
            plansVersion += 1
            daemonMarks = []
        }
        var marks = ["-"]
        for object in scan.view.objects(of: .daemonSet, namespace: nil) {
            marks.append("\(object.metadata.uid) \(object.metadata.generation)")
        }
        if marks == daemonMarks { return }
        daemonMarks = marks
        let daemons = DaemonPods(scan.view, kinds: &kinds)
        for plan in plans { plan.setDaemons(daemons) }
    }

    /// The plan of a pool, or nil when there is no such pool any more.
    func plan(of pool: String) -> PoolPlan? { plans.first { $0.pool.name == pool } }

    /// The place of a claim, or nil.
    func place(of claim: String) -> Int? { claims.firstIndex { $0.name == claim } }

    // MARK: - Trials

    /// Returns the cluster for trials: with the machines that are on their way, and without those that depart.
    func trial(_ scan: KarpenterScan) -> TrialCluster {
        let leaving = leavingClaims
        let starting = Set(claims.filter { $0.initializedAt == nil }.map(\.name))
        var startupTaints: [String: [Taint]] = [:]
        for claim in claims where claim.initializedAt == nil && !claim.startupTaints.isEmpty {
            startupTaints[claim.name] = claim.startupTaints
        }
        let trial = TrialCluster(scan.view, rules: parameters.rules, kinds: kinds) { node in
            if leaving.contains(node.metadata.name) { return nil }
            guard starting.contains(node.metadata.name) else { return node }
            var ready = node
            let passing = startupTaints[node.metadata.name] ?? []
            ready.spec.taints.removeAll { PassingTaints.isCondition($0) || passing.hasLike($0) }
            return ready
        }
        let daemons = trial.daemonPods(of: scan.view)
        for claim in claims where claim.initializedAt == nil && !leaving.contains(claim.name) {
            guard let present = trial.node(claim.name) else {
                trial.addNode(claim.node, pods: daemons.pods(on: claim.node))
                continue
            }
            // Its daemons are not there yet, but will be.
            let owners = present.pods.compactMap { $0.pod.metadata.controllerReference?.uid }
            for pod in daemons.pods(on: present.node)
            where !owners.contains(where: { $0 == pod.pod.metadata.controllerReference?.uid }) {
                trial.add(pod, to: present)
            }
        }
        return trial
    }

    /// The names of the machines that depart or are about to.
    var leavingClaims: Set<String> {
        Set(claims.filter { $0.departure != nil }.map(\.name)).union(commands.flatMap(\.candidates))
    }

    /// How many machines stand in each zone, those that depart aside.
    var zoneLoad: [Int] {
        var load = [Int](repeating: 0, count: table.zones.count)
        for claim in claims where claim.departure == nil && load.indices.contains(claim.zone) { load[claim.zone] += 1 }
        return load
    }

    /// What the pools may still buy.
    func limits() -> [PoolLimits] {
        plans.map { plan in
            var limits = PoolLimits(plan.pool)
            if limits.isEmpty { return limits }
            for claim in claims where claim.pool == plan.pool.name {
                if claim.departure == nil { limits.subtract(claim.node.status.capacity) }
            }
            return limits
        }
    }
}
