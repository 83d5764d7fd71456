import Chronology
import ClusterStore
import Faults
import KubernetesAPI
import Observations
import VirtualTime
import Workloads

extension World {
    /// Sets how far events are carried out before a branch is entered, or the run ends.
    mutating func moveStop() {
        stop = end
        guard branchesEntered < setup.branches.count else { return }
        stop = min(stop, setup.branches[branchesEntered].at - Duration(nanoseconds: 1))
    }

    /// Enters the next branch, if there is one; its instant has come.
    mutating func enterBranch() -> Bool {
        guard branchesEntered < setup.branches.count else { return false }
        let before = setup
        let branch = setup.branches[branchesEntered]
        branchesEntered += 1
        now = branch.at
        api.store.now = now
        observer?.branch(
            BranchRow(number: branchesEntered, events: events, at: now, digest: digest.description, trail: trail))
        setup = branch.setup
        setup.branches = before.branches
        moveStop()
        follow(branch, from: before)
        carryOutEffects()
        if !pressure.stale.isEmpty { settlePressure() }
        return true
    }

    /// Enters the branches that come before the next event; returns whether there is one before the end.
    mutating func branchesToEvent() -> Bool {
        while enterBranch() { if hasEvent(until: stop) { return true } }
        return false
    }

    /// Enters the branches that come before the next event, so that `nextEvent` is what is carried out next.
    package mutating func enterDueBranches() {
        if !isFinished, !hasEvent(until: stop) { _ = branchesToEvent() }
    }

    // Nothing may happen for what stays as it was: a branch without a change goes on as the run would have.
    private mutating func follow(_ branch: WorldBranch, from before: WorldSetup) {
        if branch.replacesLimits { replaceLimits() }
        for object in branch.additions { submit(object) }
        let machines = nodes.count
        for (index, pool) in setup.pools.enumerated() {
            let count = index < before.pools.count ? before.pools[index].count : 0
            if pool.count > count { launch(count..<pool.count, ofPool: index, isRunning: false) }
        }
        faults.ended += branch.endedFaults
        endedChanges += branch.endedChanges
        for index in branch.endedArrivals { arrivals.end(index) }
        if end > .start + before.horizon { extend(before, from: .start + before.horizon) }
        for node in machines..<nodes.count { armFaults(of: Int32(node)) }
        armFaults(of: branch, first: before.faults.count)
        for index in before.changes.count..<setup.changes.count { scheduleFirst(index) }
        for index in branch.revisedArrivals { restartArrivals(index, from: now) }
        for index in before.arrivals.count..<setup.arrivals.count {
            arrivals.clocks.append(ArrivalClock(setup.arrivals[index].spec, seed: setup.seed))
            arrivals.next.append(nil)
            arrivals.submitted.append(0)
            restartArrivals(index, from: now)
        }
        if branch.revisesWorkloads { reviseProfiles() }
        if branch.revisesServices {
            traffic.replaceServices(setup.services, at: now)
            lookAtTraffic()
        }
        if branch.revisesAutoscalers { reviseAutoscalers() }
        if branch.restartsScheduler {
            crashScheduler()
            restartScheduler()
        }
    }

    private mutating func replaceLimits() {
        let parameters = setup.parameters
        schedulerLimiter = RateLimiter(qps: parameters.schedulerQPS, burst: parameters.schedulerBurst)
        for host in hosts {
            host.replaceLimiter(RateLimiter(qps: parameters.controllerQPS, burst: parameters.controllerBurst))
        }
    }

    // MARK: - Faults

    private mutating func armFaults(of branch: WorldBranch, first: Int) {
        for fault in first..<setup.faults.count {
            let origin = branch.faultOrigins.first { $0.fault == fault }.map { faults.numbers[$0.origin] }
            let now = now
            addFault(setup.faults[fault]) { schedule, clocks in
                switch schedule.spec.timing {
                case .at: return [0]
                case .every(let period, let from):
                    return [from >= now ? 0 : Int(((now - from).nanoseconds - 1) / period.nanoseconds + 1)]
                case .lifetime, .when, .trace:
                    // What took another's place draws on; it does not draw the same again.
                    return origin.flatMap { $0.count == clocks ? $0 : nil } ?? [Int](repeating: 0, count: clocks)
                }
            }
        }
    }

    // MARK: - Changes and arrivals

    private mutating func scheduleFirst(_ index: Int) {
        let change = setup.changes[index]
        var at = change.at
        if let every = change.every, at < now {
            at = at + every * (((now - at).nanoseconds - 1) / every.nanoseconds + 1)
        }
        if at >= now, at <= end { enqueue(.change, a: Int32(index), at: at) }
    }

    /// Lets a process go on by the rules of the setup, as if they had held from the start; what is before `first` is
    /// left out.
    private mutating func restartArrivals(_ index: Int, from first: Instant) {
        arrivals.clocks[index] = ArrivalClock(setup.arrivals[index].spec, seed: setup.seed)
        var next = arrivals.clocks[index].next(before: end, on: clock)
        while let found = next, found.at < first { next = arrivals.clocks[index].next(before: end, on: clock) }
        arrivals.next[index] = next
        if let next { enqueue(.arrival, a: Int32(index), at: next.at) }
    }

    // MARK: - A longer run

    /// Brings in what was left out because it lay beyond the old end.
    private mutating func extend(_ before: WorldSetup, from last: Instant) {
        let beyond = faults.beyond
        faults.beyond = []
        for strike in beyond where !faults.ended.contains(strike.fault) {
            if strike.at <= end {
                enqueue(.faultStrike, a: Int32(strike.fault), b: Int64(strike.target), at: max(strike.at, now))
            } else {
                faults.beyond.append(strike)
            }
        }
        for (index, change) in before.changes.enumerated() where change.at > last && change.at <= end {
            if !endedChanges.contains(index) { enqueue(.change, a: Int32(index), at: change.at) }
        }
        for index in arrivals.clocks.indices where arrivals.next[index] == nil && !arrivals.ended.contains(index) {
            restartArrivals(index, from: last)
        }
        if traffic.isOn, traffic.stepAt > last, traffic.stepAt <= end { enqueue(.trafficStep, at: traffic.stepAt) }
    }

    // MARK: - Workloads

    /// Looks up anew what the containers of each workload do: usage changes at once, runs when they begin.
    ///
    /// Pods of which it was not known what they use, or which save their work otherwise, stay as they are.
    private mutating func reviseProfiles() {
        var pods: [Int32?] = Array(repeating: nil, count: profiles.count)
        for slot in tracker.tracks.indices {
            guard let track = tracker.tracks[slot], pods[Int(track.profile)] == nil else { continue }
            pods[Int(track.profile)] = Int32(slot)
        }
        for index in 0..<Int32(profiles.count) {
            guard let slot = pods[Int(index)],
                let pod = api.pod(namespace: tracker[slot].key.namespace, name: tracker[slot].key.name)
            else {
                profiles.closeToNewPods(index)
                continue
            }
            let new = makeProfile(
                pod, controller: profiles[index].controller, variant: profiles[index].variant)
            let old = profiles[index]
            if new.behaviors == old.behaviors { continue }
            guard new.hasUsageRule == old.hasUsageRule,
                new.behaviors.map(\.checkpoint) == old.behaviors.map(\.checkpoint)
            else {
                profiles.closeToNewPods(index)
                continue
            }
            profiles.revise(index, as: new)
            profiles[index].usageDue = nil
            applyUsage(of: index)
            if !profiles[index].loads.isEmpty { scheduleUsage(index) }
        }
    }
}
