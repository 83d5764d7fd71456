// Kubernetes counterpart: pkg/controller/nodelifecycle (v1.36).
// Deliberate differences: heartbeats that come are no events. A Lease in the view means that they stopped at its renewTime;
// its absence means that they come. Looks fall on the same grid on which upstream monitors.

package import ControlPlane
package import KubernetesAPI
import Chronology

/// Declares nodes unknown whose heartbeats stopped, and taints nodes so that pods stay away or leave.
package struct NodeLifecycleReconciler: Reconciler {
    package static let name = "node-lifecycle-controller"
    package static let settings = ReconcilerSettings(workers: 8)
    package static let interest = ChangeInterest([.node, .lease])
    /// The namespace of the leases of nodes.
    package static let leaseNamespace = "kube-node-lease"
    /// How often waiting NoExecute taints are looked at (`NodeEvictionPeriod`).
    static let taintingPeriod = Duration.milliseconds(100)

    /// The flags that this controller runs with.
    package let parameters: NodeLifecycleParameters
    private var zones: NodeZones
    private var memories: [String: Memory] = [:]
    // The node of each pod whose marking was asked for.
    private var marks: [ObjectKey: String] = [:]

    private struct Memory {
        /// The monitor pass at which the NoExecute taint is looked at.
        var pass: Instant?
        /// From when on the taint may be set.
        var mayTaint: Instant?
        /// The monitor pass that sees the node come, or go, for the first time.
        var arrival: Instant?
        var departure: Instant?
        var isKnown = false
        /// Whether it was refused to mark its pods.
        var marksAgain = false
    }

    package init() { self.init(NodeLifecycleParameters()) }

    /// Creates a controller with other parameters than the defaults.
    package init(_ parameters: NodeLifecycleParameters) {
        self.parameters = parameters
        zones = NodeZones(parameters)
    }

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(.lease(let lease)), .modified(_, .lease(let lease)), .deleted(.lease(let lease)):
            guard lease.metadata.namespace == Self.leaseNamespace else { return [] }
            return [ObjectKey(.node, name: lease.metadata.name)]
        case .added(.node(let node)), .deleted(.node(let node)):
            return [node.key] + zones.waiting.filter { $0 != node.metadata.name }.map { ObjectKey(.node, name: $0) }
        case .modified(.node(let old), .node(let new)):
            let isSame =
                old.status.conditions == new.status.conditions && old.spec == new.spec
                && old.metadata.labels == new.metadata.labels
            if isSame { return [] }
            // A zone that recovers sets its waiting nodes free.
            let others = old.isReady == new.isReady ? [] : zones.waiting.filter { $0 != new.metadata.name }
            return [new.key] + others.map { ObjectKey(.node, name: $0) }
        case .added, .modified, .deleted: return []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        let name = key.name
        let now = view.now
        guard var node = view.node(name) else {
            zones.forget(name, at: now)
            var result = depart(key, at: now)
            followZones(but: name, at: now, in: view, result: &result)
            return result
        }
        var memory = memories[name] ?? Memory()
        defer { memories[name] = memory }
        memory.departure = nil
        var result = ReconcileResult()

        arrive(node, memory: &memory, at: now, result: &result)
        let isLost = checkHeartbeat(&node, in: view, result: &result)
        zones.note(node, isLost: isLost, at: now)
        if isLost {
            let message = "Node \(name) status is now: NodeNotReady"
            result.events.append(EventRecord(key, reason: "NodeNotReady", message: message))
        }
        if isLost || memory.marksAgain && !node.isReady { markPods(node, in: view, result: &result) }
        memory.marksAgain = false

        var patch = Self.scheduleTaints(node)
        let wait = executeTaints(node, memory: &memory, now: now, patch: &patch, result: &result)
        if let wait { result.recheck(after: wait) }
        if !patch.isEmpty { result.actions.append(.patchNodeTaints(name, add: patch.add, remove: patch.remove)) }
        followZones(but: name, at: now, in: view, result: &result)
        return result
    }

    /// Spares the other nodes while no node is ready, and comes back when a pass will have changed that, or a rate.
    private mutating func followZones(
        but name: String, at now: Instant, in view: any ClusterView, result: inout ReconcileResult
    ) {
        if zones.isHalted(at: now) { result.actions += Self.spareAll(but: name, in: view) }
        if let due = zones.nextPass { result.recheck(after: due - now) }
    }

    /// What was refused holds up what was to follow: the pods of the node are marked when its key comes back.
    package mutating func observe(_ action: Action, error: ActionError?) {
        guard case .patchPodStatus(let pod, _, _) = action, let node = marks.removeValue(forKey: pod) else { return }
        if error != nil { memories[node]?.marksAgain = true }
    }

    /// Takes note of a node at the first monitor pass that sees it; those that were there at the start are known.
    private func arrive(_ node: Node, memory: inout Memory, at now: Instant, result: inout ReconcileResult) {
        guard !memory.isKnown else { return }
        if node.metadata.creationTimestamp > .start {
            let pass = memory.arrival ?? now.nextTick(of: parameters.nodeMonitorPeriod)
            memory.arrival = pass
            if pass > now { return result.recheck(after: pass - now) }
            let name = node.metadata.name
            let message = "Node \(name) event: Registered Node \(name) in Controller"
            result.events.append(EventRecord(node.key, reason: "RegisteredNode", message: message))
        }
        memory.isKnown = true
    }

    /// Forgets a node at the first monitor pass that misses it.
    private mutating func depart(_ key: ObjectKey, at now: Instant) -> ReconcileResult {
        let name = key.name
        guard let memory = memories[name], memory.isKnown else {
            memories[name] = nil
            return .settled
        }
        let pass = memory.departure ?? now.nextTick(of: parameters.nodeMonitorPeriod)
        guard pass <= now else {
            memories[name] = Memory()
            memories[name]?.departure = pass
            memories[name]?.isKnown = true
            return ReconcileResult(recheckAfter: pass - now)
        }
        memories[name] = nil
        let message = "Node \(name) event: Removing Node \(name) from Controller"
        return ReconcileResult(events: [EventRecord(key, reason: "RemovingNode", message: message)])
    }

    /// Sets the conditions of a node whose heartbeats stopped to Unknown, or asks for another call when that is due.
    /// Returns whether that is what ends its being ready.
    private func checkHeartbeat(
        _ node: inout Node, in view: any ClusterView, result: inout ReconcileResult
    ) -> Bool {
        let name = node.metadata.name
        guard
            case .lease(let lease) = view.object(
                ObjectKey(.lease, namespace: Self.leaseNamespace, name: name))
        else { return false }
        let late = lease.renewTime + parameters.nodeMonitorGracePeriod + Duration(nanoseconds: 1)
        let due = late.nextTick(of: parameters.nodeMonitorPeriod)
        if due > view.now {
            result.recheck(after: due - view.now)
            return false
        }
        let unknown = Self.unknownConditions(node.status.conditions, now: view.now)
        guard !unknown.isEmpty else { return false }
        let wasReady = node.isReady
        for condition in unknown { node.status.conditions.set(condition) }
        // With the version that was read: should the heartbeat be back, its write must win.
        result.actions.append(.updateStatus(.node(node)))
        return wasReady
    }

    /// Sets the Ready condition of the pods of a node that is lost to False.
    private mutating func markPods(_ node: Node, in view: any ClusterView, result: inout ReconcileResult) {
        for pod in view.pods(onNode: node.metadata.name) {
            guard var condition = pod.status.conditions.named(Condition.ready), condition.status != .false else {
                continue
            }
            condition.status = .false
            condition.lastTransitionTime = view.now.wholeSecond
            condition.lastUpdateTime = condition.lastTransitionTime
            marks[pod.key] = node.metadata.name
            result.actions.append(
                .patchPodStatus(pod.key, uid: pod.metadata.uid, PodStatusPatch(conditions: [condition])))
            result.events.append(EventRecord(pod.key, .warning, reason: "NodeNotReady", message: "Node is not ready"))
        }
    }

    /// Sets or removes the NoExecute taints at the next monitor pass, as the zone's rate allows; returns when to look again.
    private mutating func executeTaints(
        _ node: Node, memory: inout Memory, now: Instant, patch: inout TaintPatch, result: inout ReconcileResult
    ) -> Duration? {
        let name = node.metadata.name
        let present = node.spec.taints.filter { NodeTaints.isLifecycle($0) }
        let wanted = NodeTaints.noExecute(node.status.conditions)
        let isSettled = wanted.map { present == [$0] } ?? present.isEmpty
        if isSettled {
            zones.dequeue(name)
            memory.pass = nil
            memory.mayTaint = nil
            if !zones.isHalted(at: now) || present.isEmpty { return nil }
        }
        let pass = memory.pass ?? now.nextTick(of: parameters.nodeMonitorPeriod)
        memory.pass = pass
        if pass > now { return pass - now }
        guard let wanted, !zones.isHalted(at: now) else {
            zones.dequeue(name)
            memory.pass = nil
            memory.mayTaint = nil
            patch.remove += present
            if wanted != nil, zones.enqueue(name) { memory.pass = now }
            return nil
        }
        if !present.isEmpty, !isSettled {
            // The other taint is exchanged at once: the node has had its turn.
            memory.pass = nil
            patch.remove += present.filter { $0 != wanted }
            if !present.contains(wanted) { patch.add.append(wanted) }
            return nil
        }
        if zones.enqueue(name) || memory.mayTaint == nil { memory.mayTaint = now + Self.taintingPeriod }
        if let mayTaint = memory.mayTaint, mayTaint > now { return mayTaint - now }
        guard let turn = zones.turn(of: name, now: now) else { return nil }
        if turn > .zero { return turn }
        memory.pass = nil
        memory.mayTaint = nil
        patch.add.append(wanted)
        return nil
    }

    /// Takes the NoExecute taints off all other nodes, when no node of the cluster is ready.
    private static func spareAll(but name: String, in view: any ClusterView) -> [Action] {
        var actions: [Action] = []
        for node in view.nodes() where node.metadata.name != name {
            let taints = node.spec.taints.filter { NodeTaints.isLifecycle($0) }
            if !taints.isEmpty { actions.append(.patchNodeTaints(node.metadata.name, add: [], remove: taints)) }
        }
        return actions
    }
}

extension ReconcileResult {
    /// Asks for another call after `wait`, if no earlier one is asked for.
    mutating func recheck(after wait: Duration) { recheckAfter = recheckAfter.map { min($0, wait) } ?? wait }
}
