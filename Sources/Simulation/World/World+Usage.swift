import Chronology
import Costs
import KubernetesAPI
import Machines
import VirtualTime
import Workloads

extension World {
    /// A pod of a profile became ready, or ceased to be: what it uses is counted, and charged when it is more than it asks for.
    mutating func follow(_ slot: Int32, wasReady: Bool, isReady: Bool) {
        guard wasReady != isReady else { return }
        let profile = tracker[slot].profile
        let controller = Int(tracker[slot].controller)
        while demand.count < controller { demand.append(DemandSums(since: sums.since)) }
        let sign: Int64 = isReady ? 1 : -1
        if causes.isRecording { causes.countReady(tracker[slot].controller, by: isReady ? 1 : -1) }
        demand[controller - 1].pods.add(sign, at: now)
        // What the pod counted when it became ready may have changed since.
        let usage = isReady ? countedUsage(of: slot) : PodUsage()
        demand[controller - 1].change(from: tracker[slot].counted, to: usage, at: now)
        tracker[slot].counted = usage
        // Requests go to ready pods alone.
        if profiles[profile].serviceLoad != nil { loadChanges(of: slot) }
    }

    /// What a pod uses, and how much of that is assumed: of a pod that does not get the processors that it wants, at most
    /// what it gets.
    func countedUsage(of slot: Int32) -> PodUsage {
        let (usage, assumed) = (usage(of: slot), profiles[tracker[slot].profile].assumedUsage)
        return PodUsage(
            cpu: usage.cpu, memory: usage.memory, assumedCPU: min(usage.cpu, assumed.cpu),
            assumedMemory: min(usage.memory, assumed.memory))
    }

    /// Charges a followed pod for its usage from its first main container on until its last: before and after, and between
    /// two tries, it takes what it requests.
    mutating func chargeUsage(of slot: Int32, on node: Int32) {
        let track = tracker[slot]
        guard profiles[track.profile].hasUsage, let place = pressure[node].place(of: slot) else { return }
        let isUsing = pressure[node].pods[place].runsAny(from: profiles[track.profile].firstMain)
        guard isUsing != track.isUsing else { return }
        track.isUsing = isUsing
        let usage = usage(of: slot)
        // What has leaked is not in the usage of a container that ended.
        let isWithinRequest = usage.cpu <= track.requestCPU && usage.memory <= track.requestMemory
        guard let meter = track.meter, !isWithinRequest || profiles[track.profile].leaks else { return }
        let held = heldAmounts(of: slot)
        accounts.meter.updatePod(meter, holding: held, at: now)
    }

    /// Asks to be called when the usage of a profile's pods changes next.
    mutating func scheduleUsage(_ profile: Int32) {
        guard profiles[profile].usageDue == nil,
            let next = profiles[profile].nextRecordedChange(after: now, on: clock)
        else { return }
        profiles[profile].usageDue = next
        enqueue(.usage, a: profile, at: next)
    }

    /// The usage of a profile's pods changes.
    mutating func usageChanges(_ profile: Int32) {
        // A branch may have put another time in its place, whose event is still to come.
        guard profiles[profile].usageDue == now else { return }
        profiles[profile].usageDue = nil
        guard !profiles[profile].loads.isEmpty else { return }
        applyUsage(of: profile)
        scheduleUsage(profile)
    }

    /// Counts and charges what a profile's pods use now, and lets their machines know.
    mutating func applyUsage(of profile: Int32) {
        loadsChange(of: profile)
        for slot in profiles[profile].loads { recount(slot) }
    }
}
