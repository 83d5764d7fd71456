import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import VirtualTime

extension World {
    /// Hands the changes that are due to every controller, in the order of the registry.
    mutating func deliverToControllers() {
        if cache.isFollowing {
            // As informers do, the cache takes what has come before anybody is told of it.
            var due: [(WatchEvent, UInt32)] = []
            while let parcel = toControllers.receive(now: now) {
                cache.deliver(parcel.change)
                due.append(parcel)
            }
            for (change, audience) in due { tell(change, to: audience) }
        } else {
            while let (change, audience) = toControllers.receive(now: now) { tell(change, to: audience) }
        }
        toControllers.isScheduled = false
        if let due = toControllers.due {
            toControllers.isScheduled = true
            enqueue(.deliverToControllers, at: due)
        }
        for index in hosts.indices where hosts[index].queue.count > 0 { serve(index) }
    }

    /// Lets the controllers in `audience` put the keys that a change concerns in line.
    func tell(_ change: WatchEvent, to audience: UInt32) {
        let view = cache.view
        for index in hosts.indices where audience & 1 << UInt32(index) != 0 && hosts[index].condition.isUp {
            for key in hosts[index].reconciler.keys(for: change, in: view) { hosts[index].queue.add(key) }
        }
    }

    /// Puts free workers of a controller to work.
    mutating func serve(_ index: Int) {
        guard hosts[index].condition.isServing else { return }
        while hosts[index].busy < hosts[index].workers, let key = hosts[index].queue.take() {
            hosts[index].calls += 1
            let result = hosts[index].reconciler.reconcile(key, in: cache.view)
            for event in result.events { record(event, source: hosts[index].name) }
            guard !result.actions.isEmpty else {
                finish(key, result, failed: result.retry, host: index)
                continue
            }
            hosts[index].busy += 1
            let batch = hosts[index].batches.insert(ControllerHost.Batch(key: key, result: result))
            sendNext(
                of: batch, host: index,
                after: now + delays.controllerSync(setup.parameters) + hosts[index].condition.drag)
        }
    }

    private mutating func sendNext(of batch: Int32, host: Int, after earliest: Instant) {
        let leaves = hosts[host].limiter.reserve(now: earliest)
        hosts[host].batches[batch].leaves = leaves
        enqueue(
            .controllerRequest, a: Int32(host), b: Int64(batch), at: leaves + delays.apiWrite(setup.parameters))
    }

    /// Applies the next request of a batch; an error ends the batch, and the key is tried again.
    mutating func controllerRequestArrives(host: Int, batch: Int32) {
        let place = hosts[host].batches[batch].next
        let action = hosts[host].batches[batch].result.actions[place]
        if hosts[host].batches[batch].isOrphan {
            if !hosts[host].batches.remove(batch).isLost { request(action) }
            return
        }
        writer = Int32(host)
        let error = request(action)
        writer = -1
        if error == .conflict { hosts[host].conflicts += 1 }
        if case .create = action, error == nil, let created {
            hosts[host].reconciler.observe(.create(created), error: nil)
        } else {
            hosts[host].reconciler.observe(action, error: error)
        }
        let isLast = place + 1 == hosts[host].batches[batch].result.actions.count
        if error == nil, !isLast {
            hosts[host].batches[batch].next += 1
            sendNext(of: batch, host: host, after: now)
            return
        }
        let ended = hosts[host].batches.remove(batch)
        hosts[host].busy -= 1
        finish(ended.key, ended.result, failed: error != nil || ended.result.retry, host: host)
        serve(host)
    }

    private mutating func finish(_ key: ObjectKey, _ result: ReconcileResult, failed: Bool, host: Int) {
        hosts[host].queue.finish(key)
        if failed {
            delay(key, until: now + hosts[host].queue.retryDelay(key, now: now), host: host)
        } else {
            hosts[host].queue.forget(key)
            if let wait = result.recheckAfter { delay(key, until: now + wait, host: host) }
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
