import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines

// Counterpart: what a kubelet does that does not reach the API server (v1.36): its pods run on, it restarts what ends,
// and tells of it all when it is heard again. What the control plane does meanwhile is that of the node lifecycle.

extension World {
    /// Keeps a kubelet and the API server from hearing of each other.
    mutating func cut(_ index: Int32) {
        nodes[Int(index)].cuts += 1
        guard nodes[Int(index)].cuts == 1 else { return }
        faults.cutNodes += 1
        nodes[Int(index)].hasMissed = true
        meterReach(of: index)
        if nodes[Int(index)].isOn, nodes[Int(index)].isRegistered { stopHeartbeat(of: index) }
    }

    /// Lets them hear of each other again: the kubelet reports when its next heartbeat is due.
    mutating func mend(_ index: Int32) {
        nodes[Int(index)].cuts -= 1
        precondition(nodes[Int(index)].cuts >= 0, "\(nodes[Int(index)].name) was mended twice")
        guard nodes[Int(index)].cuts == 0 else { return }
        faults.cutNodes -= 1
        meterReach(of: index)
        let period = setup.parameters.leaseRenewal
        enqueue(.reconnect, a: index, at: lastRenewal(of: index) + period)
    }

    /// A kubelet that was not heard reports: that it is well, what became of its pods, and it sees what it missed.
    mutating func reconnect(_ index: Int32) {
        guard nodes[Int(index)].cuts == 0, nodes[Int(index)].isOn, nodes[Int(index)].hasMissed else { return }
        guard condition.isAPIServerUp else {
            enqueue(.reconnect, a: index, at: now + RunLimits.kubeletRetry)
            return
        }
        let name = nodes[Int(index)].name
        if nodes[Int(index)].isRegistered, api.node(name) != nil {
            apply(.delete(Self.leaseKey(name), uid: nil, gracePeriodSeconds: nil, propagation: .background))
            apply(.patchNodeConditions(name, reportedConditions(of: index)))
        }
        catchUp(index)
        carryOutEffects()
        postKeptStatuses(of: nodes[Int(index)].slot)
        correctStatus(of: index)
    }

    /// Shows a kubelet what has become of its pods while it heard nothing.
    mutating func catchUp(_ index: Int32) {
        guard nodes[Int(index)].hasMissed else { return }
        nodes[Int(index)].hasMissed = false
        let slot = nodes[Int(index)].slot
        for known in fleet.pods(on: slot) {
            guard let pod = running[Int(known.index)], pod.slot == known, api.object(uid: pod.uid) == nil else {
                continue
            }
            kubeletForgets(pod.uid)
        }
        for pod in api.pods(onNode: nodes[Int(index)].name) { kubeletSees(pod) }
        fleet.repeatRemovals(on: slot, into: &effects)
    }

    /// Whether a kubelet and the API server do not hear of each other, so that nothing of this pod is told.
    func isCut(_ slot: PodSlot) -> Bool {
        guard faults.cutNodes > 0, let node = fleet.node(of: slot) else { return false }
        return nodes[Int(node.index)].cuts > 0
    }

    // MARK: - Kubelets that hang

    /// Lets a kubelet do nothing and say nothing.
    mutating func hangKubelet(_ index: Int32) {
        nodes[Int(index)].hangs += 1
        if nodes[Int(index)].hangs == 1 {
            fleet.hang(nodes[Int(index)].slot)
            if pressure.isWatched(index) { pressure[index].isKubeletHung = true }
        }
        cut(index)
    }

    /// Lets it go on.
    mutating func freeKubelet(_ index: Int32) {
        nodes[Int(index)].hangs -= 1
        if nodes[Int(index)].hangs == 0 {
            fleet.goOn(nodes[Int(index)].slot, at: now, into: &effects)
            carryOutEffects()
            if pressure.isWatched(index) {
                pressure[index].isKubeletHung = false
                pressure.touch(index)
            }
        }
        mend(index)
    }

    // MARK: - Heartbeats

    /// When a kubelet last renewed its lease, if nothing kept it from doing so.
    private func lastRenewal(of index: Int32) -> Instant {
        let period = setup.parameters.leaseRenewal.nanoseconds
        let phase = nodes[Int(index)].leasePhase.nanoseconds
        let past = ((now.nanoseconds - phase) % period + period) % period
        return now - Duration(nanoseconds: past)
    }

    /// Lets a node's heartbeat end with the last renewal before now.
    mutating func stopHeartbeat(of index: Int32) {
        let key = Self.leaseKey(nodes[Int(index)].name)
        let lease = Lease(
            metadata: ObjectMeta(name: key.name, namespace: key.namespace), renewTime: lastRenewal(of: index))
        if apply(.create(.lease(lease))) == .alreadyExists {
            apply(.update(.lease(lease)))
        }
    }

    /// The conditions of a node as its kubelet knows them.
    func reportedConditions(of index: Int32) -> [Condition] {
        let short = nodes[Int(index)].pressure
        return Self.healthyConditions(at: now).map { condition in
            if condition.type == Condition.ready { return readyCondition(of: index) }
            guard let pressure = PressureCondition(rawValue: condition.type.name) else { return condition }
            return pressure.onNode(short.contains(pressure), at: now)
        }
    }
}
