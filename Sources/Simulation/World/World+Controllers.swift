import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Scheduler
import VirtualTime

extension World {
    /// The scheduler's place among those who hear of changes; the bits below are the controllers'.
    static let schedulerBit: WatchChannel.Audience = 1 << 31

    /// Hands the changes that are due to every controller, in the order of the registry, and then to the scheduler.
    mutating func deliverToWatchers() {
        // Those who have something in line; whoever heard nothing new is served as soon as a worker is free.
        var busy: WatchChannel.Audience = 0
        var heard: WatchChannel.Audience = 0
        let count = toWatchers.count(dueAt: now)
        // As informers do, the cache takes what has come before anybody is told of it.
        if cache.isFollowing {
            for place in 0..<count where toWatchers[place].audience & ~Self.schedulerBit != 0 {
                cache.deliver(toWatchers[place].change)
            }
        }
        for place in 0..<count {
            let audience = toWatchers[place].audience
            heard |= audience
            busy |= tell(toWatchers[place].change, to: audience & ~Self.schedulerBit)
            if audience & Self.schedulerBit != 0 { scheduler.observe(toWatchers[place].change, now: now) }
        }
        if let due = toWatchers.drop(count) { enqueue(.deliverToWatchers, at: due) }
        while busy != 0 {
            serve(busy.trailingZeroBitCount)
            busy &= busy &- 1
        }
        if heard & Self.schedulerBit != 0 {
            continueBindings()
            keepSchedulerGoing()
        }
    }

    /// Lets the controllers in `audience` put the keys that a change concerns in line; returns a bit for each that did.
    @discardableResult
    func tell(_ change: WatchEvent, to audience: WatchChannel.Audience) -> WatchChannel.Audience {
        let view = cache.view
        var left = audience
        var busy: WatchChannel.Audience = 0
        while left != 0 {
            let index = left.trailingZeroBitCount
            let host = hosts[index]
            if host.condition.isUp, host.hear(change, in: view) { busy |= 1 << UInt32(index) }
            left &= left &- 1
        }
        return busy
    }

    /// Puts free workers of a controller to work.
    mutating func serve(_ index: Int) {
        guard hosts[index].condition.isServing else { return }
        while hosts[index].busy < hosts[index].workers, let key = hosts[index].queue.take() {
            hosts[index].calls += 1
            let view = cache.view
            let result = hosts[index].reconciler.reconcile(key, in: view)
            for event in result.events { record(event, source: hosts[index].name) }
            guard !result.actions.isEmpty else {
                finish(key, result, failed: result.retry, host: index)
                continue
            }
            hosts[index].busy += 1
            var ordered = ControllerHost.Batch(key: key, result: result)
            if checksInvariants {
                ordered.basis = DecisionBasis(call: hosts[index].calls, version: view.shownVersion ?? 0)
            }
            let batch = hosts[index].batches.insert(ordered)
            sendNext(
                of: batch, host: index,
                after: now + delays.controllerSync(setup.parameters) + hosts[index].condition.drag)
        }
    }

    /// Sends the next requests of a batch: those that are under way at the same time.
    private mutating func sendNext(of batch: Int32, host: Int, after earliest: Instant) {
        let group = hosts[host].batches[batch].open()
        for place in group {
            var due = earliest
            var leaves = earliest
            for _ in 0..<RequestGroup.roundTrips(of: hosts[host].batches[batch].result.actions[place]) {
                leaves = hosts[host].limiter.reserve(now: due)
                due = leaves + delays.apiWrite(setup.parameters)
            }
            hosts[host].batches[batch].leaves(at: leaves)
            enqueue(.controllerRequest, a: Int32(host), b: Int64(batch), c: Int64(place), at: due)
        }
    }

    /// Applies a request of a batch; an error ends the batch once its group is answered, and the key is tried again.
    mutating func controllerRequestArrives(host: Int, batch: Int32, place: Int) {
        let action = hosts[host].batches[batch].result.actions[place]
        if hosts[host].batches[batch].orphanedAt != nil {
            if hosts[host].batches[batch].hasLeft(place) { request(action) }
            // Nobody hears the answers; the last of the group takes the batch with it.
            if hosts[host].batches[batch].answered(failed: true) == .isOver { _ = hosts[host].batches.remove(batch) }
            return
        }
        writer = Int32(host)
        if checksInvariants { witness.basis = hosts[host].batches[batch].basis }
        let error = request(action)
        writer = -1
        if error == .conflict { hosts[host].conflicts += 1 }
        if error == nil {
            for event in hosts[host].batches[batch].result.events(of: place) { record(event, source: hosts[host].name) }
        }
        if case .create = action, error == nil, let created {
            hosts[host].reconciler.observe(.create(created), error: nil)
        } else {
            hosts[host].reconciler.observe(action, error: error)
        }
        switch hosts[host].batches[batch].answered(failed: error?.callsForRetry ?? false) {
        case .waits: return
        case .goesOn: sendNext(of: batch, host: host, after: now)
        case .isOver:
            let ended = hosts[host].batches.remove(batch)
            hosts[host].busy -= 1
            finish(ended.key, ended.result, failed: ended.hasFailed || ended.result.retry, host: host)
            serve(host)
        }
    }

    private mutating func finish(_ key: ObjectKey, _ result: ReconcileResult, failed: Bool, host: Int) {
        let givesUp = failed && hosts[host].queue.hasFailed(key, times: hosts[host].retries)
        hosts[host].queue.finish(key, forgets: !failed || givesUp)
        if givesUp { return }
        if failed {
            delay(key, until: now + hosts[host].queue.retryDelay(key, now: now), host: host)
        } else if let wait = result.recheckAfter {
            delay(key, until: now + wait, host: host)
        }
    }

    private mutating func delay(_ key: ObjectKey, until due: Instant, host: Int) {
        guard let slot = hosts[host].delay(key, until: due) else { return }
        enqueue(.controllerKey, a: Int32(host), b: Int64(slot), at: due)
    }

    /// Adds a key whose delay is over.
    mutating func controllerKeyIsDue(host: Int, slot: Int32) {
        // A key of a controller that crashed meanwhile is delayed no more.
        hosts[host].delayEnded(slot, now: now)
        serve(host)
    }
}
