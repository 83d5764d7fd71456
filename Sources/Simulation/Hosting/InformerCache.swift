// Kubernetes counterpart: the shared informer factory of kube-controller-manager (client-go v0.36).
// Deliberate differences: one watch brings the changes of all kinds in the order in which they happened; what no controller
// watches is seen at once; an object that is deleted at once is seen as terminating from then on, not as before.

import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI

/// What the controllers see: the store as of the last change that their watch brought.
///
/// Nothing is copied: objects with changes on their way lie over the store as the controllers know them. A class, so that
/// reconcilers can be handed it without a copy; it belongs to one world.
final class InformerCache {
    private let api: StoreView
    /// Whether controllers see changes only when they are delivered, even while the watch is well.
    let lags: Bool
    /// Whether the watch is broken: changes are missed until everything is listed anew.
    private(set) var isBroken = false
    private var overlay = InformerOverlay()

    init(_ api: StoreView, lags: Bool) {
        self.api = api
        self.lags = lags
    }

    /// Whether the cache has to be told of changes.
    var isFollowing: Bool { lags || isBroken }

    /// What controllers are to be handed.
    var view: any ClusterView { isFollowing ? self : api }

    /// Takes note of a change; `isWatched` says whether it will be delivered.
    func note(_ change: WatchEvent, isWatched: Bool) {
        if isWatched || isBroken || !overlay.isEmpty { overlay.note(change, isTracked: isWatched || isBroken) }
    }

    /// A change is delivered.
    func deliver(_ change: WatchEvent) { overlay.deliver(change) }

    /// The watch breaks; `lost` was on its way.
    func breakWatch(losing lost: [WatchEvent]) {
        if !isFollowing { for change in lost { overlay.note(change, isTracked: true) } }
        isBroken = true
    }

    /// Everything is listed anew: returns the changes that the watch missed.
    func relist() -> [WatchEvent] {
        isBroken = false
        return overlay.takeAll()
    }
}

// MARK: - Gets

extension InformerCache: ClusterView {
    var now: Instant { api.now }
    var startDate: StartDate { api.startDate }
    var metrics: any MetricsView { api.metrics }
    var shownVersion: Int64? { overlay.version ?? api.shownVersion }

    func object(_ key: ObjectKey) -> KubernetesObject? {
        if overlay.count(of: key.kind) == 0 { return api.object(key) }
        if let shown = overlay.shownOfGone(at: key) { return shown }
        guard let stored = api.object(key) else { return nil }
        if let entry = overlay[stored.uid] { return entry.shown }
        return stored
    }

    func object(uid: UID) -> KubernetesObject? {
        if let entry = overlay[uid] { return entry.shown }
        return api.object(uid: uid)
    }

    func pod(namespace: String, name: String) -> Pod? {
        if overlay.count(of: .pod) == 0 { return api.pod(namespace: namespace, name: name) }
        guard case .pod(let pod)? = object(ObjectKey(.pod, namespace: namespace, name: name)) else { return nil }
        return pod
    }

    func node(_ name: String) -> Node? {
        if overlay.count(of: .node) == 0 { return api.node(name) }
        guard case .node(let node)? = object(ObjectKey(.node, name: name)) else { return nil }
        return node
    }

    func replicaSet(namespace: String, name: String) -> ReplicaSet? {
        guard case .replicaSet(let found)? = object(ObjectKey(.replicaSet, namespace: namespace, name: name)) else {
            return nil
        }
        return found
    }

    func deployment(namespace: String, name: String) -> Deployment? {
        guard case .deployment(let found)? = object(ObjectKey(.deployment, namespace: namespace, name: name)) else {
            return nil
        }
        return found
    }

    func job(namespace: String, name: String) -> Job? {
        guard case .job(let found)? = object(ObjectKey(.job, namespace: namespace, name: name)) else { return nil }
        return found
    }
}

// MARK: - Lists

extension InformerCache {
    func nodes() -> [Node] {
        let stored = api.nodes()
        guard overlay.count(of: .node) > 0 else { return stored }
        return patched(stored, .node, metadata: { $0.metadata }, of: { $0.asNode }) { _ in true }
            .sorted { $0.metadata.name < $1.metadata.name }
    }

    func pods(inNamespace namespace: String) -> [Pod] {
        pods(api.pods(inNamespace: namespace)) { $0.metadata.namespace == namespace }
    }

    func pods(inNamespace namespace: String, matching selector: LabelSelector) -> [Pod] {
        pods(api.pods(inNamespace: namespace, matching: selector)) {
            $0.metadata.namespace == namespace && selector.matches($0.metadata.labels)
        }
    }

    func disruptionBudgets(inNamespace namespace: String, matching labels: StringMap) -> [PodDisruptionBudget] {
        let stored = api.disruptionBudgets(inNamespace: namespace, matching: labels)
        guard overlay.count(of: .podDisruptionBudget) > 0 else { return stored }
        return patched(
            stored, .podDisruptionBudget, metadata: { $0.metadata },
            of: { if case .podDisruptionBudget(let budget) = $0 { budget } else { nil } }
        ) {
            $0.metadata.namespace == namespace && $0.selector?.matches(labels) ?? false
        }
    }

    func pods(controlledBy owner: UID) -> [Pod] {
        pods(api.pods(controlledBy: owner)) { $0.metadata.controllerUID == owner }
    }

    func orphanPods(inNamespace namespace: String) -> [Pod] {
        pods(api.orphanPods(inNamespace: namespace)) {
            $0.metadata.namespace == namespace && $0.metadata.controllerUID == nil
        }
    }

    func pods(onNode node: String) -> [Pod] { pods(api.pods(onNode: node)) { $0.nodeName == node } }

    func terminatedPods() -> [Pod] { pods(api.terminatedPods()) { $0.status.phase.isTerminal } }

    func pods(inPhase phase: PodPhase) -> [Pod] { pods(api.pods(inPhase: phase)) { $0.status.phase == phase } }

    func podSummary(controlledBy owner: UID) -> PodSummary? {
        guard var summary = api.podSummary(controlledBy: owner) else { return nil }
        overlay.forEach(of: .pod) { _, entry in
            if let stored = entry.stored?.asPod, stored.metadata.controllerUID == owner {
                summary.count(stored, sign: -1)
            }
            if let shown = entry.shown?.asPod, shown.metadata.controllerUID == owner {
                summary.count(shown, sign: 1)
                if shown.metadata.labels != summary.labels { summary.labels = nil }
            }
        }
        return summary
    }

    func objects(of kind: ObjectKind, namespace: String?) -> [KubernetesObject] {
        let stored = api.objects(of: kind, namespace: namespace)
        guard overlay.count(of: kind) > 0 else { return stored }
        let namespace = kind.isNamespaced ? namespace : nil
        return patched(stored, kind, metadata: { $0.metadata }, of: { $0 }) {
            namespace == nil || $0.metadata.namespace == namespace
        }
    }

    func replicaSets(controlledBy owner: UID) -> [ReplicaSet] {
        replicaSets(api.replicaSets(controlledBy: owner)) { $0.metadata.controllerUID == owner }
    }

    func orphanReplicaSets(inNamespace namespace: String) -> [ReplicaSet] {
        replicaSets(api.orphanReplicaSets(inNamespace: namespace)) {
            $0.metadata.namespace == namespace && $0.metadata.controllerUID == nil
        }
    }

    func dependents(of owner: UID) -> [KubernetesObject] {
        var found = api.dependents(of: owner)
        // Asked for each object that goes: hardly one of them owned anything.
        if overlay.isEmpty || found.isEmpty && !overlay.mayName(owner: owner) { return found }
        for kind in ObjectKind.allCases where overlay.count(of: kind) > 0 {
            found = patched(found, kind, metadata: { $0.metadata }, of: { $0 }) { object in
                object.metadata.ownerReferences.contains { $0.uid == owner }
            }
        }
        return found
    }

    private func pods(_ stored: [Pod], where belongs: (Pod) -> Bool) -> [Pod] {
        guard overlay.count(of: .pod) > 0 else { return stored }
        return patched(stored, .pod, metadata: { $0.metadata }, of: { $0.asPod }, where: belongs)
    }

    private func replicaSets(_ stored: [ReplicaSet], where belongs: (ReplicaSet) -> Bool) -> [ReplicaSet] {
        guard overlay.count(of: .replicaSet) > 0 else { return stored }
        return patched(stored, .replicaSet, metadata: { $0.metadata }, of: { $0.asReplicaSet }, where: belongs)
    }

    /// Returns a list of the store as the watcher knows it: in the order of creation, `belongs` saying who is on it.
    private func patched<Object>(
        _ stored: [Object], _ kind: ObjectKind, metadata: (Object) -> ObjectMeta,
        of typed: (KubernetesObject) -> Object?, where belongs: (Object) -> Bool
    ) -> [Object] {
        var replaced: [UID: Object?] = [:]
        var added: [Object] = []
        overlay.forEach(of: kind) { uid, entry in
            let shown = entry.shown.flatMap(typed).flatMap { belongs($0) ? $0 : nil }
            if let present = entry.stored.flatMap(typed), belongs(present) {
                replaced[uid] = .some(shown)
            } else if let shown {
                added.append(shown)
            }
        }
        if replaced.isEmpty, added.isEmpty { return stored }
        var list = stored
        if !replaced.isEmpty {
            list = stored.compactMap { object in
                if let other = replaced[metadata(object).uid] { return other }
                return object
            }
        }
        for object in added {
            let created = metadata(object).creationTimestamp
            let place = list.lastIndex { metadata($0).creationTimestamp <= created }.map { $0 + 1 } ?? 0
            list.insert(object, at: place)
        }
        return list
    }
}

extension KubernetesObject {
    fileprivate var asPod: Pod? { if case .pod(let pod) = self { pod } else { nil } }
    fileprivate var asNode: Node? { if case .node(let node) = self { node } else { nil } }
    fileprivate var asReplicaSet: ReplicaSet? { if case .replicaSet(let found) = self { found } else { nil } }
}

extension PodSummary {
    fileprivate mutating func count(_ pod: Pod, sign: Int64) {
        total += sign
        if pod.status.phase.isTerminal { return }
        if pod.isTerminating {
            terminating += sign
            return
        }
        active += sign
        if pod.isReady { ready += sign }
    }
}
