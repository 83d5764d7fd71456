import Chronology
import ClusterStore
import ControlPlane
import Costs
import Faults
import KubernetesAPI
import Machines
import Observations

// Counterpart: spot interruptions as AWS announces them, aws-node-termination-handler (cordon and drain), and the node
// controller of a cloud's controller manager, which deletes the nodes of machines that are gone.
// Deliberate differences: no taint beside the cordon; a drain that the notice cuts short is simply over.

extension World {
    /// What happens to a machine that its cloud takes back.
    enum ReclaimStep: Int64 {
        case notice, end
    }

    /// The cloud says that it will take a machine back.
    mutating func beginReclaim(_ index: Int32, _ plan: ReclaimPlan, slot: Int32) {
        guard let advice = plan.advice else { return noticeReclaim(index, plan.notice) }
        tell(index, "RebalanceRecommended", "The cloud expects to take the machine back, and its pool replaces it")
        // As with capacity rebalancing, the new machine comes before the old one goes.
        replace(index)
        enqueue(
            .reclaim, a: index, b: ReclaimStep.notice.rawValue, c: plan.notice.nanoseconds, at: now + advice)
    }

    /// The next step of a machine that is taken back.
    mutating func reclaimGoesOn(_ index: Int32, step: Int64, notice: Int64) {
        switch ReclaimStep(rawValue: step) {
        case .notice: noticeReclaim(index, Duration(nanoseconds: notice))
        case .end: discard(index)
        case nil: preconditionFailure("no step \(step) of a reclaim")
        }
    }

    private mutating func noticeReclaim(_ index: Int32, _ notice: Duration) {
        guard !nodes[Int(index)].isGone else { return }
        tell(index, "SpotInterruption", "The cloud takes the machine back in \(notice)")
        enqueue(.reclaim, a: index, b: ReclaimStep.end.rawValue, at: now + notice)
        // Who bought the machine drains it and finds another.
        if nodes[Int(index)].pool < 0 {
            nodes[Int(index)].isInterrupted = true
            return wakeAutoscalers()
        }
        // Nobody can be told to go when nobody answers.
        guard nodes[Int(index)].isRegistered, condition.isAPIServerUp else { return }
        var options = DrainOptions.everything(on: nodes[Int(index)].name)
        options.timeout = notice
        beginDrainInTurn(options)
    }

    /// Takes a machine away for good: it costs nothing any more, and its cloud deletes the node when it is not ready.
    mutating func discard(_ index: Int32) {
        guard !nodes[Int(index)].isGone else { return }
        nodes[Int(index)].isGone = true
        powerOff(index)
        fleet.removeNode(nodes[Int(index)].slot, at: now, into: &effects)
        carryOutEffects()
        if let machine = accounts.machines[Int(index)] {
            // A begun second, and the first minute, are billed whole.
            let end = accounts.meter.setPrice(.zero, of: machine.meter, at: now)
            accounts.machines[Int(index)]?.until = nodes[Int(index)].isUnbilled ? now : end
        }
        // One that never registered has no node whose end would tell.
        if !nodes[Int(index)].isRegistered, nodes[Int(index)].failure == nil { move(index, to: .gone) }
        if let node = api.node(nodes[Int(index)].name), !node.isReady { enqueue(.nodeRemoval, a: index, at: now) }
        quotaHasRoom()
    }

    /// How often a cloud's node controller looks at nodes that are not ready (`--node-monitor-period`).
    static let cloudMonitorPeriod = Duration.seconds(5)

    /// The node controller of the cloud deletes the node of a machine that is gone, once it is not ready.
    mutating func removeNode(_ index: Int32) {
        guard nodes[Int(index)].isGone else { return }
        guard condition.isAPIServerUp else {
            enqueue(.nodeRemoval, a: index, at: now + Self.cloudMonitorPeriod)
            return
        }
        let key = ObjectKey(.node, name: nodes[Int(index)].name)
        guard api.object(key) != nil else { return }
        apply(.delete(key, uid: nil, gracePeriodSeconds: nil, propagation: .background))
        apply(.delete(Self.leaseKey(key.name), uid: nil, gracePeriodSeconds: nil, propagation: .background))
    }

    /// Tells of something that happens to a machine.
    mutating func tell(_ index: Int32, _ reason: String, _ message: String) {
        record(
            EventRecord(
                ObjectKey(.node, name: nodes[Int(index)].name), .warning, reason: reason, message: message),
            source: "cloud")
    }
}
