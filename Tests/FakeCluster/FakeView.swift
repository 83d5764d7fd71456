package import Chronology
package import ControlPlane
package import KubernetesAPI

/// A cluster in arrays: answers every question by a scan and applies actions at once, with the API server's main rules.
package final class FakeView: ClusterView {
    package var now = Instant.start
    package private(set) var stored: [KubernetesObject] = []
    /// Changes since the last `takeChanges`.
    private var changes: [WatchEvent] = []
    private var version: Int64 = 0
    private var serial: UInt64 = 0
    /// Refuses creations of pods, as an exhausted quota does.
    package var refusesPods = false
    /// Counts pods for those who ask for sums only.
    package var countsPods = false
    /// What the metrics APIs show.
    package var metrics: any MetricsView = AbsentMetrics()

    /// Creates a cluster without anything in it.
    package init() {}

    package func takeChanges() -> [WatchEvent] {
        defer { changes = [] }
        return changes
    }

    // MARK: - Reads

    package func object(_ key: ObjectKey) -> KubernetesObject? { stored.first { $0.key == key } }
    package func object(uid: UID) -> KubernetesObject? { stored.first { $0.metadata.uid == uid } }
    package func pod(namespace: String, name: String) -> Pod? {
        guard case .pod(let pod) = object(ObjectKey(.pod, namespace: namespace, name: name)) else { return nil }
        return pod
    }
    package func node(_ name: String) -> Node? {
        guard case .node(let node) = object(ObjectKey(.node, name: name)) else { return nil }
        return node
    }
    package func replicaSet(namespace: String, name: String) -> ReplicaSet? {
        guard case .replicaSet(let found) = object(ObjectKey(.replicaSet, namespace: namespace, name: name)) else {
            return nil
        }
        return found
    }
    package func deployment(namespace: String, name: String) -> Deployment? {
        guard case .deployment(let found) = object(ObjectKey(.deployment, namespace: namespace, name: name)) else {
            return nil
        }
        return found
    }
    package func job(namespace: String, name: String) -> Job? {
        guard case .job(let found) = object(ObjectKey(.job, namespace: namespace, name: name)) else { return nil }
        return found
    }
    package func nodes() -> [Node] {
        stored.compactMap { if case .node(let node) = $0 { node } else { nil } }
            .sorted { $0.metadata.name < $1.metadata.name }
    }
    package var pods: [Pod] { stored.compactMap { if case .pod(let pod) = $0 { pod } else { nil } } }
    package func pods(inNamespace namespace: String) -> [Pod] { pods.filter { $0.metadata.namespace == namespace } }
    package func pods(controlledBy owner: UID) -> [Pod] { pods.filter { $0.metadata.controllerReference?.uid == owner } }
    package func podSummary(controlledBy owner: UID) -> PodSummary? {
        guard countsPods else { return nil }
        let owned = pods(controlledBy: owner)
        var summary = PodSummary()
        summary.total = Int64(owned.count)
        summary.active = Int64(owned.count(where: \.isActive))
        summary.ready = Int64(owned.count { $0.isActive && $0.isReady })
        summary.terminating = Int64(owned.count(where: \.isTerminating))
        summary.labels = owned.first?.metadata.labels
        return summary
    }
    package func orphanPods(inNamespace namespace: String) -> [Pod] {
        pods(inNamespace: namespace).filter { $0.metadata.controllerReference == nil }
    }
    package func pods(onNode node: String) -> [Pod] { pods.filter { $0.nodeName == node } }
    package func terminatedPods() -> [Pod] { pods.filter { $0.status.phase.isTerminal } }
    package func pods(inPhase phase: PodPhase) -> [Pod] { pods.filter { $0.status.phase == phase } }
    package func objects(of kind: ObjectKind, namespace: String?) -> [KubernetesObject] {
        stored.filter { $0.kind == kind && (namespace == nil || $0.metadata.namespace == namespace) }
    }
    package func replicaSets(controlledBy owner: UID) -> [ReplicaSet] {
        replicaSets.filter { $0.metadata.controllerReference?.uid == owner }
    }
    package var replicaSets: [ReplicaSet] { stored.compactMap { if case .replicaSet(let found) = $0 { found } else { nil } } }
    package func dependents(of owner: UID) -> [KubernetesObject] {
        stored.filter { $0.metadata.ownerReferences.contains { $0.uid == owner } }
    }

    // MARK: - Writes

    /// Stores a new object and returns it as stored.
    @discardableResult
    package func add(_ object: KubernetesObject) -> KubernetesObject {
        var object = object
        serial += 1
        version += 1
        var metadata = object.metadata
        if metadata.uid == .none { metadata.uid = UID(high: 1, low: serial) }
        if metadata.name.isEmpty { metadata.name = metadata.generateName + "p\(serial)" }
        metadata.creationTimestamp = now
        metadata.generation = 1
        metadata.resourceVersion = version
        object.metadata = metadata
        stored.append(object)
        changes.append(.added(object))
        return object
    }

    /// Changes a stored object as a user or a kubelet would; `spec` counts a generation.
    package func change(_ key: ObjectKey, spec: Bool = false, _ body: (inout KubernetesObject) -> Void) {
        guard let place = stored.firstIndex(where: { $0.key == key }) else { return }
        var object = stored[place]
        body(&object)
        var metadata = object.metadata
        if spec { metadata.generation += 1 }
        object.metadata = metadata
        replace(place, with: object)
    }

    package func changePod(_ key: ObjectKey, _ body: (inout Pod) -> Void) {
        change(key) { object in
            guard case .pod(var pod) = object else { return }
            body(&pod)
            object = .pod(pod)
        }
    }

    package func remove(_ key: ObjectKey) {
        guard let place = stored.firstIndex(where: { $0.key == key }) else { return }
        changes.append(.deleted(stored.remove(at: place)))
    }

    private func replace(_ place: Int, with object: KubernetesObject) {
        let old = stored[place]
        guard old != object else { return }
        var object = object
        version += 1
        object.metadata.resourceVersion = version
        stored[place] = object
        if object.metadata.deletionTimestamp != nil, object.metadata.finalizers.isEmpty, isGone(object) {
            stored.remove(at: place)
            changes.append(.deleted(object))
        } else {
            changes.append(.modified(old: old, new: object))
        }
    }

    // A pod that runs goes when its kubelet says so; anything else goes with its last finalizer.
    private func isGone(_ object: KubernetesObject) -> Bool {
        if case .namespace = object { return false }
        guard case .pod(let pod) = object else { return true }
        return pod.nodeName == nil || pod.metadata.deletionGracePeriodSeconds == 0
    }

    package func delete(
        _ key: ObjectKey, uid: UID? = nil, grace: Int64? = nil, propagation: DeletionPropagation? = .background
    ) -> ActionError? {
        guard let place = stored.firstIndex(where: { $0.key == key }) else { return .notFound }
        var object = stored[place]
        if let uid, uid != object.metadata.uid { return .conflict }
        // A namespace goes with the second request, if nothing is left in it.
        if case .namespace = object, object.metadata.deletionTimestamp != nil {
            if !stored.contains(where: { $0.metadata.namespace == key.name }) { remove(key) }
            return nil
        }
        var metadata = object.metadata
        if let propagation, metadata.deletionGracePeriodSeconds ?? 0 == 0 {
            metadata.finalizers.removeAll { $0 == "foregroundDeletion" || $0 == "orphan" }
            if propagation == .foreground { metadata.finalizers.append("foregroundDeletion") }
            if propagation == .orphan { metadata.finalizers.append("orphan") }
        }
        if metadata.deletionTimestamp == nil || grace == 0 {
            var seconds: Int64 = 0
            if case .pod(let pod) = object, !pod.status.phase.isTerminal {
                seconds = grace ?? pod.spec.terminationGracePeriodSeconds
            }
            metadata.deletionTimestamp = now + .seconds(seconds)
            metadata.deletionGracePeriodSeconds = seconds
        }
        object.metadata = metadata
        replace(place, with: object)
        return nil
    }

    package func apply(_ action: Action) -> (Action, ActionError?) {
        switch action {
        case .create(let object):
            if case .pod = object, refusesPods { return (action, .forbidden("exceeded quota")) }
            if !object.metadata.name.isEmpty, self.object(object.key) != nil { return (action, .alreadyExists) }
            return (.create(add(object)), nil)
        case .update(let object): return (action, write(object, status: false))
        case .updateStatus(let object): return (action, write(object, status: true))
        case .delete(let key, let uid, let grace, let propagation):
            return (action, delete(key, uid: uid, grace: grace, propagation: propagation))
        case .bind(let key, _, let node): changePod(key) { $0.nodeName = node }
        case .evict(let key, _): return (action, delete(key))
        case .patchPodStatus(let key, let uid, let patch):
            guard let pod = pod(namespace: key.namespace, name: key.name) else { return (action, .notFound) }
            guard pod.metadata.uid == uid else { return (action, .conflict) }
            changePod(key) { pod in
                for condition in patch.conditions { pod.status.conditions.set(condition) }
                if let phase = patch.phase { pod.status.phase = phase }
            }
        case .patchMetadata(let key, let uid, let patch):
            guard var object = object(key) else { return (action, .notFound) }
            guard object.metadata.uid == uid else { return (action, .conflict) }
            patch.apply(to: &object.metadata)
            return (action, write(object, status: false))
        case .patchNodeTaints(let name, let add, let remove):
            guard node(name) != nil else { return (action, .notFound) }
            changeNode(name) { node in
                node.spec.taints.removeAll { remove.contains($0) }
                for taint in add where !node.spec.taints.contains(taint) { node.spec.taints.append(taint) }
            }
        case .patchNodeConditions(let name, let conditions):
            guard node(name) != nil else { return (action, .notFound) }
            changeNode(name) { node in
                for condition in conditions { node.status.conditions.set(condition) }
            }
        }
        return (action, nil)
    }

    package func changeNode(_ name: String, _ body: (inout Node) -> Void) {
        change(ObjectKey(.node, name: name)) { object in
            guard case .node(var node) = object else { return }
            body(&node)
            object = .node(node)
        }
    }

    private func write(_ object: KubernetesObject, status: Bool) -> ActionError? {
        guard let place = stored.firstIndex(where: { $0.key == object.key }) else { return .notFound }
        let old = stored[place]
        let wanted = object.metadata.resourceVersion
        if wanted != 0, wanted != old.metadata.resourceVersion { return .conflict }
        var next = status ? old : object
        switch (old, object) {
        case (.replicaSet(let old), .replicaSet(var new)):
            if status {
                new.metadata = old.metadata
                new.spec = old.spec
            } else {
                new.status = old.status
                if new.spec != old.spec { new.metadata.generation = old.metadata.generation + 1 }
            }
            next = .replicaSet(new)
        case (.deployment(let old), .deployment(var new)):
            if status {
                // As upstream, which leaves the annotations of a status update in place.
                let annotations = new.metadata.annotations
                new.metadata = old.metadata
                new.metadata.annotations = annotations
                new.spec = old.spec
            } else {
                new.status = old.status
                if new.spec != old.spec { new.metadata.generation = old.metadata.generation + 1 }
            }
            next = .deployment(new)
        case (.daemonSet(let old), .daemonSet(var new)):
            if status {
                new.metadata = old.metadata
                new.spec = old.spec
            } else {
                new.status = old.status
                if new.spec != old.spec { new.metadata.generation = old.metadata.generation + 1 }
            }
            next = .daemonSet(new)
        case (.node(let old), .node(var new)):
            if status {
                new.metadata = old.metadata
                new.spec = old.spec
            } else {
                new.status = old.status
            }
            next = .node(new)
        case (.replicationController(let old), .replicationController(var new)):
            if status {
                new.metadata = old.metadata
                new.spec = old.spec
            } else {
                new.status = old.status
            }
            next = .replicationController(new)
        case (.job(let old), .job(var new)):
            if status {
                new.metadata = old.metadata
                new.spec = old.spec
            } else {
                new.status = old.status
            }
            next = .job(new)
        case (.cronJob(let old), .cronJob(var new)):
            if status {
                new.metadata = old.metadata
                new.spec = old.spec
            } else {
                new.active = old.active
                new.lastScheduleTime = old.lastScheduleTime
                new.lastSuccessfulTime = old.lastSuccessfulTime
            }
            next = .cronJob(new)
        case (.resourceQuota(let old), .resourceQuota(var new)):
            if status {
                new.metadata = old.metadata
                new.hard = old.hard
            } else {
                new.used = old.used
                new.statusHard = old.statusHard
            }
            next = .resourceQuota(new)
        case (.statefulSet(let old), .statefulSet(var new)):
            if status {
                new.metadata = old.metadata
                new.spec = old.spec
            } else {
                new.status = old.status
                if new.spec != old.spec { new.metadata.generation = old.metadata.generation + 1 }
            }
            next = .statefulSet(new)
        case (.pod(let old), .pod(var new)):
            new.status = old.status
            new.nodeName = old.nodeName
            next = .pod(new)
        case (.persistentVolume(let old), .persistentVolume(var new)):
            if status {
                new.metadata = old.metadata
                new.spec = old.spec
            } else {
                new.phase = old.phase
            }
            next = .persistentVolume(new)
        case (.persistentVolumeClaim(let old), .persistentVolumeClaim(var new)):
            if status {
                new.metadata = old.metadata
                new.spec = old.spec
            } else {
                new.phase = old.phase
            }
            next = .persistentVolumeClaim(new)
        case (.podDisruptionBudget(let old), .podDisruptionBudget(var new)):
            if status {
                let fresh = new.status
                new = old
                new.status = fresh
            } else {
                new.status = old.status
            }
            next = .podDisruptionBudget(new)
        default: break
        }
        var metadata = next.metadata
        metadata.deletionTimestamp = old.metadata.deletionTimestamp
        metadata.deletionGracePeriodSeconds = old.metadata.deletionGracePeriodSeconds
        metadata.resourceVersion = old.metadata.resourceVersion
        next.metadata = metadata
        replace(place, with: next)
        return nil
    }
}
