import Chronology
package import KubernetesAPI
import SchedulingFramework

// Counterpart: HandlePodAdditions and rejectPod in pkg/kubelet/kubelet.go (v1.36).
// Deliberate differences: a pod that was admitted once is not asked again after a restart of its kubelet; the victims of
// a critical pod are ended side by side, and only that pod waits for them.

extension MachineFleet {
    /// Tells a kubelet what its node object shows now; pods are admitted by it from here on.
    package mutating func observe(_ node: Node, as slot: NodeSlot) {
        nodes[Int(slot.index)].surface = NodeSurface(node)
    }

    /// Takes a pod that its kubelet sees for the first time, or refuses it.
    mutating func admit(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        pods[pod].status.startTime = now
        if let refusal = refusal(of: pod) {
            switch refusal {
            case .final(let refusal):
                reject(pod, refusal, at: now, into: &effects)
                return
            case .preempt(let victims):
                hold(pod)
                pods[pod].victims = victims.count
                preempt(victims, for: pod, at: now, into: &effects)
                return
            }
        }
        hold(pod)
        begin(pod, at: now, into: &effects)
    }

    private mutating func begin(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        post(pod, at: now, into: &effects)
        beginSandbox(pod, at: now, into: &effects)
    }

    /// Counts what a pod holds of its node.
    mutating func hold(_ pod: Int) {
        guard !pods[pod].isCounted else { return }
        pods[pod].isCounted = true
        nodes[Int(pods[pod].node)].holdings.add(pods[pod].needs)
    }

    /// Gives back what a pod held of its node.
    mutating func release(_ pod: Int) {
        guard pods[pod].isCounted else { return }
        pods[pod].isCounted = false
        nodes[Int(pods[pod].node)].holdings.remove(pods[pod].needs)
    }

    // MARK: - Yes or no

    private enum Answer {
        case final(NodeAdmission.Refusal)
        /// Room can be made by ending these.
        case preempt([Int])
    }

    private mutating func refusal(of pod: Int) -> Answer? {
        let node = Int(pods[pod].node)
        if let refusal = pressureRefusal(of: pod) { return .final(refusal) }
        guard let surface = nodes[node].surface else { return nil }
        if nodes[node].shutdown != nil { return .final(.shuttingDown) }
        if let system = pods[pod].operatingSystem, system != surface.operatingSystem { return .final(.foreignSystem) }
        let needs = pods[pod].needs
        if let system = needs.operatingSystem, system != surface.operatingSystem { return .final(.unsupportedSystem) }
        let failures = NodeAdmission.failures(needs, on: surface, holding: nodes[node].holdings)
        guard let first = failures.first else { return nil }
        guard needs.isCritical else { return .final(first.refusal) }
        // Nothing but other reasons keeps a critical pod away.
        var missing: [CriticalPodPreemption.Requirement] = []
        for failure in failures {
            switch failure {
            case .predicate: return .final(failure.refusal)
            case .shortage(let name, let requested, let used, let capacity):
                missing.append(
                    CriticalPodPreemption.Requirement(name: name, amount: requested - (capacity - used)))
            }
        }
        let victims = CriticalPodPreemption.victims(
            for: needs.priority, isCritical: true, among: candidates(on: node, but: pod),
            missing: missing)
        if let victims { return .preempt(victims) }
        return .final(
            NodeAdmission.Refusal(
                reason: "UnexpectedAdmissionError",
                message: "Unexpected error while attempting to recover from admission failure: preemption: error "
                    + "finding a set of pods to preempt: no set of running pods found to reclaim resources"))
    }

    private func candidates(on node: Int, but pod: Int) -> [CriticalPodPreemption.Candidate] {
        nodes[node].pods.map(Int.init).compactMap { other in
            guard other != pod, pods[other].isCounted else { return nil }
            let needs = pods[other].needs
            return CriticalPodPreemption.Candidate(
                pod: other, qos: pods[other].status.qosClass ?? .bestEffort, requests: needs.requests,
                priority: needs.priority, isCritical: needs.isCritical)
        }
    }

    // MARK: - What follows

    private mutating func reject(
        _ pod: Int, _ refusal: NodeAdmission.Refusal, at now: Instant, into effects: inout [MachineEffect]
    ) {
        effects.append(
            .event(slot(pod), MachineEvent(isWarning: true, reason: refusal.reason, message: refusal.message)))
        pods[pod].stage = .finished
        pods[pod].epoch &+= 1
        pods[pod].status.phase = .failed
        pods[pod].status.reason = refusal.reason
        pods[pod].status.message = "Pod was rejected: " + refusal.message
        pods[pod].isRejected = true
        effects.append(.status(slot(pod), pods[pod].status))
        if pods[pod].isDeleting { effects.append(.removed(slot(pod))) }
    }

    private mutating func preempt(
        _ victims: [Int], for pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let node = Int(pods[pod].node)
        nodes[node].preemptors.append(Preemptor(pod: slot(pod), victims: victims.map(slot)))
        for victim in victims {
            effects.append(
                .event(
                    slot(victim),
                    MachineEvent(
                        isWarning: true, reason: CriticalPodPreemption.reason,
                        message: CriticalPodPreemption.message)))
            fail(victim, CriticalPodPreemption.failure, at: now, into: &effects)
        }
    }

    /// Lets critical pods begin that waited for a pod to end.
    mutating func tellPreemptors(
        of gone: PodSlot, on node: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        guard !nodes[node].preemptors.isEmpty else { return }
        var ready: [PodSlot] = []
        for place in nodes[node].preemptors.indices {
            nodes[node].preemptors[place].victims.removeAll { $0 == gone }
            if nodes[node].preemptors[place].victims.isEmpty { ready.append(nodes[node].preemptors[place].pod) }
        }
        nodes[node].preemptors.removeAll { $0.victims.isEmpty }
        for slot in ready {
            guard let waiting = position(of: slot), pods[waiting].stage == .sandbox, nodes[node].isOn else { continue }
            pods[waiting].victims = 0
            begin(waiting, at: now, into: &effects)
        }
    }
}

/// A critical pod that waits for others to end.
struct Preemptor: Sendable {
    var pod: PodSlot
    var victims: [PodSlot]
}
