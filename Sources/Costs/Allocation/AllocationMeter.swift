// Counterpart: the OpenCost specification's allocation of asset costs. Deliberate differences: usage is not sampled, it
// is integrated exactly between changes; the reservation of a node is kept apart as overhead instead of being idle.

package import Chronology

/// Shares what nodes cost between the pods on them, by intervals and to the nano-dollar.
///
/// A node's price is split between CPU, memory and GPU by `ResourceRatios`; of each a pod owes the part of the node's
/// capacity that it holds, which is the greater of its request and its usage. While pods and reservation hold more than
/// there is, their parts are scaled down to the whole. What nobody holds is idle. A start, update or stop takes
/// constant time, whatever else runs on the node. For each node time must not run backward.
package struct AllocationMeter: Sendable {
    /// A node that is being metered.
    package struct NodeID: Hashable, Sendable {
        let slot: Int32
        let generation: UInt32
    }

    /// A pod that is being metered.
    package struct PodID: Hashable, Sendable {
        let slot: Int32
        let generation: UInt32
    }

    /// The last charge of a pod, with the account that its start named.
    package struct SettledPod: Hashable, Sendable {
        package let account: Account
        package let charge: ResourceCharge
    }

    /// The bill of a node, with the account that its opening named.
    package struct SettledNode: Hashable, Sendable {
        package let account: Account
        package let bill: NodeBill
    }

    private struct NodeSlot {
        var generation: UInt32 = 0
        var isOpen = true
        var meter: NodeMeter
    }

    private struct PodSlot {
        var generation: UInt32 = 0
        var isOpen = true
        var meter: PodMeter
    }

    private let ratios: ResourceRatios
    private var nodes: [NodeSlot] = []
    private var freeNodes: [Int32] = []
    private var pods: [PodSlot] = []
    private var freePods: [Int32] = []
    /// The prices that were set since somebody took this; nil when nobody wants to know.
    package var priceSteps: [PriceStep]?

    /// Creates a meter without nodes that splits prices by `ratios`.
    package init(ratios: ResourceRatios = .openCost) { self.ratios = ratios }

    /// The number of nodes that are open.
    package var nodeCount: Int { nodes.count - freeNodes.count }

    /// The number of pods that are running.
    package var podCount: Int { pods.count - freePods.count }
}

// MARK: - Nodes

extension AllocationMeter {
    /// Opens a node whose machine is billed from `at` on at `hourly`; `reserved` is its capacity less its allocatable.
    package mutating func openNode(
        account: Account, hourly: NanoDollars, rule: BillingRule = .perSecond, capacity: ResourceAmounts,
        reserved: ResourceAmounts, at: Instant
    ) -> NodeID {
        precondition(capacity.isValid && reserved.isValid, "a node's amounts must not be negative")
        priceSteps?.append(PriceStep(account: account, at: at, hourly: hourly))
        let meter = NodeMeter(
            account: account, bill: RunningBill(rule: rule, hourly: hourly, start: at), capacity: capacity,
            reserved: reserved, ratios: ratios)
        if let slot = freeNodes.popLast() {
            nodes[Int(slot)].meter = meter
            nodes[Int(slot)].isOpen = true
            return NodeID(slot: slot, generation: nodes[Int(slot)].generation)
        }
        nodes.append(NodeSlot(meter: meter))
        return NodeID(slot: Int32(nodes.count - 1), generation: 0)
    }

    /// Sets the machine's price an hour, and returns from when on it is charged: time that is billed already keeps its
    /// price.
    @discardableResult
    package mutating func setPrice(_ hourly: NanoDollars, of node: NodeID, at: Instant) -> Instant {
        let slot = place(of: node)
        nodes[slot].meter.setPrice(hourly, at: at)
        // Time that is billed ahead keeps its price.
        let (account, effective) = (nodes[slot].meter.account, nodes[slot].meter.bill.effective)
        priceSteps?.append(PriceStep(account: account, at: effective, hourly: hourly))
        return effective
    }

    /// Returns the node's bill so far; the differences between calls sum to its total when it closes.
    package func accrued(_ node: NodeID, at: Instant) -> NanoDollars { nodes[place(of: node)].meter.bill.total(at: at) }

    /// Returns the number of pods running on `node`.
    package func podCount(on node: NodeID) -> Int { Int(nodes[place(of: node)].meter.podCount) }

    /// Closes a node, whose pods must have been stopped, and returns its bill.
    package mutating func closeNode(_ node: NodeID, at: Instant) -> NodeBill {
        let slot = place(of: node)
        precondition(nodes[slot].meter.podCount == 0, "a node closes after its pods have stopped")
        nodes[slot].meter.accrue(to: at)
        nodes[slot].isOpen = false
        nodes[slot].generation &+= 1
        freeNodes.append(node.slot)
        return nodes[slot].meter.closingBill()
    }
}

// MARK: - Pods

extension AllocationMeter {
    /// Starts charging a pod on `node` for what it holds, the greater of its request and its usage.
    package mutating func startPod(
        account: Account, on node: NodeID, holding held: ResourceAmounts, at: Instant
    ) -> PodID {
        precondition(held.isValid, "a pod's amounts must not be negative")
        let nodeSlot = place(of: node)
        var meter = PodMeter(account: account, node: node.slot)
        meter.hold(held, on: &nodes[nodeSlot].meter, at: at)
        nodes[nodeSlot].meter.addPod()
        if let slot = freePods.popLast() {
            pods[Int(slot)].meter = meter
            pods[Int(slot)].isOpen = true
            return PodID(slot: slot, generation: pods[Int(slot)].generation)
        }
        pods.append(PodSlot(meter: meter))
        return PodID(slot: Int32(pods.count - 1), generation: 0)
    }

    /// Changes what a pod is charged for from `at` on.
    package mutating func updatePod(_ pod: PodID, holding held: ResourceAmounts, at: Instant) {
        precondition(held.isValid, "a pod's amounts must not be negative")
        let slot = place(of: pod)
        let node = Int(pods[slot].meter.node)
        pods[slot].meter.hold(held, on: &nodes[node].meter, at: at)
    }

    /// Stops charging a pod and returns what it owes for its whole stay.
    package mutating func stopPod(_ pod: PodID, at: Instant) -> ResourceCharge {
        let slot = place(of: pod)
        let node = Int(pods[slot].meter.node)
        pods[slot].meter.hold(.zero, on: &nodes[node].meter, at: at)
        let charge = pods[slot].meter.owed(on: nodes[node].meter)
        nodes[node].meter.removePod(charge)
        pods[slot].isOpen = false
        pods[slot].generation &+= 1
        freePods.append(pod.slot)
        return charge
    }

    /// Returns what a running pod owes so far; never less than at an earlier instant.
    package func accrued(_ pod: PodID, at: Instant) -> ResourceCharge {
        let slot = place(of: pod)
        var meter = nodes[Int(pods[slot].meter.node)].meter
        meter.accrue(to: at)
        return pods[slot].meter.owed(on: meter)
    }

    /// Stops every pod and closes every node, both in the order of their slots, for the end of a run.
    package mutating func settle(at: Instant) -> (pods: [SettledPod], nodes: [SettledNode]) {
        var stopped: [SettledPod] = []
        for slot in pods.indices where pods[slot].isOpen {
            let id = PodID(slot: Int32(slot), generation: pods[slot].generation)
            stopped.append(SettledPod(account: pods[slot].meter.account, charge: stopPod(id, at: at)))
        }
        var closed: [SettledNode] = []
        for slot in nodes.indices where nodes[slot].isOpen {
            let id = NodeID(slot: Int32(slot), generation: nodes[slot].generation)
            closed.append(SettledNode(account: nodes[slot].meter.account, bill: closeNode(id, at: at)))
        }
        return (stopped, closed)
    }

    private func place(of node: NodeID) -> Int {
        let slot = Int(node.slot)
        precondition(nodes[slot].isOpen && nodes[slot].generation == node.generation, "the node has been closed")
        return slot
    }

    private func place(of pod: PodID) -> Int {
        let slot = Int(pod.slot)
        precondition(pods[slot].isOpen && pods[slot].generation == pod.generation, "the pod has been stopped")
        return slot
    }
}

// MARK: - Between opening and closing

extension AllocationMeter {
    /// Returns a node's bill as if it closed at `at`; `running` is what its running pods have accrued by then.
    package func accruedBill(_ node: NodeID, running: ResourceCharge, at: Instant) -> NodeBill {
        var meter = nodes[place(of: node)].meter
        meter.accrue(to: at)
        meter.charge(running)
        return meter.closingBill()
    }
}
