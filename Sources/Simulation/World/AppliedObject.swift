// Kubernetes counterpart: what `kubectl apply` makes of a manifest and of the object that stands (v1.36).
// Deliberate difference: what the manifest applied before said is not known. Of what is left out now, that stays which
// others than people set; labels and annotations of people go, and replicas stay, even if the earlier manifest gave them.

import KubernetesAPI

extension KubernetesObject {
    /// Returns this manifest with what `stored` has and a manifest does not say.
    func laid(over stored: KubernetesObject, leavingReplicas: Bool) -> KubernetesObject {
        var laid = self
        laid.metadata = metadata.laid(over: stored.metadata)
        switch (laid, stored) {
        case (.pod(let pod), .pod(let old)): return .pod(pod.laid(over: old))
        case (.deployment(var object), .deployment(let old)) where leavingReplicas:
            object.spec.replicas = old.spec.replicas
            laid = .deployment(object)
        case (.replicaSet(var object), .replicaSet(let old)) where leavingReplicas:
            object.spec.replicas = old.spec.replicas
            laid = .replicaSet(object)
        case (.statefulSet(var object), .statefulSet(let old)) where leavingReplicas:
            object.spec.replicas = old.spec.replicas
            laid = .statefulSet(object)
        case (.replicationController(var object), .replicationController(let old)) where leavingReplicas:
            object.spec.replicas = old.spec.replicas
            laid = .replicationController(object)
        case (.persistentVolumeClaim(var object), .persistentVolumeClaim(let old)):
            if object.spec.volumeName.isEmpty { object.spec.volumeName = old.spec.volumeName }
            object.spec.storageClassName = object.spec.storageClassName ?? old.spec.storageClassName
            laid = .persistentVolumeClaim(object)
        case (.persistentVolume(var object), .persistentVolume(let old)):
            if object.spec.claimName == nil {
                object.spec.claimNamespace = old.spec.claimNamespace
                object.spec.claimName = old.spec.claimName
            }
            object.spec.claimUID = object.spec.claimUID ?? old.spec.claimUID
            laid = .persistentVolume(object)
        default: break
        }
        return laid
    }
}

extension ObjectMeta {
    /// Annotations that controllers write.
    private static let ofControllers = [
        "deployment.kubernetes.io/", "pv.kubernetes.io/", "volume.kubernetes.io/",
        "volume.beta.kubernetes.io/storage-p",
    ]

    fileprivate func laid(over stored: ObjectMeta) -> ObjectMeta {
        var laid = self
        if ownerReferences.isEmpty { laid.ownerReferences = stored.ownerReferences }
        laid.finalizers = stored.finalizers + finalizers.filter { !stored.finalizers.contains($0) }
        for pair in stored.annotations.pairs where annotations[pair.key] == nil {
            if Self.ofControllers.contains(where: pair.key.hasPrefix) { laid.annotations[pair.key] = pair.value }
        }
        return laid
    }
}

// MARK: - Pods

extension Pod {
    fileprivate func laid(over stored: Pod) -> Pod {
        let laid = spec.laid(over: stored.spec, labels: metadata.labels)
        return Pod(
            metadata: metadata, specBox: laid == stored.spec ? stored.specBox : PodSpecBox(laid),
            nodeName: nodeName ?? stored.nodeName, status: status)
    }
}

extension PodSpec {
    /// Returns this spec with what admission gave the pod that stands.
    fileprivate func laid(over stored: PodSpec, labels: StringMap) -> PodSpec {
        var laid = mergingMatchLabelKeys(labels: labels)
        laid.priority = priority ?? stored.priority
        laid.preemptionPolicy = preemptionPolicy ?? stored.preemptionPolicy
        if priorityClassName.isEmpty { laid.priorityClassName = stored.priorityClassName }
        for toleration in stored.tolerations where toleration.isGiven && !laid.tolerations.contains(toleration) {
            laid.tolerations.append(toleration)
        }
        laid.requests.fill(from: stored.requests)
        laid.limits.fill(from: stored.limits)
        Self.fill(&laid.containers, from: stored.containers)
        Self.fill(&laid.initContainers, from: stored.initContainers)
        return laid
    }

    private static func fill(_ containers: inout [Container], from stored: [Container]) {
        for place in containers.indices {
            guard let old = stored.first(where: { $0.name == containers[place].name }) else { continue }
            containers[place].requests.fill(from: old.requests)
            containers[place].limits.fill(from: old.limits)
            // A policy that only follows from the image was filled in when the pod was made.
            let image = containers[place].image
            if containers[place].imagePullPolicy == Container.PullPolicy.default(ofImage: image) {
                containers[place].imagePullPolicy = old.imagePullPolicy
            }
        }
    }
}

extension ResourceList {
    fileprivate mutating func fill(from stored: ResourceList) {
        for entry in stored.entries where self[entry.name] == nil { self[entry.name] = entry.amount }
    }
}

extension Toleration {
    /// Whether the API server gives the toleration to every pod (the admission plugin DefaultTolerationSeconds).
    fileprivate var isGiven: Bool {
        ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].contains(key) && self.operator == .exists
            && effect == .noExecute && tolerationSeconds == 300
    }
}
