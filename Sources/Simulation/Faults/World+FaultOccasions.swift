import Chronology
import ClusterStore
import Faults
import KubernetesAPI
import Observations

// Faults that wait for pods or rollouts strike each time that what they wait for comes true, unless a strike is on its
// way or has not healed. Those that follow others strike each time that the other does.

extension World {
    /// Begins to look for what a fault waits for.
    mutating func watchFor(_ fault: Int) {
        guard case .when(let trigger, _) = faults.schedules[fault].spec.timing else { return }
        switch trigger {
        // A rollout has to be seen beginning.
        case .rollout: faults.watches.append(FaultDesk.Watch(fault: fault, trigger: trigger, isArmed: false))
        case .pending: faults.watches.append(FaultDesk.Watch(fault: fault, trigger: trigger))
        case .fault: break
        }
    }

    /// A fault struck or healed: those that follow it may be next.
    mutating func occasion(_ moment: FaultTrigger.Moment, of cause: Int, target: Int32, _ number: Int) {
        let schedule = faults.schedules[cause]
        let clock = target < 0 ? "" : schedule.clock(of: candidate(nodes[Int(target)]))
        for fault in faults.schedules.indices
        where faults.schedules[fault].follows(number, of: schedule.spec.name, clock: clock, moment) {
            strikeLater(fault)
        }
    }

    /// The number of pods that wait for a node may have changed.
    mutating func pendingPodsChanged() {
        let count = tracker.counts[Int(PodState.pending.rawValue)]
        for place in faults.watches.indices {
            guard case .pending(let least) = faults.watches[place].trigger else { continue }
            let isTrue = count >= least
            if isTrue, faults.watches[place].isArmed { cameTrue(place) }
            faults.watches[place].isArmed = !isTrue
        }
    }

    /// A Deployment changed: a rollout may have begun, or have come far enough.
    mutating func rolloutChanged(_ old: Deployment, _ new: Deployment) {
        for place in faults.watches.indices {
            guard case .rollout(let namespace, let name, let permille) = faults.watches[place].trigger,
                new.metadata.name == name, new.metadata.namespace == namespace
            else { continue }
            if Self.differ(old.spec.template, new.spec.template) {
                faults.watches[place].isArmed = true
                continue
            }
            guard faults.watches[place].isArmed, new.status.observedGeneration >= new.metadata.generation,
                new.status.updatedReplicas * 1_000 >= new.spec.replicas * permille
            else { continue }
            faults.watches[place].isArmed = false
            cameTrue(place)
        }
    }

    private static func differ(_ old: PodTemplateSpec, _ new: PodTemplateSpec) -> Bool {
        if old.annotations != new.annotations || old.labels != new.labels { return true }
        return old.specBox !== new.specBox && old.spec != new.spec
    }

    /// What a fault waits for has come true: it strikes, unless a strike is on its way or has not healed.
    private mutating func cameTrue(_ place: Int) {
        let fault = faults.watches[place].fault
        guard !faults.watches[place].isDue, !faults.isOpen(fault) else { return }
        faults.watches[place].isDue = strikeLater(fault)
    }

    /// A fault that waited strikes: from now on it waits again.
    mutating func strikeHasCome(_ fault: Int) {
        for place in faults.watches.indices where faults.watches[place].fault == fault {
            faults.watches[place].isDue = false
        }
    }

    @discardableResult
    private mutating func strikeLater(_ fault: Int) -> Bool {
        guard let wait = faults.schedules[fault].wait(faults.numbers[fault][0]) else { return false }
        guard now + wait <= end else {
            if faults.tooLate[fault] == nil { faults.tooLate[fault] = now + wait }
            return false
        }
        enqueue(.faultStrike, a: Int32(fault), b: -1, at: now + wait)
        return true
    }
}
