import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: handleBindingCycleError, handleSchedulingFailure in schedule_one.go; handleAssumedPodDeletion
// in eventhandlers.go (v1.36).

/// Why a plugin ended the scheduling cycle of a pod that had a node.
struct PhaseFailure: Error {
    let phase: String
    let plugin: PluginName
    let verdict: Verdict

    init(_ phase: String, _ plugin: PluginName, _ verdict: Verdict) {
        (self.phase, self.plugin, self.verdict) = (phase, plugin, verdict)
    }

    /// The text of the event; one node was in question.
    var message: String {
        verdict.isRejection
            ? FailureMessage.compose(nodes: 1, counts: verdict.reasons.map { ($0, 1) })
            : "running \(phase) plugin \"\(plugin)\": \(verdict.message)"
    }
}

extension PodScheduler {
    /// Undoes an assumption: unreserves, frees the node, wakes those that wait for room, and puts the pod back.
    mutating func failBinding(_ uid: UID, _ trouble: BindingTrouble, now: Instant) -> BindingFailure? {
        guard let binding = bindings.removeValue(forKey: uid) else { return nil }
        let profile = profiles[binding.record.profile]
        sleepers.removeAll { $0 == uid }
        // Known before anybody is woken: what the gang gives back is for others first.
        let siblings = binding.stage == .waiting ? queue.gangs.deny(uid, now: now) : []
        defer { rejectSiblings(siblings, now: now) }
        queue.gangs.losesPlace(uid)
        unreserve(binding.info, on: binding.node, profile: profile, state: binding.state)
        let resident = cache.remove(uid)
        var freed = binding.info.pod
        freed.nodeName = binding.node
        let change = ClusterChange(.assignedPod, .delete, old: .pod(freed))
        switch trouble {
        case .rejection(let plugin, let reasons):
            // The room that the pod itself leaves must not wake it.
            let bit = profile.bit(of: plugin)
            comeBack(binding, Rejectors(all: bit), now: now)
            if resident != nil { queue.moveAll(after: change, now: now) { $0.info.uid != uid } }
            let message = FailureMessage.compose(nodes: 1, counts: reasons.map { ($0, 1) })
            return BindingFailure(isRejection: true, message: message, clearsNomination: clearNomination(binding))
        case .error(let message):
            if resident != nil { queue.moveAll(after: change, now: now) }
            comeBack(binding, .none, now: now)
            return BindingFailure(isRejection: false, message: message, clearsNomination: clearNomination(binding))
        }
    }

    /// The same as the step that it is for the host.
    mutating func fail(_ uid: UID, _ trouble: BindingTrouble, now: Instant) -> BindingStep? {
        failBinding(uid, trouble, now: now).map { .failed($0) }
    }

    private mutating func comeBack(_ binding: Binding, _ rejectors: Rejectors, now: Instant) {
        let uid = binding.info.uid
        if binding.isDoomed || queue.pods[uid] != nil {
            queue.inFlight.leave(uid)
        } else {
            queue.putBack(binding.record, rejectors: rejectors, now: now)
        }
    }

    private mutating func clearNomination(_ binding: Binding) -> Bool {
        nominator.remove(binding.info.uid)
        return binding.info.pod.status.nominatedNodeName != nil
    }

    func unreserve(_ pod: PodInfo, on node: String, profile: CompiledProfile, state: CycleState) {
        for (_, plugin) in profile.reserves.reversed() {
            plugin.unreserve(pod, on: node, in: cache.snapshot, state: state)
        }
    }

    /// An assumed pod is being deleted, or is gone: its node is free at once. What the host has sent for it goes on, and
    /// fails.
    mutating func assumedPodIsDeleted(_ uid: UID, now: Instant) {
        guard let binding = bindings[uid] else { return }
        bindings[uid]?.isDoomed = true
        switch binding.stage {
        case .waiting: reject(pod: uid, plugin: PluginName(""), reason: "removed", now: now)
        case .preBinding: proceed(uid) { $0.fail(uid, .error("the pod is being deleted"), now: now) }
        case .writing, .binding, .bound:
            bindings[uid] = nil
            if binding.stage != .bound { orphans[uid] = binding }
            nominator.remove(uid)
            guard cache.remove(uid) != nil else { return }
            var freed = binding.info.pod
            freed.nodeName = binding.node
            queue.moveAll(after: ClusterChange(.assignedPod, .delete, old: .pod(freed)), now: now)
        }
    }

    /// Takes back the node of a pod that has not been bound yet, instead of evicting it; it is scheduled again.
    ///
    /// Returns false when it is too late for that.
    mutating func preemptInMemory(_ uid: UID, by plugin: PluginName, now: Instant) -> Bool {
        guard let binding = bindings[uid] else { return false }
        let text: String
        switch binding.stage {
        case .waiting: text = "waiting on permit for pod: preempted"
        case .preBinding, .writing: text = "preempted by \(plugin)"
        case .binding, .bound: return false
        }
        proceed(uid) { $0.fail(uid, .error(text), now: now) }
        return true
    }
}
