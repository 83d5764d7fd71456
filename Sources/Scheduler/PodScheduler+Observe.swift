package import Chronology
package import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: pkg/scheduler/eventhandlers.go (v1.36).

extension PodScheduler {
    /// Takes in a change that the watch shows at `now`.
    package mutating func observe(_ event: WatchEvent, now: Instant) {
        switch event {
        // Nearly all are of pods, whose objects are told without a wrapping.
        case .added(.pod(let pod)): applyPod(old: nil, new: pod, now: now)
        case .modified(.pod(let old), .pod(let new)): applyPod(old: old, new: new, now: now)
        case .deleted(.pod(let pod)): applyPod(old: pod, new: nil, now: now)
        case .added(let object): apply(old: nil, new: object, now: now)
        case .modified(let old, let new): apply(old: old, new: new, now: now)
        case .deleted(let object): apply(old: object, new: nil, now: now)
        }
    }

    private mutating func apply(old: KubernetesObject?, new: KubernetesObject?, now: Instant) {
        guard let object = new ?? old else { return }
        switch object {
        case .pod: applyPod(old: old?.asPod, new: new?.asPod, now: now)
        case .node: applyNode(old: old?.asNode, new: new?.asNode, now: now)
        case .podDisruptionBudget(let budget): apply(budget, isDeleted: new == nil)
        case .namespace:
            let key = object.key
            let known = cache.snapshot.namespaceLabels(key.name)
            store(object, old, new, .namespace, now)
            if cache.index.asksForNamespaces, cache.snapshot.namespaceLabels(key.name) != known { cache.restartIndex() }
        case .service: store(object, old, new, .service, now)
        case .persistentVolume: store(object, old, new, .persistentVolume, now)
        case .persistentVolumeClaim: store(object, old, new, .persistentVolumeClaim, now)
        case .storageClass: store(object, old, new, .storageClass, now)
        case .csiNode: store(object, old, new, .csiNode, now)
        case .replicaSet, .statefulSet, .replicationController:
            // Owners select pods, which default topology spreading asks for.
            cache.snapshot.set(new, at: object.key)
        case .deployment, .daemonSet, .job, .cronJob, .priorityClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice:
            break
        case .other(let object): applyPodGroup(object, isDeleted: new == nil, now: now)
        }
    }

    // MARK: - Nodes

    private mutating func applyNode(old: Node?, new: Node?, now: Instant) {
        guard let new else {
            guard let old else { return }
            queue.moveAll(after: ClusterChange(.node, .delete, old: .node(old)), now: now)
            cache.removeNode(old.metadata.name)
            if !sleepers.isEmpty { resumeBindings(now: now) }
            return
        }
        // What this scheduler knew counts, not what the event says was before.
        let known = cache.node(new.metadata.name)?.node
        cache.set(new)
        defer { if !sleepers.isEmpty { resumeBindings(now: now) } }
        guard let known else {
            queue.moveAll(after: ClusterChange(.node, .add, new: .node(new)), now: now)
            return
        }
        guard queue.listens() else { return }
        for action in Self.actions(from: known, to: new) {
            queue.moveAll(after: ClusterChange(.node, action, old: .node(known), new: .node(new)), now: now)
        }
    }

    /// What about the node became different, in upstream's order.
    private static func actions(from old: Node, to new: Node) -> [EventActions] {
        if old.isIdentical(to: new) { return [] }
        var actions: [EventActions] = []
        if old.spec.unschedulable && !new.spec.unschedulable { actions.append(.nodeTaint) }
        if old.status.allocatable != new.status.allocatable { actions.append(.nodeAllocatable) }
        if old.metadata.labels != new.metadata.labels { actions.append(.nodeLabel) }
        if old.spec.taints != new.spec.taints { actions.append(.nodeTaint) }
        if !Self.areSame(old.status.conditions, new.status.conditions) { actions.append(.nodeCondition) }
        if old.metadata.annotations != new.metadata.annotations { actions.append(.nodeAnnotation) }
        return actions
    }

    /// Whether the same conditions have the same status, whatever their order.
    private static func areSame(_ left: [Condition], _ right: [Condition]) -> Bool {
        left.count == right.count && left.allSatisfy { right.named($0.type)?.status == $0.status }
    }

    // MARK: - Pods

    private mutating func applyPod(old: Pod?, new: Pod?, now: Instant) {
        // A pod that has ended is gone for the scheduler.
        let present = new.flatMap { $0.status.phase.isTerminal ? nil : $0 }
        if let present {
            followGang(of: present)
            if present.nodeName != nil {
                applyAssigned(present, old: old, now: now)
            } else {
                applyUnassigned(present, old: old, now: now)
            }
        } else if let gone = new ?? old {
            applyGone(gone, now: now)
            queue.gangs.forget(gone.metadata.uid)
        }
    }

    private mutating func applyAssigned(_ pod: Pod, old: Pod?, now: Instant) {
        let uid = pod.metadata.uid
        guard let node = pod.nodeName else { return }
        let known = cache.residents[uid]
        if let known, !known.isAssumed, known.info.pod.looksLike(pod) {
            cache.retakePorts(of: known)
            return heardOfOtherUpdate(known, pod, now)
        }
        queue.remove(uid)
        nominator.remove(uid)
        if pod.isTerminating { victimLeaves(uid) }
        if !bindings.isEmpty { seenBound(uid, on: node) }
        cache.place(info(pod, known: known?.info), on: node, isAssumed: false)
        guard queue.listens() else { return }
        guard let known, !known.isAssumed, known.node == node else {
            queue.moveAll(after: ClusterChange(.assignedPod, .add, new: .pod(pod)), now: now)
            return
        }
        for change in Self.changes(.assignedPod, from: known.info.pod, to: pod) {
            queue.moveAll(after: change, now: now)
        }
    }

    /// Nothing changed that a plugin reads: the older version of the pod does as well.
    private mutating func heardOfOtherUpdate(_ known: NodeCache.Resident, _ pod: Pod, _ now: Instant) {
        guard queue.counts.unschedulable > 0 || !queue.inFlight.isEmpty, profiles.contains(where: \.hearsOfOtherUpdates)
        else { return }
        let change = ClusterChange(.assignedPod, .otherUpdate, old: .pod(known.info.pod), new: .pod(pod))
        queue.moveAll(after: change, now: now)
    }

    private mutating func applyUnassigned(_ pod: Pod, old: Pod?, now: Instant) {
        let uid = pod.metadata.uid
        guard let profile = profile(named: pod.spec.schedulerName) else { return }
        if pod.isTerminating { victimLeaves(uid) }
        let info = info(pod)
        if bindings[uid] != nil {
            // The pod is on its way to a node. Only its deletion matters: it frees what was set aside.
            bindings[uid]?.record.info = info
            if pod.isTerminating { assumedPodIsDeleted(uid, now: now) }
            return
        }
        if !orphans.isEmpty, orphans[uid] != nil { return }
        if let queued = queue.pods[uid] {
            renominate(info, before: queued.info.pod)
            let changes = Self.changes(.unscheduledPod, from: queued.info.pod, to: pod)
            queue.update(info, changes: changes, now: now)
        } else {
            let isReady = queue.add(info, profile: profile, now: now)
            if isReady { renominate(info, before: pod) }
        }
        if let old, let before = old.status.nominatedNodeName, before != pod.status.nominatedNodeName {
            // The room that was kept for it is free again.
            let change = ClusterChange(.assignedPod, .delete, old: .pod(old))
            queue.moveAll(after: change, now: now) { $0.info.priority <= old.priority }
        }
    }

    /// Follows a newer version of a waiting pod (`UpdateNominatedPod`). A nomination that only this scheduler knows of
    /// yet stays.
    private mutating func renominate(_ info: PodInfo, before: Pod) {
        if let node = info.pod.status.nominatedNodeName, !node.isEmpty {
            nominator.set(info, node: node)
        } else if before.status.nominatedNodeName != nil {
            nominator.remove(info.uid)
        }
    }

    /// The watch shows a pod bound that this scheduler was still binding.
    private mutating func seenBound(_ uid: UID, on node: String) {
        guard let binding = bindings.removeValue(forKey: uid) else { return }
        wake(uid)
        queue.inFlight.leave(uid)
        if binding.node != node {
            // Somebody else was quicker.
            let profile = profiles[binding.record.profile]
            unreserve(binding.info, on: binding.node, profile: profile, state: binding.state)
        } else if binding.stage != .bound {
            tellBound(binding)
        }
    }

    private mutating func applyGone(_ pod: Pod, now: Instant) {
        let uid = pod.metadata.uid
        queue.remove(uid)
        victimLeaves(uid)
        if !preemptions.isEmpty { preemptions.end(uid) }
        if !queue.preempting.isEmpty { queue.preempting.remove(uid) }
        if bindings[uid] != nil { return assumedPodIsDeleted(uid, now: now) }
        nominator.remove(uid)
        if cache.residents[uid] != nil { return release(uid, now: now) }
        if pod.nodeName == nil, pod.status.nominatedNodeName != nil {
            let change = ClusterChange(.assignedPod, .delete, old: .pod(pod))
            queue.moveAll(after: change, now: now) { $0.info.priority <= pod.priority }
        }
    }

    /// Takes a pod off its node, and tells the queue that there is room.
    private mutating func release(_ uid: UID, now: Instant) {
        guard let resident = cache.remove(uid) else { return }
        guard queue.listens() else { return }
        var pod = resident.info.pod
        pod.nodeName = resident.node
        queue.moveAll(after: ClusterChange(.assignedPod, .delete, old: .pod(pod)), now: now)
    }

    /// What about the pod became different, one change per kind of difference (`PodSchedulingPropertiesChange`).
    private static func changes(_ resource: EventResource, from old: Pod, to new: Pod) -> [ClusterChange] {
        var actions: [EventActions] = []
        if old.metadata.labels != new.metadata.labels { actions.append(.podLabel) }
        if old.specBox !== new.specBox {
            let before = PodRequests.total(of: old.spec)
            let after = PodRequests.total(of: new.spec)
            if before.entries.contains(where: { $0.amount > after[$0.name] ?? .zero }) { actions.append(.podScaleDown) }
            if new.spec.schedulingGates.isEmpty && !old.spec.schedulingGates.isEmpty {
                actions.append(.podGatesEliminated)
            }
            if new.spec.tolerations.count != old.spec.tolerations.count { actions.append(.podToleration) }
        }
        if actions.isEmpty { actions = [.otherUpdate] }
        return actions.map { ClusterChange(resource, $0, old: .pod(old), new: .pod(new)) }
    }

    // MARK: - Other objects

    private mutating func apply(_ budget: PodDisruptionBudget, isDeleted: Bool) {
        let key = ObjectKey(.podDisruptionBudget, namespace: budget.metadata.namespace, name: budget.metadata.name)
        let keys = cache.snapshot.disruptionBudgets.map {
            ObjectKey(.podDisruptionBudget, namespace: $0.metadata.namespace, name: $0.metadata.name)
        }
        if let place = keys.firstIndex(of: key) { cache.snapshot.disruptionBudgets.remove(at: place) }
        if isDeleted { return }
        let place = cache.snapshot.disruptionBudgets.firstIndex {
            key < ObjectKey(.podDisruptionBudget, namespace: $0.metadata.namespace, name: $0.metadata.name)
        }
        cache.snapshot.disruptionBudgets.insert(budget, at: place ?? cache.snapshot.disruptionBudgets.endIndex)
    }

    private mutating func store(
        _ object: KubernetesObject, _ old: KubernetesObject?, _ new: KubernetesObject?, _ resource: EventResource,
        _ now: Instant
    ) {
        let isKnown = cache.snapshot.objects[object.key] != nil
        cache.snapshot.set(new, at: object.key)
        cache.snapshot.storage.apply(object, isDeleted: new == nil)
        let action: EventActions = new == nil ? .delete : isKnown ? .otherUpdate : .add
        queue.moveAll(after: ClusterChange(resource, action, old: old, new: new), now: now)
        if !sleepers.isEmpty { resumeBindings(now: now) }
    }
}

extension Pod {
    /// Whether a pod on a node is the same to every plugin: most changes of its status are not looked at by any.
    func looksLike(_ other: Pod) -> Bool {
        if isIdentical(to: other) { return true }
        return specBox === other.specBox && nodeName == other.nodeName && !isTerminating && !other.isTerminating
            && status.startTime == other.status.startTime && metadata.labels == other.metadata.labels
    }
}

extension KubernetesObject {
    fileprivate var asPod: Pod? { if case .pod(let pod) = self { pod } else { nil } }
    fileprivate var asNode: Node? { if case .node(let node) = self { node } else { nil } }
}
