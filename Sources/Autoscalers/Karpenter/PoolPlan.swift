import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: provisioning/scheduling/nodeclaimtemplate.go (karpenter).
// Deliberate difference: of a label of the user's own for which a pool allows several values, nodes get the first.

/// What one NodePool allows, worked out against everything on sale.
final class PoolPlan {
    static let poolLabel = "karpenter.sh/nodepool"

    let pool: KarpenterNodePool
    let table: OfferTable
    /// What its nodes have beside the labels of their type and offer.
    let labels: StringMap
    /// The offers of each type that meet the requirements.
    let cells: [OfferTable.Cell]
    /// Requirements that ask for a number of different values.
    let minValues: [(key: String, count: Int)]
    /// What is left of each type when its daemons run.
    private(set) var free: [ResourceAmounts]
    private(set) var freePods: [Int64]
    /// A node of each offer for the scheduler's filters, made when a pod first asks for particular nodes.
    private var probes: [NodeInfo?] = []
    private var probePlaces: [Int] = []
    /// Nodes that stand for offers over which pods are spread, by type and offer; only looked up.
    private var standIns: [Int: Node] = [:]

    init(_ pool: KarpenterNodePool, _ table: OfferTable) {
        self.pool = pool
        self.table = table
        let known = Set(table.models.flatMap { $0.labels.pairs.map(\.key) })
        var labels = pool.labels
        for requirement in pool.requirements.map(\.selector)
        where !known.contains(requirement.key) && !OfferTable.isOfOffer(requirement.key) {
            if requirement.operator == .in, let first = requirement.values.first { labels[requirement.key] = first }
        }
        labels[Self.poolLabel] = pool.name
        self.labels = labels
        cells = table.cells(meeting: pool.requirements.map(\.selector), labels: labels)
        minValues = pool.requirements.compactMap { requirement in
            requirement.minValues.map { (requirement.selector.key, $0) }
        }
        free = table.allocatable
        freePods = table.allowedPods
    }

    // MARK: - Nodes

    /// The node that a machine of an offer registers.
    func node(_ name: String, _ type: Int, zone: Int, _ capacityType: CapacityType) -> Node {
        table.offer(type, zone: zone, capacityType).node(from: node(name))
    }

    /// A node without room that stands for an offer among the domains over which pods are spread.
    func standIn(ofType type: Int, bit: OfferTable.Cell) -> Node {
        let place = bit.trailingZeroBitCount
        let key = type * OfferTable.Cell.bitWidth + place
        if let node = standIns[key] { return node }
        var node = node(
            ":domain-\(pool.name)-\(type)-\(place)", type, zone: place / 2, place % 2 == 0 ? .spot : .onDemand)
        node.status.allocatable = [:]
        standIns[key] = node
        return node
    }

    /// The node of a machine, without what follows from its offer.
    func node(_ name: String, startupTaints: [Taint] = []) -> Node {
        var labels = labels
        labels["kubernetes.io/hostname"] = name
        labels["karpenter.sh/registered"] = "true"
        labels["karpenter.sh/initialized"] = "true"
        labels["orrery.dev/pool"] = pool.name
        var metadata = ObjectMeta(name: name, labels: labels)
        metadata.annotations = pool.annotations
        var node = Node(metadata: metadata)
        node.spec.taints = pool.taints + startupTaints
        return node
    }

    // MARK: - Daemons

    /// Counts the pods of daemon sets against every type; where none of them looks at labels, one type stands for all.
    func setDaemons(_ daemons: DaemonPods) {
        free = table.allocatable
        freePods = table.allowedPods
        if daemons.isEmpty { return }
        var common: [PodInfo]?
        for type in cells.indices where cells[type] != 0 {
            let pods = common ?? daemons.pods(on: cheapestNode(of: type))
            if !daemons.looksAtLabels { common = pods }
            for pod in pods { free[type].add(pod.shape.requests, sign: -1) }
            freePods[type] -= Int64(pods.count)
        }
    }

    private func cheapestNode(of type: Int) -> Node {
        let bit = cells[type].trailingZeroBitCount
        return node("template", type, zone: bit / 2, bit % 2 == 0 ? .spot : .onDemand)
    }

    // MARK: - Pods that ask for particular nodes

    /// Returns the offers of each type on which the scheduler's `rule` lets `pod` run.
    func cells(for pod: PodInfo, by rule: any FilterPlugin) -> [OfferTable.Cell] {
        if probes.isEmpty { makeProbes() }
        var allowed = [OfferTable.Cell](repeating: 0, count: cells.count)
        let state = CycleState()
        let width = table.zones.count * 2
        for (number, type) in probePlaces.enumerated() {
            for bit in 0..<width {
                guard let probe = probes[number * width + bit] else { continue }
                if rule.filter(pod, on: probe, state: state).code == .success { allowed[type] |= 1 << UInt64(bit) }
            }
        }
        return allowed
    }

    private func makeProbes() {
        let base = node("")
        for type in cells.indices where cells[type] != 0 {
            probePlaces.append(type)
            for zone in table.zones.indices {
                for capacityType in CapacityType.allCases {
                    let isOffered = cells[type] & OfferTable.bit(zone, capacityType) != 0
                    let offer = table.offer(type, zone: zone, capacityType)
                    probes.append(isOffered ? NodeInfo(offer.node(from: base)) : nil)
                }
            }
        }
    }
}
