import SchedulingFramework

/// How much the pods of each of a cluster's nodes leave free, in columns: most nodes without room are passed over at a glance.
struct RoomColumns {
    /// In the order of the cluster.
    let nodes: [NodeInfo]
    /// Only looked up.
    private let slots: [ObjectIdentifier: Int]
    private var milliCPU: [Int64]
    private var memory: [Int64]
    /// No more than 0 on a node that takes no pod, or is not there.
    private var pods: [Int64]

    init(_ nodes: [NodeInfo]) {
        self.nodes = nodes
        var slots: [ObjectIdentifier: Int] = [:]
        slots.reserveCapacity(nodes.count)
        for (slot, node) in nodes.enumerated() { slots[ObjectIdentifier(node)] = slot }
        self.slots = slots
        milliCPU = [Int64](repeating: 0, count: nodes.count)
        memory = milliCPU
        pods = milliCPU
        for node in nodes { refresh(node) }
    }

    /// The place of a node in the columns, or nil of one that came later.
    func slot(of node: NodeInfo) -> Int? { slots[ObjectIdentifier(node)] }

    /// Takes over what a node has left.
    mutating func refresh(_ node: NodeInfo) {
        guard let slot = slot(of: node) else { return }
        let (allocatable, requested) = (node.allocatable, node.requested)
        milliCPU[slot] = allocatable.milliCPU - requested.milliCPU
        memory[slot] = allocatable.memory - requested.memory
        pods[slot] = node.allowedPods - node.podCount
    }

    /// Notes that a node is gone.
    mutating func close(_ node: NodeInfo) {
        if let slot = slot(of: node) { pods[slot] = 0 }
    }

    /// Returns the first slot from `start` on that has as much left as `wanted`, in what the columns tell, or nil.
    func next(_ wanted: ResourceAmounts, from start: Int) -> Int? {
        // What nobody asks for may be overdrawn.
        let cpu = wanted.milliCPU > 0 ? wanted.milliCPU : Int64.min
        let bytes = wanted.memory > 0 ? wanted.memory : Int64.min
        var slot = start
        while slot < pods.count {
            if milliCPU[slot] >= cpu, memory[slot] >= bytes, pods[slot] > 0 { return slot }
            slot += 1
        }
        return nil
    }
}
