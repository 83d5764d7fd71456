import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: backend/cache/cache.go (v1.36).
// Deliberate differences: one live snapshot instead of a copy per cycle; assumed pods never expire (as upstream by default).

/// What the scheduler believes of nodes and of the pods on them, assumed ones among them.
final class NodeCache {
    /// A pod on a node.
    struct Resident {
        var info: PodInfo
        var node: String
        var isAssumed: Bool
    }

    let snapshot = Snapshot()
    /// By slot; a removed node leaves a hole that the next one fills.
    private(set) var slots: [NodeInfo?] = []
    /// The slots of `snapshot.nodes`, in the same order.
    private(set) var order: [Int32] = []
    private(set) var residents: [UID: Resident] = [:]
    private var slotByName: [String: Int32] = [:]
    private var freeSlots: [Int32] = []
    private var nodeOrder: NodeOrder
    private var isOrderStale = false
    private var generation: UInt64 = 0
    /// Pods whose node is not there (yet), by node, in order of arrival.
    private var homeless: [String: [UID]] = [:]
    private(set) var changes = ChangeLog()

    init(interleavesZones: Bool) { nodeOrder = NodeOrder(interleavesZones: interleavesZones) }

    func slot(of name: String) -> Int32? { slotByName[name] }

    func node(_ name: String) -> NodeInfo? { slotByName[name].flatMap { slots[Int($0)] } }

    // MARK: - Nodes

    /// Adds a node, or takes over its newer version.
    func set(_ node: Node) {
        if let slot = slotByName[node.metadata.name], let info = slots[Int(slot)] {
            update(info, at: slot, to: node)
            return
        }
        let info = NodeInfo(node)
        let slot = freeSlots.popLast() ?? Int32(slots.count)
        if Int(slot) == slots.count { slots.append(info) } else { slots[Int(slot)] = info }
        slotByName[info.name] = slot
        takeImages(of: node, into: info)
        for uid in homeless.removeValue(forKey: info.name) ?? [] {
            if let resident = residents[uid] { info.add(resident.info) }
        }
        nodeOrder.add(node)
        isOrderStale = true
        touch(slot, object: true)
    }

    private func update(_ info: NodeInfo, at slot: Int32, to node: Node) {
        let old = info.node
        let hasNewImages = old.status.images != node.status.images
        if hasNewImages { dropImages(of: old) }
        info.update(node)
        if hasNewImages { takeImages(of: node, into: info) }
        if nodeOrder.update(from: old, to: node) { isOrderStale = true }
        if hasNewImages || old.metadata.labels != node.metadata.labels || old.spec != node.spec {
            touch(slot, object: true)
        } else if old.status.allocatable != node.status.allocatable {
            touch(slot, object: false)
        }
        // Anything else, such as a heartbeat, changes no answer of a plugin.
    }

    func removeNode(_ name: String) {
        guard let slot = slotByName.removeValue(forKey: name), let info = slots[Int(slot)] else { return }
        dropImages(of: info.node)
        if !info.pods.isEmpty { homeless[name] = info.pods.map(\.uid) }
        nodeOrder.remove(info.node)
        slots[Int(slot)] = nil
        freeSlots.append(slot)
        isOrderStale = true
        changes.append(slot)
    }

    /// Brings `order` and the snapshot up to date after nodes came or went.
    func settle() {
        guard isOrderStale else { return }
        isOrderStale = false
        order = nodeOrder.list.compactMap { slotByName[$0] }
        snapshot.nodes = order.compactMap { slots[Int($0)] }
    }

    // MARK: - Pods

    /// Puts a pod on a node; an assumption that names the same node is confirmed.
    func place(_ info: PodInfo, on node: String, isAssumed: Bool) {
        if let present = residents[info.uid] {
            if present.node == node && present.info.shape === info.shape {
                // Same place, same size: only the object is newer.
                residents[info.uid] = Resident(info: info, node: node, isAssumed: isAssumed)
                self.node(node)?.replace(info)
                return
            }
            remove(info.uid)
        }
        residents[info.uid] = Resident(info: info, node: node, isAssumed: isAssumed)
        guard let slot = slotByName[node], let nodeInfo = slots[Int(slot)] else {
            homeless[node, default: []].append(info.uid)
            return
        }
        nodeInfo.add(info)
        touch(slot, object: false)
    }

    /// Takes a pod off its node; returns what was there.
    @discardableResult
    func remove(_ uid: UID) -> Resident? {
        guard let resident = residents.removeValue(forKey: uid) else { return nil }
        guard let slot = slotByName[resident.node], let nodeInfo = slots[Int(slot)] else {
            homeless[resident.node]?.removeAll { $0 == uid }
            if homeless[resident.node]?.isEmpty ?? false { homeless[resident.node] = nil }
            return resident
        }
        nodeInfo.remove(uid)
        touch(slot, object: false)
        return resident
    }

    private func touch(_ slot: Int32, object: Bool) {
        generation += 1
        slots[Int(slot)]?.generation = generation
        if object { slots[Int(slot)]?.objectGeneration = generation }
        changes.append(slot)
    }

    // MARK: - Images

    private func takeImages(of node: Node, into info: NodeInfo) {
        info.images = [:]
        for image in node.status.images {
            for name in image.names where info.images[name] == nil {
                let state = snapshot.images[name] ?? ImageState(size: image.sizeBytes)
                state.nodeCount += 1
                snapshot.images[name] = state
                info.images[name] = state
            }
        }
    }

    private func dropImages(of node: Node) {
        var seen: Set<String> = []
        for image in node.status.images {
            for name in image.names where seen.insert(name).inserted {
                guard let state = snapshot.images[name] else { continue }
                state.nodeCount -= 1
                if state.nodeCount == 0 { snapshot.images[name] = nil }
            }
        }
    }

    // MARK: - Copy

    /// Returns a cache that changes apart from this one.
    func copied() -> NodeCache {
        let copy = NodeCache(interleavesZones: false)
        copy.nodeOrder = nodeOrder
        for (name, state) in snapshot.images {
            copy.snapshot.images[name] = ImageState(size: state.size, nodeCount: state.nodeCount)
        }
        copy.slots = slots.map { info in
            guard let info else { return nil }
            let twin = info.copied()
            for image in info.images.keys { twin.images[image] = copy.snapshot.images[image] }
            return twin
        }
        copy.slotByName = slotByName
        copy.freeSlots = freeSlots
        copy.residents = residents
        copy.homeless = homeless
        copy.generation = generation
        copy.changes = changes
        copy.snapshot.disruptionBudgets = snapshot.disruptionBudgets
        copy.snapshot.objects = snapshot.objects
        copy.isOrderStale = true
        copy.settle()
        return copy
    }
}
