import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines
import Observations
import VirtualTime

extension World {
    /// Carries out a change on the schedule, and schedules its next time.
    ///
    /// People whose request is not answered try again; what they do by the clock stays by the clock.
    mutating func changeIsDue(_ index: Int, isRetry: Bool) {
        if endedChanges.contains(index) { return }
        let change = setup.changes[index]
        if let every = change.every, !isRetry { enqueue(.change, a: Int32(index), at: now + every) }
        guard condition.isAPIServerUp else {
            enqueue(.change, a: Int32(index), b: 1, at: now + RunLimits.changeRetry)
            return
        }
        beginCause(of: change)
        defer { causes.current = nil }
        switch change.act {
        case .apply(let objects):
            for object in objects { submit(object, leavingReplicas: change.leavesReplicas.contains(object.key)) }
        case .scale(let key, let replicas):
            edit(key) { object in
                switch object {
                case .deployment(var workload):
                    workload.spec.replicas = replicas
                    object = .deployment(workload)
                case .replicaSet(var workload):
                    workload.spec.replicas = replicas
                    object = .replicaSet(workload)
                case .statefulSet(var workload):
                    workload.spec.replicas = replicas
                    object = .statefulSet(workload)
                default: break
                }
            }
        case .setImage(let key, let container, let image):
            edit(key) { object in
                guard case .deployment(var workload) = object else { return }
                var spec = workload.spec.template.spec
                for place in spec.containers.indices where spec.containers[place].name == container {
                    spec.containers[place].image = image
                }
                workload.spec.template.spec = spec
                object = .deployment(workload)
            }
        case .publish(let image, let statement): fleet.updateCatalogue { $0.declare(image, statement) }
        case .cordon(let node): setUnschedulable(node, true)
        case .uncordon(let node): setUnschedulable(node, false)
        case .drain(let options): beginDrain(options)
        case .shutDown(let node, let restarts): shutDown(node, restarts: restarts)
        case .delete(let key):
            if apply(.delete(key, uid: nil, gracePeriodSeconds: nil, propagation: .background)) == .notFound {
                tellNotFound(key)
            }
        case .replacePods(let share): replacePods(partsPerMillion: share, change: index)
        }
    }

    /// Creates an object, or lays its metadata and spec over the one that stands; `leavingReplicas` when it says nothing
    /// of replicas.
    mutating func submit(_ object: KubernetesObject, leavingReplicas: Bool = false) {
        var object = object
        // That of a cluster that it was exported from says nothing here.
        object.metadata.resourceVersion = 0
        if object.kind.isNamespaced, !object.metadata.namespace.isEmpty {
            let key = ObjectKey(.namespace, name: object.metadata.namespace)
            if api.object(key) == nil {
                apply(.create(.namespace(Namespace(metadata: ObjectMeta(name: key.name)))))
            }
        }
        let error = apply(.create(object))
        switch error {
        case nil: break
        case .alreadyExists:
            let stored = api.object(object.key) ?? object
            update(object.laid(over: stored, leavingReplicas: leavingReplicas), source: "apply")
        case let refused?: tell(of: refused, object.key, source: "apply")
        }
    }

    /// Lays an object over the one that stands, and tells when that is refused.
    private mutating func update(_ object: KubernetesObject, source: String) {
        if let refused = apply(.update(object)) { tell(of: refused, object.key, source: source) }
    }

    private mutating func tell(of refused: ActionError, _ key: ObjectKey, source: String) {
        record(
            EventRecord(key, .warning, reason: "Refused", message: "The API server refused it: \(refused)"),
            source: source)
    }

    private mutating func edit(_ key: ObjectKey, _ change: (inout KubernetesObject) -> Void) {
        guard var object = api.object(key) else {
            tellNotFound(key)
            return
        }
        change(&object)
        update(object, source: "changes")
    }

    private mutating func tellNotFound(_ key: ObjectKey) {
        record(
            EventRecord(key, .warning, reason: "NotFound", message: "A scheduled change found no such object"),
            source: "changes")
    }

    mutating func setUnschedulable(_ name: String, _ unschedulable: Bool) {
        guard var node = api.node(name) else { return }
        node.spec.unschedulable = unschedulable
        apply(.update(.node(node)))
    }

    /// Deletes a share of the running pods, drawn without replacement.
    private mutating func replacePods(partsPerMillion: Int64, change: Int) {
        var candidates = tracker.runningSlots
        var stream = streams.stream(
            "change.replacePods", purpose: String(change), index: UInt64(bitPattern: now.nanoseconds))
        let (whole, rest) = (Int64(candidates.count) * partsPerMillion).quotientAndRemainder(dividingBy: 1_000_000)
        var wanted = Int(whole)
        if rest > 0 {
            // A part of a pod is a pod as often: a share of few pods would never replace any.
            var rounding = streams.stream(
                "change.replacePods.rest", purpose: String(change), index: UInt64(bitPattern: now.nanoseconds))
            if rounding.integer(below: 1_000_000) < rest { wanted += 1 }
        }
        for place in 0..<min(wanted, candidates.count) {
            candidates.swapAt(place, place + stream.integer(below: candidates.count - place))
            apply(.delete(tracker[candidates[place]].key, uid: nil, gracePeriodSeconds: nil, propagation: .background))
        }
    }
}
