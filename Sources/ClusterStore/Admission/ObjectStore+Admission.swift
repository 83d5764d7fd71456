// Kubernetes counterpart: the pod defaults and the admission plugins Priority, DefaultTolerationSeconds,
// StorageObjectInUseProtection, DefaultStorageClass and TaintNodesByCondition.
// Deliberate differences: updates of pods are not admitted again; of webhooks there is the VerticalPodAutoscaler's.

import ControlPlane
import KubernetesAPI

extension KubernetesObject {
    /// Lets claims and volumes go only when nobody uses them any more (the admission plugin StorageObjectInUseProtection).
    mutating func protectInUse() {
        switch self {
        case .persistentVolumeClaim(var claim):
            if claim.metadata.finalizers.contains(PersistentVolumeClaim.protection) { return }
            claim.metadata.finalizers.append(PersistentVolumeClaim.protection)
            self = .persistentVolumeClaim(claim)
        case .persistentVolume(var volume):
            if volume.metadata.finalizers.contains(PersistentVolume.protection) { return }
            volume.metadata.finalizers.append(PersistentVolume.protection)
            self = .persistentVolume(volume)
        default: break
        }
    }
}

extension ObjectStore {
    /// Gives a claim that says nothing of a class the default one (the admission plugin DefaultStorageClass).
    func addDefaultClass(to object: inout KubernetesObject) {
        guard case .persistentVolumeClaim(var claim) = object, claim.lacksClass else { return }
        let classes = self[.storageClass].objects(self[.storageClass].order).compactMap { object in
            if case .storageClass(let found) = object { found } else { nil }
        }
        guard let found = StorageClass.default(among: classes) else { return }
        claim.spec.storageClassName = found.metadata.name
        object = .persistentVolumeClaim(claim)
    }

    /// Keeps pods off a new node until its conditions were looked at (the admission plugin TaintNodesByCondition).
    static func markNotReady(_ node: inout Node) {
        if node.spec.taints.contains(where: { $0.key == notReadyTaint && $0.effect == .noSchedule }) { return }
        node.spec.taints.append(Taint(key: notReadyTaint, effect: .noSchedule))
    }
}

extension ObjectStore {
    /// Classes that exist in every cluster.
    private static let systemClasses: [(name: String, value: Int32)] = [
        ("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000),
    ]
    private static let notReadyTaint = "node.kubernetes.io/not-ready"
    private static let unreachableTaint = "node.kubernetes.io/unreachable"
    /// `--default-not-ready-toleration-seconds` and `--default-unreachable-toleration-seconds`.
    private static let tolerationSeconds: Int64 = 300

    /// Returns the spec that the server stores for `pod`, or refuses the pod.
    ///
    /// `keepingSpec` takes the spec as it is: that of an export went through admission already.
    mutating func admit(_ pod: Pod, keepingSpec: Bool) throws(ActionError) -> AdmittedSpec {
        if keepingSpec { return AdmittedSpec(box: pod.specBox, qosClass: .init(of: pod.spec)) }
        let limits = self[.limitRange].byNamespace[NameKey(pod.metadata.namespace)]
        if limits == nil, let known = admission.find(pod) {
            try Self.checkBinding(pod, known.box.value)
            return changedByWebhook(known, of: pod)
        }
        var spec = pod.spec
        spec.fillDefaults()
        do {
            try resolvePriority(&spec)
        } catch {
            throw .forbidden("pods \"\(pod.metadata.shownName)\" is forbidden: \(error.reason)")
        }
        Self.addTolerations(&spec)
        if spec.refersToLabels { spec = spec.mergingMatchLabelKeys(labels: pod.metadata.labels) }
        if let limits { fill(limits, into: &spec) }
        let box = spec == pod.spec ? pod.specBox : PodSpecBox(spec)
        let admitted = AdmittedSpec(box: box, qosClass: .init(of: spec))
        try Self.checkBinding(pod, spec)
        guard let limits else {
            admission.keep(admitted, for: pod)
            return changedByWebhook(admitted, of: pod)
        }
        // Webhooks are asked between the defaults and the bounds.
        let changed = changedByWebhook(admitted, of: pod)
        try Self.checkRequests(of: changed.box.value)
        try check(limits, changed.box.value, of: pod)
        return changed
    }

    /// Lets the webhook change what the built-in plugins made of a pod.
    private mutating func changedByWebhook(_ admitted: AdmittedSpec, of pod: Pod) -> AdmittedSpec {
        // The webhook answers for nobody while there are no such objects.
        guard presentKinds & Self.webhookKinds != 0, let webhook = podWebhook,
            let spec = webhook.changed(admitted.box.value, of: pod, in: self)
        else { return admitted }
        return admission.share(spec, changedFrom: admitted.box)
    }

    private static let webhookKinds: UInt64 = 1 << UInt64(ObjectKind.verticalPodAutoscaler.rawValue)

    private static func checkBinding(_ pod: Pod, _ spec: PodSpec) throws(ActionError) {
        if pod.nodeName != nil, !spec.schedulingGates.isEmpty {
            throw .invalid("spec.nodeName: must be unset while the pod has scheduling gates")
        }
    }

    /// Resolves the priority class, or the global default of the lowest value, or 0.
    private func resolvePriority(_ spec: inout PodSpec) throws(PriorityRefusal) {
        var value: Int32 = 0
        var policy = PodSpec.PreemptionPolicy.preemptLowerPriority
        if spec.priorityClassName.isEmpty {
            var chosen: PriorityClass?
            for object in self[.priorityClass].objects(self[.priorityClass].order) {
                guard case .priorityClass(let candidate) = object, candidate.globalDefault else { continue }
                if let best = chosen, best.value <= candidate.value { continue }
                chosen = candidate
            }
            if let chosen {
                spec.priorityClassName = chosen.metadata.name
                value = chosen.value
                policy = chosen.preemptionPolicy
            }
        } else if case .priorityClass(let found)? = object(ObjectKey(.priorityClass, name: spec.priorityClassName)) {
            value = found.value
            policy = found.preemptionPolicy
        } else if let system = Self.systemClasses.first(where: { $0.name == spec.priorityClassName }) {
            value = system.value
        } else {
            throw PriorityRefusal(reason: "no PriorityClass with name \(spec.priorityClassName) was found")
        }
        if let given = spec.priority, given != value {
            throw PriorityRefusal(
                reason:
                    "the integer value of priority (\(given)) must not be provided in pod spec; priority admission controller "
                    + "computed \(value) from the given PriorityClass name")
        }
        if let given = spec.preemptionPolicy, given != policy {
            throw PriorityRefusal(
                reason:
                    "the string value of PreemptionPolicy (\(given.rawValue)) must not be provided in pod spec; priority "
                    + "admission controller computed \(policy.rawValue) from the given PriorityClass name")
        }
        spec.priority = value
        spec.preemptionPolicy = policy
    }

    private static func addTolerations(_ spec: inout PodSpec) {
        for key in [notReadyTaint, unreachableTaint] {
            let tolerates = spec.tolerations.contains {
                ($0.key == key || $0.key.isEmpty) && ($0.effect == .noExecute || $0.effect == nil)
            }
            if tolerates { continue }
            spec.tolerations.append(
                Toleration(
                    key: key, operator: .exists, effect: .noExecute, tolerationSeconds: Self.tolerationSeconds))
        }
    }
}

/// Why a pod's priority is not what its class says.
private struct PriorityRefusal: Error {
    var reason: String
}

extension ObjectMeta {
    /// The name, or what a name is to be made of.
    var shownName: String { name.isEmpty ? generateName : name }
}
