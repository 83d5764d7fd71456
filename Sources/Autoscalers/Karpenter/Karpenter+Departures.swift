import Chronology
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: controllers/node/termination (karpenter).
// Deliberate difference: volumes are not waited for.

extension Karpenter {
    /// Takes the next step with each machine that is on its way out.
    mutating func advanceDepartures(_ scan: inout KarpenterScan) {
        var kept: [MachineClaim] = []
        for var claim in claims {
            guard let departure = claim.departure else {
                kept.append(claim)
                continue
            }
            if advance(&claim, departure, &scan) {
                kept.append(claim)
            } else {
                scan.step.requests.append(.terminate(machine: claim.name))
                scan.decide(
                    .down, departure.reason, claim, message: "\(claim.name): \(departure.message)")
            }
        }
        claims = kept
    }

    /// Returns whether the machine has to stay a while.
    private func advance(
        _ claim: inout MachineClaim, _ departure: MachineClaim.Departure, _ scan: inout KarpenterScan
    ) -> Bool {
        // A machine without a node has nothing to lose.
        guard let node = scan.node(claim.name) else { return false }
        if !node.spec.taints.contains(where: { $0.key == KarpenterMarks.disrupted.key }) {
            scan.step.actions.append(.patchNodeTaints(claim.name, add: [KarpenterMarks.disrupted], remove: []))
        }
        let deadline = claim.terminationGracePeriod.map { departure.at + $0 }
        if let deadline, deadline <= scan.now { return false }
        var pods = scan.view.pods(onNode: claim.name).filter { !KarpenterScan.staysToTheEnd($0) }
        pods.removeAll { isStuck($0, &scan) }
        if pods.isEmpty { return false }
        if let deadline {
            scan.callAgain(at: deadline)
            deleteLate(pods, deadline, &scan)
        }
        guard let turn = pods.map(Self.turn).min() else { return true }
        let due = pods.filter {
            Self.turn($0) == turn && !$0.isTerminating && !scan.isProtected($0)
        }
        for pod in pods {
            if let end = KarpenterMarks.protectedUntil(pod), end != .never { scan.callAgain(at: end) }
        }
        if due.isEmpty { return true }
        if let tried = departure.triedAt, tried + Self.evictionRetry > scan.now {
            // Those that a budget keeps are asked again, those that came since at once.
            scan.callAgain(at: tried + Self.evictionRetry)
            if due.allSatisfy({ !scan.isEvictable($0) }) { return true }
        }
        for pod in due { scan.step.actions.append(.evict(pod: pod.key)) }
        claim.departure?.triedAt = scan.now
        scan.callAgain(at: scan.now + Self.evictionRetry)
        return true
    }

    /// Whether a pod should have ended long ago, and is not waited for any more.
    private func isStuck(_ pod: Pod, _ scan: inout KarpenterScan) -> Bool {
        guard let end = pod.metadata.deletionTimestamp.map({ $0 + Self.stuckTime }) else { return false }
        scan.callAgain(at: end)
        return end <= scan.now
    }

    /// Deletes pods that would not have ended in time otherwise, whatever protects them.
    private func deleteLate(_ pods: [Pod], _ deadline: Instant, _ scan: inout KarpenterScan) {
        for pod in pods {
            let grace = pod.spec.terminationGracePeriodSeconds
            let latest = deadline + .seconds(-grace)
            if latest > scan.now {
                scan.callAgain(at: latest)
            } else if !pod.isTerminating {
                let left = max(1, min(grace, (deadline - scan.now).wholeSeconds))
                scan.step.actions.append(
                    .delete(pod.key, uid: pod.metadata.uid, gracePeriodSeconds: left, propagation: .background))
            }
        }
    }

    /// When pods of a node are evicted: others before daemons, and critical ones last.
    private static func turn(_ pod: Pod) -> Int {
        let isCritical = ["system-cluster-critical", "system-node-critical"].contains(pod.spec.priorityClassName)
        return (isCritical ? 2 : 0) + (Drainability.isDaemon(pod) ? 1 : 0)
    }
}
