import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Observations

// The chains through workloads: what they are told, and when they are whole again.

extension World {
    /// Follows a change of anything but pods and nodes.
    mutating func traceWorkload(_ change: WatchEvent) {
        switch change {
        case .added(let object): if Self.makesPods(object) { traceTelling(object, "created") }
        case .modified(let old, let new):
            guard Self.makesPods(new) else { return }
            if old.metadata.generation != new.metadata.generation {
                traceTelling(new, Self.difference(old, new))
                settleWounds()
            } else if causes.link(ofWorkload: new.metadata.uid) != nil, Self.isSettled(new) {
                causes.set(nil, ofWorkload: new.metadata.uid)
            }
        case .deleted(let object):
            if causes.current != nil, Self.makesPods(object) {
                traceTelling(object, "deleted")
            } else {
                causes.forget(object.metadata.uid)
            }
        }
    }

    /// A workload is told something in the name of a cause, or by a controller whose own workload was.
    private mutating func traceTelling(_ object: KubernetesObject, _ detail: String) {
        let owner = object.metadata.controllerReference.flatMap { causes.link(ofWorkload: $0.uid) }
        guard let parent = writer < 0 ? causes.current?.link : owner else { return }
        let key = object.key
        let link = note(
            .workloadChanged, after: parent, by: actor(or: ""),
            "\(key.kind.name) \(key.namespace)/\(key.name) \(detail)")
        causes.set(link, ofWorkload: object.metadata.uid)
    }

    private static func makesPods(_ object: KubernetesObject) -> Bool {
        switch object.kind {
        case .deployment, .replicaSet, .statefulSet, .daemonSet, .job, .replicationController: true
        default: false
        }
    }

    private static func difference(_ old: KubernetesObject, _ new: KubernetesObject) -> String {
        guard let before = replicas(of: old), let after = replicas(of: new), before != after else { return "changed" }
        return "from \(before) to \(after)"
    }

    /// The pods that a workload asks for, where that is a number in its spec.
    private static func replicas(of object: KubernetesObject) -> Int64? {
        switch object {
        case .deployment(let workload): workload.spec.replicas
        case .replicaSet(let workload): workload.spec.replicas
        case .statefulSet(let workload): workload.spec.replicas
        case .replicationController(let workload): workload.spec.replicas
        default: nil
        }
    }

    /// Whether a workload has done what it was told last.
    private static func isSettled(_ object: KubernetesObject) -> Bool {
        switch object {
        case .deployment(let workload):
            let status = workload.status
            let wanted = workload.spec.replicas
            return status.observedGeneration >= workload.metadata.generation && status.updatedReplicas == wanted
                && status.replicas == wanted && status.availableReplicas == wanted
        case .replicaSet(let workload):
            return workload.status.replicas == workload.spec.replicas
                && workload.status.readyReplicas == workload.spec.replicas
        case .statefulSet(let workload):
            return workload.status.observedGeneration >= workload.metadata.generation
                && workload.status.readyReplicas == workload.spec.replicas
                && workload.status.updatedReplicas == workload.spec.replicas
        case .daemonSet(let workload):
            return workload.status.observedGeneration >= workload.metadata.generation
                && workload.status.numberReady == workload.status.desiredNumberScheduled
                && workload.status.updatedNumberScheduled == workload.status.desiredNumberScheduled
        case .job(let workload): return workload.finishedCondition != nil
        case .replicationController(let workload):
            return workload.status.readyReplicas == workload.spec.replicas
        default: return true
        }
    }

    // MARK: - Whole again

    /// A workload lost a ready pod to a chain; the pod is counted out already.
    mutating func wound(_ slot: Int32, _ loss: CauseLink) {
        let controller = tracker[slot].controller
        if let place = causes.wounds.firstIndex(where: { $0.root == loss.root && $0.controller == controller }) {
            causes.wounds[place].link = loss
        } else {
            causes.wounds.append(
                CauseDesk.Wound(
                    root: loss.root, controller: controller, before: causes.ready(controller) + 1, link: loss))
        }
    }

    /// The pods of a workload that is not whole changed: tells when it has as many ready ones as before, or as it wants.
    mutating func settleWounds(of slot: Int32, hasSucceeded: Bool) {
        let controller = tracker[slot].controller
        guard causes.wounds.contains(where: { $0.controller == controller }) else { return }
        if hasSucceeded {
            for place in causes.wounds.indices where causes.wounds[place].controller == controller {
                causes.wounds[place].before -= 1
            }
        }
        settleWounds(of: controller, by: causes.link(ofPod: slot))
    }

    /// Workloads may want fewer pods now.
    private mutating func settleWounds() {
        for controller in Set(causes.wounds.map(\.controller)).sorted() { settleWounds(of: controller, by: nil) }
    }

    private mutating func settleWounds(of controller: Int32, by step: CauseLink?) {
        let wanted = wanted(by: controller)
        let ready = Int64(causes.ready(controller))
        for wound in causes.wounds where wound.controller == controller {
            guard ready >= min(Int64(wound.before), wanted ?? .max) else { continue }
            let parent = step.flatMap { $0.root == wound.root ? $0 : nil } ?? wound.link
            note(.workloadWhole, after: parent, by: CauseActor.kubelet, controller: controller)
        }
        causes.wounds.removeAll {
            $0.controller == controller && ready >= min(Int64($0.before), wanted ?? .max)
        }
    }

    /// How many pods a workload wants now; nil when its spec does not say, and for a bare pod.
    private func wanted(by controller: Int32) -> Int64? {
        let entry = controllers[controller]
        guard let kind = ObjectKind(name: entry.kind), kind != .pod else { return nil }
        guard let object = api.object(ObjectKey(kind, namespace: entry.namespace, name: entry.name)) else { return 0 }
        switch object {
        case .daemonSet(let workload): return workload.status.desiredNumberScheduled
        default: return Self.replicas(of: object)
        }
    }
}
