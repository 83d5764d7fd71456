import Chronology
import KubernetesAPI

// Kubernetes counterpart: karpenter.sh/v1.NodeClaim.

/// A machine that was bought, as long as it is there.
struct MachineClaim: Sendable {
    /// Why and since when a machine is on its way out.
    struct Departure: Sendable {
        /// One word in CamelCase, for the table of decisions.
        let reason: String
        let message: String
        let at: Instant
        /// When evictions were asked for last.
        var triedAt: Instant?
    }

    /// Its own name and its node's.
    let name: String
    let pool: String
    /// Places in the table of offers.
    private(set) var type: Int
    private(set) var zone: Int
    private(set) var machineType: String
    private(set) var capacityType: CapacityType
    /// Nano-dollars an hour.
    private(set) var price: Int64
    /// The node as pods will find it, without taints that pass.
    private(set) var node: Node
    let launchedAt: Instant
    let expireAfter: Duration?
    let terminationGracePeriod: Duration?
    /// The fingerprint of the pool from which it was made.
    let templateHash: String
    /// The fingerprint of the pool's node class at that time; nil where there was none.
    let classHash: UInt64?
    /// Taints with which its node registers and which go before it can be used.
    let startupTaints: [Taint]
    /// Since when its node can be used.
    var initializedAt: Instant?
    /// Until when pods are expected on it that are not there yet.
    var nominatedUntil = Instant.start
    /// How far each of its pods was at the last look; only looked up.
    var podStates: [UID: PodState] = [:]
    /// When a pod came to it, ended or was told to end last.
    var podEventAt: Instant?
    /// Since when it is no longer what its pool asks for.
    var driftedAt: Instant?
    var departure: Departure?
    /// Its order that went wrong and is repeated.
    var pending: PendingOrder?

    /// How far a pod is.
    enum PodState: Sendable {
        case running, ended, terminating
    }

    /// An order that the cloud has not carried out yet.
    struct PendingOrder: Sendable {
        let order: MachineOrder
        /// When it is repeated.
        let due: Instant
    }

    /// Makes it what the cloud gives: the offer in a place of its order.
    mutating func become(_ place: Int, of order: MachineOrder, _ table: OfferTable) {
        let offer = order.offers[place]
        guard let type = table.place(of: offer.model.name), let zone = table.zone(named: offer.zone) else { return }
        (self.type, self.zone) = (type, zone)
        machineType = offer.model.name
        capacityType = offer.capacityType
        price = offer.pricePerHour
        node = Self.node(order, place, without: startupTaints)
    }

    /// Looks up its places and its price in another table; what is no longer on sale is in none.
    mutating func relocate(in table: OfferTable) {
        type = table.place(of: machineType) ?? table.models.count
        let name = node.metadata.labels[OfferTable.zoneLabel] ?? ""
        zone = table.zone(named: name) ?? MachineMarket.zonesMax
        if table.models.indices.contains(type), let now = table.models[type].price(capacityType) { price = now }
    }

    /// The node of an offer as pods will find it.
    static func node(_ order: MachineOrder, _ place: Int, without startupTaints: [Taint]) -> Node {
        var node = order.node(place)
        node.spec.taints.removeAll(where: startupTaints.hasLike)
        return node
    }

    /// From when on it may be consolidated, when no more pods come or go.
    func maturesAt(_ after: Duration) -> Instant? {
        initializedAt.map { max(podEventAt ?? $0, $0) + after }
    }

    /// When it expires, if it does.
    var expiresAt: Instant? { expireAfter.map { launchedAt + $0 } }

    /// Returns a decision about it.
    func decision(_ direction: ScalingDecision.Direction, _ reason: String, _ message: String) -> ScalingDecision {
        ScalingDecision(
            direction, reason: reason, group: pool, machineType: machineType, count: 1,
            pricePerHour: direction == .up ? price : -price, message: message)
    }
}

extension [Taint] {
    /// Whether one of them has the key and the effect of `taint` (`MatchTaint`).
    func hasLike(_ taint: Taint) -> Bool { contains { $0.key == taint.key && $0.effect == taint.effect } }
}

/// What Karpenter marks nodes with, and reads from nodes and pods.
enum KarpenterMarks {
    /// Keeps pods off a node that is about to go.
    static let disrupted = Taint(key: "karpenter.sh/disrupted", value: "", effect: .noSchedule)
    private static let doNotDisrupt = "karpenter.sh/do-not-disrupt"

    /// Whether somebody asks to leave this node alone.
    static func isProtected(_ node: Node) -> Bool { node.metadata.annotations[doNotDisrupt] == "true" }

    /// Until when somebody asks to leave the node of a pod alone: for ever, or so long after the pod's start; nil for not at all.
    static func protectedUntil(_ pod: Pod) -> Instant? {
        guard let text = pod.metadata.annotations[doNotDisrupt] else { return nil }
        if text == "true" { return .never }
        guard let length = try? Duration(parsing: text), length > .zero else { return nil }
        return pod.status.startTime.map { $0 + length } ?? .never
    }
}
