import Chronology
import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI
import Machines
import Scheduler
import VirtualTime

extension World {
    /// Carries out one event.
    mutating func carryOut(_ event: SimulationEvent) {
        guard let kind = WorldEvent(rawValue: event.kind) else { preconditionFailure("no event of kind \(event.kind)") }
        switch kind {
        case .deliverToWatchers: deliverToWatchers()
        case .deliverToKubelets: deliverToKubelets()
        case .controllerKey: controllerKeyIsDue(host: Int(event.a), slot: Int32(event.b))
        case .controllerRequest:
            controllerRequestArrives(host: Int(event.a), batch: Int32(event.b), place: Int(event.c))
        case .schedulerCycle: runSchedulingCycle()
        case .schedulerWake: wakeScheduler()
        case .request: requestArrives(Int32(event.b))
        case .kubeletStatus: postPodStatus(slot: event.a, generation: Int32(event.b))
        case .nodeStatus: postNodeStatus(event.a)
        case .machine:
            fleet.fire(MachineTimer(event: event), at: now, into: &effects)
            carryOutEffects()
        case .nodeUp: nodeCameUp(event.a, generation: event.b)
        case .faultStrike:
            lastDisturbance = now
            faultStrikes(Int(event.a), target: Int32(event.b))
        case .faultHeal:
            lastDisturbance = now
            faultHeals(Int32(event.a))
        case .change:
            lastDisturbance = now
            changeIsDue(Int(event.a), isRetry: event.b != 0)
        case .drain:
            lastDisturbance = now
            continueDrain(event.b)
        case .powerCut: powerIsCut(event.a, generation: event.b)
        case .usage: usageChanges(event.a)
        case .sums: writeSums()
        case .traffic: trafficIsDue()
        case .trafficStep: trafficSteps()
        case .endpointNews: endpointNewsArrives(event.a, news: event.b)
        case .endpointStop: endpointStops(event.a, news: event.b)
        case .arrival:
            lastDisturbance = now
            arrivalIsDue(Int(event.a))
        case .volume: volumeIsDone(Int32(event.b))
        case .pressure: pressureIsDue(event.a, generation: event.b)
        case .reconnect: reconnect(event.a)
        case .reclaim: reclaimGoesOn(event.a, step: event.b, notice: event.c)
        case .nodeRemoval: removeNode(event.a)
        case .launchRetry: if nodes[Int(event.a)].powerGeneration == event.b { launchAgain(event.a) }
        case .maintenance: maintenanceGoesOn(event.a, repaired: Int32(event.b))
        case .autoscaler: autoscalerIsDue(Int(event.a))
        case .verticalAutoscaler: verticalLookIsDue()
        case .spotPrice: spotPriceChanges(event.a)
        }
        if !pressure.stale.isEmpty { settlePressure() }
    }

    /// Sends a request to the store and tells everybody who watches; the error is the API server's answer.
    @discardableResult
    mutating func apply(_ action: Action) -> ActionError? {
        let first = changes.count
        do {
            try api.store.apply(action, now: now, into: &changes)
        } catch {
            return error
        }
        // A controller is told what it created, with the name that the store gave it.
        if case .create = action { created = changes.last?.object }
        publishChanges(from: first)
        return nil
    }

    /// Sends a request of a component, which may not be answered.
    @discardableResult
    mutating func request(_ action: Action) -> ActionError? {
        if condition.isAPIServerUp { return apply(action) }
        if causes.isOpen { traceUnanswered() }
        return .unavailable
    }

    /// Records the changes that a request made and sends them to the watchers.
    mutating func publishChanges(from first: Int) {
        // Nearly every request makes one change.
        if changes.count == first + 1, let change = changes.popLast() { return publish(change) }
        // Observing applies no further requests, so the list is complete here.
        for index in first..<changes.count { publish(changes[index]) }
        if first == 0 { changes.removeAll(keepingCapacity: true) } else { changes.removeSubrange(first...) }
    }

    /// Records a change and sends it to the watchers.
    private mutating func publish(_ change: WatchEvent) {
        let (kind, version, uid) = Self.identity(of: change)
        digest.absorb(UInt64(kind.rawValue) << 56 ^ UInt64(bitPattern: version))
        digest.absorb(uid.low)
        observe(change)
        if checksInvariants {
            witness.changes.append(JudgedChange(change: change, writer: writer, basis: witness.basis))
        }
        if !autoscaling.hosts.isEmpty, AutoscalerDesk.isConcerned(by: change) { wakeAutoscalers() }
        var audience = listeners(to: change)
        if cache.isFollowing { cache.note(change, isWatched: audience != 0) }
        if cache.isBroken { audience = 0 }
        if condition.isSchedulerUp, scheduler.wants(change) { audience |= Self.schedulerBit }
        if audience != 0 {
            let due = now + delays.watch(setup.parameters)
            if toWatchers.send(change, audience: audience, due: due) { enqueue(.deliverToWatchers, at: due) }
        }
        if concernsKubelet(change) {
            let due = now + delays.kubeletSync(setup.parameters)
            if toKubelets.send(change, due: due) { enqueue(.deliverToKubelets, at: due) }
        }
    }

    /// The controllers that want to hear of a change, a bit each in the order of the registry.
    func listeners(to change: WatchEvent) -> WatchChannel.Audience {
        audience.bits(for: change, present: api.store.presentKinds)
    }

    /// What tells a change from every other.
    private static func identity(of change: WatchEvent) -> (ObjectKind, version: Int64, UID) {
        switch change {
        // Nearly all are of pods, whose parts can be read in place.
        case .added(.pod(let pod)), .deleted(.pod(let pod)), .modified(_, .pod(let pod)):
            return (.pod, pod.metadata.resourceVersion, pod.metadata.uid)
        case .added(let object), .deleted(let object), .modified(_, let object):
            let metadata = object.metadata
            return (object.kind, metadata.resourceVersion, metadata.uid)
        }
    }

    private func concernsKubelet(_ change: WatchEvent) -> Bool {
        switch change {
        case .added(.pod(let pod)), .deleted(.pod(let pod)): pod.nodeName != nil
        case .modified(.pod(let old), .pod(let new)):
            new.nodeName != nil
                && (old.nodeName == nil || old.metadata.deletionTimestamp != new.metadata.deletionTimestamp)
        case .added, .modified, .deleted: false
        }
    }
}
