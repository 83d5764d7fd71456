import Chronology
import Costs
import Faults
import KubernetesAPI
import Machines
import VirtualTime

// Counterpart: a group of machines with a wanted size (auto scaling group, managed instance group): what is lost for good
// is launched anew, in the same zone, under a new name.

extension World {
    /// Launches a machine in the place of one that is lost for good, once; returns the new one.
    @discardableResult
    mutating func replace(_ index: Int32) -> Int32? {
        let track = nodes[Int(index)]
        guard track.pool >= 0, !track.isReplaced else { return nil }
        nodes[Int(index)].isReplaced = true
        var template = track.template
        template.metadata = ObjectMeta(name: freeMachineName(track.pool), labels: track.template.metadata.labels)
        template.metadata.labels["kubernetes.io/hostname"] = template.metadata.name
        template.spec.unschedulable = false
        template.status.images = []
        template.status.conditions = []
        launch(template, on: track.terms, isRunning: false)
        let new = Int32(nodes.count - 1)
        armFaults(of: new)
        return new
    }

    mutating func freeMachineName(_ pool: Int) -> String {
        while faults.replacements.count <= pool { faults.replacements.append(0) }
        while true {
            faults.replacements[pool] += 1
            let name = "\(setup.pools[pool].name)-\(setup.pools[pool].count + faults.replacements[pool])"
            if nodeByName[name] == nil { return name }
        }
    }

    // MARK: - Launches that go wrong

    /// Makes launches hard from now on, those that were asked for at this instant included.
    mutating func beginLaunchTrouble(_ slot: Int32) {
        faults.launchTroubles.append(slot)
        for index in nodes.indices where nodes[index].isLaunching && nodes[index].launchedAt == now {
            launchAgain(Int32(index))
        }
    }

    /// Tries a launch once more; the machine boots as fast as it would have at the first try.
    mutating func launchAgain(_ index: Int32) {
        nodes[Int(index)].launchRepeats += 1
        boot(index)
    }

    /// Makes them easy again: what waits is launched.
    mutating func endLaunchTrouble(_ slot: Int32) {
        faults.launchTroubles.removeAll { $0 == slot }
        let waiting = faults.waitingLaunches
        faults.waitingLaunches = []
        for index in waiting { launchAgain(index) }
    }

    /// Returns by how much a machine comes later than usual; nil when it does not come now.
    mutating func launchDelay(of index: Int32) -> Duration? {
        if !setup.quotas.isEmpty, nodes[Int(index)].isLaunching, !nodes[Int(index)].isGiven,
            let quota = exceededQuota(by: index)
        {
            refuse(index, for: quota)
            return nil
        }
        guard !faults.launchTroubles.isEmpty || nodes[Int(index)].isUnbilled else { return .zero }
        switch launchOutcome(of: index) {
        case .comes(let later):
            bill(index, true)
            return later
        case .fails(let retry):
            bill(index, false)
            if isAutoscaled(index) { return giveUp(index, "LaunchFailed") }
            tell(index, "LaunchFailed", "The launch of the machine failed; it is tried again in \(retry)")
            enqueue(.launchRetry, a: index, b: nodes[Int(index)].powerGeneration, at: now + retry)
        case .waits:
            bill(index, false)
            tell(index, "InsufficientCapacity", "The cloud has no machine of this type here")
            if isAutoscaled(index) { return giveUp(index, "InsufficientCapacity") }
            if !faults.waitingLaunches.contains(index) { faults.waitingLaunches.append(index) }
        }
        return nil
    }

    /// Lets a machine cost its price, or nothing as long as the cloud has not given it.
    mutating func bill(_ index: Int32, _ isBilled: Bool) {
        let track = nodes[Int(index)]
        guard track.isUnbilled == isBilled, let machine = accounts.machines[Int(index)] else { return }
        nodes[Int(index)].isUnbilled = !isBilled
        // Not even the least that a machine costs.
        if !isBilled, track.launchedAt == now { return voidAccount(of: index) }
        // While it waited it cost nothing, which is no time billed.
        if isBilled, accounts.meter.accrued(machine.meter, at: now) == machine.written.total {
            accounts.machines[Int(index)]?.since = now
        }
        tellBill(of: Int(index))
        accounts.meter.setPrice(isBilled ? track.terms.pricePerHour ?? .zero : .zero, of: machine.meter, at: now)
    }

    /// What a trouble does to a launch.
    enum LaunchOutcome {
        /// The machine comes, so much later than others.
        case comes(later: Duration)
        /// It fails, and is tried again after a while.
        case fails(retry: Duration)
        /// The cloud has none.
        case waits
    }

    /// Returns how the launch, or the boot, of a machine goes now.
    mutating func launchOutcome(of index: Int32) -> LaunchOutcome {
        var delay = Duration.zero
        let isLaunch = nodes[Int(index)].isLaunching && !nodes[Int(index)].isGiven
        for slot in faults.launchTroubles {
            let open = faults.open[slot]
            guard faults.isTrouble(open, for: candidate(nodes[Int(index)])) else { continue }
            switch open.strike.effect {
            case .stockOut, .powerLoss: if isLaunch { return .waits }
            case .launchFailure(let partsPerMillion, let retry):
                guard isLaunch else { continue }
                nodes[Int(index)].launchTries += 1
                var stream = RandomStreams(seed: setup.failureSeed).stream(
                    "fault.launch", purpose: nodes[Int(index)].name, index: UInt64(nodes[Int(index)].launchTries))
                if stream.integer(below: 1_000_000) < partsPerMillion { return .fails(retry: retry) }
            case .slowLaunch(let more): delay = delay + more
            case .partition, .kubeletHang, .fullDisk, .slowMachines, .reclaim, .maintenance, .registryOutage,
                .slowRegistry, .registryLimit, .missingImages, .corruptImages, .badRollout, .containerKill,
                .controllerCrash, .slowControllers, .lossOfWatch, .outageOfAPIServer, .slowAPIServer,
                .schedulerCrash, .metricsOutage, .autoscalerOutage:
                preconditionFailure("\(open.strike.effect) is no trouble of launches")
            }
        }
        return .comes(later: delay)
    }
}
