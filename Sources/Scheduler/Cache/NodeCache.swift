import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: backend/cache/cache.go (v1.36).
// Deliberate differences: one live snapshot instead of a copy per cycle; assumed pods never expire (as upstream by default).

/// What the scheduler believes of nodes and of the pods on them, assumed ones among them.
final class NodeCache {
    let snapshot = Snapshot()
    /// By slot; a removed node leaves a hole that the next one fills.
    private(set) var slots: [NodeInfo?] = []
    /// The slots of `snapshot.nodes`, in the same order.
    private(set) var order: [Int32] = []
    /// By slot, the place in `order`; -1 where there is no node.
    private(set) var places: [Int32] = []
    /// Changes with every change of `order`; never 0 once there are nodes.
    private(set) var orderVersion: UInt64 = 0
    /// Changes whenever an image is on more or fewer nodes than before, or of another size.
    private(set) var imageVersion: UInt64 = 0
    /// By slot, when the node object changed last.
    private(set) var generations: [NodeGenerations] = []
    /// By slot, the plain numbers of the node.
    private(set) var usages: [NodeUsage] = []
    /// By slot, the number of its last entry in `changes`.
    private(set) var lastChanges: [UInt64] = []
    private(set) var residents: [UID: Resident] = [:]
    private var slotByName = NameTable<Int32>()
    private var freeSlots: [Int32] = []
    private var nodeOrder: NodeOrder
    private var isOrderStale = false
    private var generation: UInt64 = 0
    /// Pods whose node is not there (yet), by node, in order of arrival.
    private var homeless: [String: [UID]] = [:]
    /// Every change that can change an answer of a plugin.
    private(set) var changes = ChangeLog()
    /// Those among them that are about labels, taints and the like.
    private(set) var objectChanges = ChangeLog()
    /// Those among them that are about images.
    private(set) var imageChanges = ChangeLog()
    /// Counts of pods for the rules about other pods.
    private(set) var index = TopologyIndex()
    /// Whether a pod that left its node has ever freed a port that another pod there has too.
    private(set) var hasFreedPorts = false
    /// Whether rules of pods on nodes about other pods are of interest.
    var watchesRules = false

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
        if Int(slot) == slots.count {
            slots.append(info)
            generations.append(NodeGenerations())
            usages.append(NodeUsage())
            lastChanges.append(0)
        } else {
            slots[Int(slot)] = info
        }
        slotByName[info.name] = slot
        setImages(of: info, at: slot, from: [], to: node.status.images)
        for uid in homeless.removeValue(forKey: info.name) ?? [] {
            guard let resident = residents[uid] else { continue }
            residents[uid]?.slot = slot
            info.add(resident.info)
            if index.isActive { index.join(resident.podClass, slot: slot) }
            countVolumes(resident.info, 1)
        }
        nodeOrder.add(node)
        isOrderStale = true
        touch(slot, object: true, images: true)
    }

    private func update(_ info: NodeInfo, at slot: Int32, to node: Node) {
        let old = info.node
        info.update(node)
        let hasNewImages = setImages(of: info, at: slot, from: old.status.images, to: node.status.images)
        if nodeOrder.update(from: old, to: node) { isOrderStale = true }
        let isNewObject = old.metadata.labels != node.metadata.labels || old.spec != node.spec
        if hasNewImages || isNewObject || old.status.allocatable != node.status.allocatable {
            touch(slot, object: isNewObject, images: hasNewImages)
        }
        // Anything else, such as a heartbeat, changes no answer of a plugin.
    }

    func removeNode(_ name: String) {
        guard let slot = slotByName.removeValue(forKey: name), let info = slots[Int(slot)] else { return }
        setImages(of: info, at: slot, from: info.node.status.images, to: [])
        if !info.pods.isEmpty { homeless[name] = info.pods.map(\.uid) }
        for pod in info.pods { residents[pod.uid]?.slot = -1 }
        for pod in info.pods { countVolumes(pod, -1) }
        nodeOrder.remove(info.node)
        if index.isActive { index.empty(slot: slot) }
        slots[Int(slot)] = nil
        generations[Int(slot)] = NodeGenerations()
        freeSlots.append(slot)
        isOrderStale = true
    }

    /// Brings `order` and the snapshot up to date after nodes came or went.
    func settle() {
        guard isOrderStale else { return }
        isOrderStale = false
        order = nodeOrder.list.compactMap { slotByName[$0] }
        snapshot.nodes = order.compactMap { slots[Int($0)] }
        places = [Int32](repeating: -1, count: slots.count)
        for (place, slot) in order.enumerated() { places[Int(slot)] = Int32(place) }
        orderVersion += 1
    }

    // MARK: - Pods

    /// Puts a pod on a node, there on the graphics processors `devices`; an assumption that names the same node is
    /// confirmed, and the pod keeps its devices.
    func place(_ info: PodInfo, on node: String, isAssumed: Bool, devices: UInt64? = nil) {
        if let place = residents.index(forKey: info.uid) {
            if let former = residents.values[place].renew(info, on: node, isAssumed: isAssumed) {
                // Same place, same size: only the object is newer.
                if former.slot >= 0, slots[Int(former.slot)]?.replace(info) ?? false { touch(former.slot) }
                let podClass = reclassified(former.info, former.podClass, on: former.slot, as: info)
                if podClass != former.podClass { residents.values[place].podClass = podClass }
                return
            }
            remove(info.uid)
        }
        if !index.isActive && watchesRules && info.shape.hasPodAffinity { wake() }
        let podClass = index.isActive ? index.enter(info, in: snapshot) : -1
        let slot = slotByName[node] ?? -1
        residents[info.uid] = Resident(
            info: info, node: node, isAssumed: isAssumed, podClass: podClass, slot: slot)
        guard slot >= 0, let nodeInfo = slots[Int(slot)] else {
            homeless[node, default: []].append(info.uid)
            return
        }
        let marks = podClass >= 0 ? index.marks(of: podClass) : nil
        nodeInfo.add(info, devices: devices, marks: marks)
        if podClass >= 0 { index.join(podClass, slot: slot) }
        countVolumes(info, 1)
        touch(slot)
    }

    /// Takes a pod off its node; returns what was there.
    @discardableResult
    func remove(_ uid: UID) -> Resident? {
        guard let resident = residents.removeValue(forKey: uid) else { return nil }
        let slot = resident.slot
        guard slot >= 0, let nodeInfo = slots[Int(slot)] else {
            homeless[resident.node]?.removeAll { $0 == uid }
            if homeless[resident.node]?.isEmpty ?? false { homeless[resident.node] = nil }
            if index.isActive { index.exit(resident.podClass) }
            return resident
        }
        nodeInfo.remove(uid)
        let ports = resident.info.shape.hostPorts
        if !ports.isEmpty, nodeInfo.pods.contains(where: { $0.shape.hostPorts.contains(where: ports.contains) }) {
            hasFreedPorts = true
        }
        if index.isActive {
            index.leave(resident.podClass, slot: slot)
            index.exit(resident.podClass)
        }
        countVolumes(resident.info, -1)
        touch(slot)
        return resident
    }

    /// A newer version of a pod, else like the old one, takes ports again that another pod has freed, as upstream.
    func retakePorts(of resident: Resident) {
        guard hasFreedPorts, resident.slot >= 0, !resident.info.shape.hostPorts.isEmpty else { return }
        if slots[Int(resident.slot)]?.replace(resident.info) ?? false { touch(resident.slot) }
    }

    private func countVolumes(_ pod: PodInfo, _ change: Int) {
        if !pod.shape.volumes.isEmpty { snapshot.storage.count(pod, change) }
    }

    private func touch(_ slot: Int32, object: Bool = false, images: Bool = false) {
        guard let info = slots[Int(slot)] else { return }
        generation += 1
        if object { generations[Int(slot)].object = generation }
        if images { generations[Int(slot)].images = generation }
        if object { objectChanges.append(slot) }
        if images { imageChanges.append(slot) }
        usages[Int(slot)] = info.figures
        changes.append(slot)
        lastChanges[Int(slot)] = changes.end - 1
    }

    /// Takes over the images of a node; returns whether they are others than before.
    @discardableResult
    private func setImages(of info: NodeInfo, at slot: Int32, from old: [NodeImage], to new: [NodeImage]) -> Bool {
        guard ImageSpread.update(info, at: slot, from: old, to: new, in: snapshot) else { return false }
        imageVersion += 1
        return true
    }

    // MARK: - Rules about other pods

    /// Returns the number of the counter for `rule`.
    func counter(_ rule: SlotCounter.Rule, now: UInt64) -> Int32 {
        if !index.isActive { wake() }
        return index.counter(rule, now: now, in: snapshot)
    }

    /// Begins to count anew: the counters have become too many, or namespaces have other labels.
    func restartIndex() {
        guard index.isActive else { return }
        index.reset()
        wake()
    }

    /// Shows the index all pods that there are.
    private func wake() {
        index.activate(slots: slots.count)
        func enter(_ uid: UID) -> Int32 {
            guard let info = residents[uid]?.info else { return -1 }
            let podClass = index.enter(info, in: snapshot)
            residents[uid]?.podClass = podClass
            return podClass
        }
        for (slot, node) in slots.enumerated() {
            for pod in node?.pods ?? [] {
                let podClass = enter(pod.uid)
                if podClass >= 0 { index.join(podClass, slot: Int32(slot)) }
            }
        }
        for node in homeless.keys.sorted() { for uid in homeless[node] ?? [] { _ = enter(uid) } }
    }

    /// Returns the class of a newer version of a pod that stays where it is.
    private func reclassified(_ former: PodInfo, _ formerClass: Int32, on slot: Int32, as info: PodInfo) -> Int32 {
        guard index.isActive, !Self.isSameClass(former.pod, info.pod), !index.isOfClass(formerClass, info) else {
            return formerClass
        }
        let podClass = index.enter(info, in: snapshot)
        if slot >= 0 {
            index.leave(formerClass, slot: slot)
            index.join(podClass, slot: slot)
            touch(slot)
        }
        index.exit(formerClass)
        return podClass
    }

    /// A cheap proof that two versions of a pod of one shape are of one class.
    private static func isSameClass(_ old: Pod, _ new: Pod) -> Bool {
        old.isTerminating == new.isTerminating && old.metadata.sharesParts(with: new.metadata)
    }

    // MARK: - Copy

    /// Returns a cache that changes apart from this one.
    func copied() -> NodeCache {
        let copy = NodeCache(interleavesZones: false)
        copy.nodeOrder = nodeOrder
        for (name, state) in snapshot.images {
            copy.snapshot.images[name] = state.copied()
        }
        copy.slots = slots.map { info in
            guard let info else { return nil }
            let twin = info.copied(isDryRun: false)
            for image in info.images.keys { twin.images[image] = copy.snapshot.images[image] }
            return twin
        }
        copy.slotByName = slotByName
        copy.freeSlots = freeSlots
        copy.residents = residents
        copy.homeless = homeless
        copy.generation = generation
        copy.generations = generations
        copy.usages = usages
        copy.orderVersion = orderVersion
        copy.imageVersion = imageVersion
        copy.lastChanges = lastChanges
        copy.changes = changes
        copy.objectChanges = objectChanges
        copy.imageChanges = imageChanges
        copy.index = index
        copy.hasFreedPorts = hasFreedPorts
        copy.watchesRules = watchesRules
        copy.snapshot.disruptionBudgets = snapshot.disruptionBudgets
        copy.snapshot.objects = snapshot.objects
        copy.snapshot.storage = snapshot.storage
        copy.isOrderStale = true
        copy.settle()
        return copy
    }
}
