package import KubernetesAPI

extension OwnerReference {
    /// Creates the reference with which a controller owns what it makes (`metav1.NewControllerRef`).
    package init(controller owner: ObjectMeta, kind: ObjectKind) {
        let apiVersion =
            switch kind {
            case .job, .cronJob: "batch/v1"
            case .replicaSet, .deployment, .statefulSet, .daemonSet, .controllerRevision: "apps/v1"
            case .namespace, .node, .pod, .service, .podDisruptionBudget, .priorityClass, .persistentVolume,
                .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota,
                .limitRange,
                .replicationController, .lease, .endpoints, .endpointSlice, .csiNode, .other:
                "v1"
            }
        self.init(apiVersion: apiVersion, kind: kind.name, name: owner.name, uid: owner.uid)
    }
}

extension ObjectMeta {
    /// Whether the object is being deleted.
    var isDeleting: Bool { deletionTimestamp != nil }

    /// Returns the key of the controller of `kind` that owns this object, or nil when another kind does or none.
    func controllerKey(_ kind: ObjectKind) -> ObjectKey? {
        // In place: a copy of the reference would cost three references.
        for place in ownerReferences.indices where ownerReferences[place].controller {
            guard ownerReferences[place].kind == kind.name else { return nil }
            return ObjectKey(kind, namespace: namespace, name: ownerReferences[place].name)
        }
        return nil
    }

    /// Returns this metadata without the owner references that satisfy `condition`.
    func removingOwners(where condition: (OwnerReference) -> Bool) -> ObjectMeta {
        var changed = self
        changed.ownerReferences.removeAll(where: condition)
        return changed
    }

    /// Returns this metadata without a finalizer.
    func removingFinalizer(_ finalizer: String) -> ObjectMeta {
        var changed = self
        changed.finalizers.removeAll { $0 == finalizer }
        return changed
    }
}

extension Pod {
    /// Creates the pod that a controller makes from `template`; the spec is shared, never copied.
    init(
        from template: PodTemplateSpec, ownedBy owner: ObjectMeta, kind: ObjectKind, generateName: String,
        labels: StringMap? = nil
    ) {
        var metadata = ObjectMeta(namespace: owner.namespace, labels: labels ?? template.labels)
        metadata.generateName = generateName
        metadata.annotations = template.annotations
        metadata.finalizers = template.finalizers
        metadata.ownerReferences = [OwnerReference(controller: owner, kind: kind)]
        self.init(metadata: metadata, specBox: template.specBox)
    }

    /// Whether the pod is being deleted and has not ended (`controller.IsPodTerminating`).
    var isEnding: Bool { isTerminating && !status.phase.isTerminal }

    /// The restarts of the container that restarted most often.
    var restartCountMax: Int32 {
        var most: Int32 = 0
        for container in status.containerStatuses where container.restartCount > most { most = container.restartCount }
        return most
    }

    /// The restarts of the sidecar that restarted most often.
    var sidecarRestartCountMax: Int32 {
        var most: Int32 = 0
        for container in status.initContainerStatuses where container.restartCount > most {
            if spec.initContainers.contains(where: { $0.name == container.name && $0.isSidecar }) {
                most = container.restartCount
            }
        }
        return most
    }
}
