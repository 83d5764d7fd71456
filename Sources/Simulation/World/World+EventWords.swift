package import Chronology
import ControlPlane
import Faults
import KubernetesAPI
import Machines
import VirtualTime
import Workloads

/// An event as people read it.
package struct EventWords: Hashable, Sendable {
    package var at: Instant
    /// The name of its kind.
    package var kind: String
    /// What happens.
    package var what: String
    /// Whom it is about; empty when it is about nobody in particular.
    package var subject: String
}

extension World {
    /// The event that will be carried out next, in words; nil when the run is over.
    ///
    /// It copies the event queue: for messages, not for loops.
    package var nextEventInWords: EventWords? {
        var queue = queue
        guard let (key, event) = queue.pop(), key.instant <= end, let kind = WorldEvent(rawValue: event.kind) else {
            return nil
        }
        let what = kind == .machine ? MachineTimer(event: event).words : kind.words
        return EventWords(at: key.instant, kind: "\(kind)", what: what, subject: subject(of: event, kind) ?? "")
    }

    /// Whether what comes next was due before a branch took it out or put another in its place: it does nothing.
    ///
    /// It copies the event queue: for messages, not for loops.
    package var nextEventIsVoid: Bool {
        var queue = queue
        guard let (key, event) = queue.pop(), key.instant <= end else { return false }
        let (kind, place) = (WorldEvent(rawValue: event.kind), Int(event.a))
        if kind == .faultStrike { return faults.ended.contains(place) }
        if kind == .change { return endedChanges.contains(place) }
        return kind == .arrival && (arrivals.next[place].map { $0.at > key.instant } ?? true)
    }

    private func subject(of event: SimulationEvent, _ kind: WorldEvent) -> String? {
        let place = Int(event.a)
        switch kind {
        case .deliverToWatchers, .deliverToKubelets, .schedulerCycle, .schedulerWake, .sums,
            .traffic, .trafficStep, .verticalAutoscaler:
            return nil
        case .controllerKey: return "\(hosts[place].name), \(hosts[place].delayedKeys[Int32(event.b)])"
        case .controllerRequest: return "\(hosts[place].name), \(hosts[place].batches[Int32(event.b)].key)"
        case .request: return Self.words(requests[Int32(event.b)].action)
        case .kubeletStatus: return running.indices.contains(place) ? running[place]?.key.description : nil
        case .nodeStatus, .nodeUp, .powerCut, .pressure, .reconnect, .reclaim, .nodeRemoval, .launchRetry, .spotPrice:
            return nodes[place].name
        case .machine: return subject(of: MachineTimer(event: event))
        case .faultStrike:
            let name = faults.schedules[place].spec.name
            return event.b < 0 ? name : "\(name) on \(nodes[Int(event.b)].name)"
        case .faultHeal, .maintenance: return faults.schedules[faults.open[event.a].fault].spec.name
        case .change: return setup.changes[place].act.sentence
        case .drain: return drains.first { $0.number == event.b }?.options.node
        case .usage:
            let owner = controllers[profiles[event.a].controller]
            return "\(owner.kind) \(owner.namespace)/\(owner.name)"
        case .endpointNews, .endpointStop:
            let track = traffic.endpoints[place]?.track ?? -1
            return track < 0 ? nil : tracker[track].key.description
        case .arrival: return setup.arrivals[place].spec.name
        case .autoscaler: return autoscaling.hosts[place].name
        case .volume:
            switch volumes.tasks[Int32(event.b)] {
            case .provision(let claim, _), .expand(let claim, _, _): return claim.description
            case .discard(let volume, _), .release(let volume): return "volume \(volume)"
            case .attach(let pod): return tracker.slot(of: pod).map { tracker[$0].key.description }
            }
        }
    }

    private func subject(of timer: MachineTimer) -> String? {
        switch timer.subject {
        case .pod(let slot):
            guard running.indices.contains(Int(slot.index)), let pod = running[Int(slot.index)], pod.slot == slot else {
                return nil
            }
            return pod.key.description
        case .node(let node): return nodes.indices.contains(Int(node)) ? nodes[Int(node)].name : nil
        case .images: return nil
        }
    }

    private static func words(_ action: Action) -> String {
        let verb: String =
            switch action {
            case .create: "create"
            case .update: "update"
            case .updateStatus: "update the status of"
            case .delete: "delete"
            case .bind(_, _, let node): "bind to \(node)"
            case .evict: "evict"
            case .patchPodStatus: "patch the status of"
            case .patchMetadata: "patch the metadata of"
            case .patchNodeTaints: "patch the taints of"
            case .patchNodeConditions: "patch the conditions of"
            }
        return "\(verb) \(action.key)"
    }
}
