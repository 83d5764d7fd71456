import Chronology
import ControlPlane
import KubernetesAPI

extension ObjectStore {
    mutating func create(
        _ object: KubernetesObject, preservingIdentity: Bool = false, into events: inout [WatchEvent]
    ) throws(ActionError) {
        if case .pod(let pod) = object {
            try create(pod, preservingIdentity: preservingIdentity, into: &events)
            return
        }
        var created = object
        let metadata = object.metadata
        let kind = object.kind
        try checkRequest(metadata, kind, preservingIdentity)
        if metadata.name.isEmpty {
            repeat { created.metadata.name = mint.name(for: metadata) } while place(of: created.key) != nil
        } else if place(of: created.key) != nil {
            throw .alreadyExists
        }
        addMissingNamespace(metadata.namespace, of: kind, into: &events)
        prepare(&created.metadata, keepsUID: preservingIdentity && metadata.uid != .none)
        if case .node(var node) = created {
            if !preservingIdentity { Self.markNotReady(&node) }
            insert(&node, into: &events)
            return
        }
        if !preservingIdentity {
            created.resetStatus()
            addDefaultClass(to: &created)
            try checkLimits(of: created)
            try charge(created, into: &events)
            created.protectInUse()
        }
        insert(&created, into: &events)
    }

    private mutating func create(
        _ pod: Pod, preservingIdentity: Bool, into events: inout [WatchEvent]
    ) throws(ActionError) {
        try checkRequest(pod.metadata, .pod, preservingIdentity)
        var key = TableKey(namespace: pod.metadata.namespace, name: pod.metadata.name)
        if key.name.isEmpty {
            repeat {
                key = TableKey(namespace: key.namespace, name: mint.name(for: pod.metadata))
            } while podTable.handle(key) != nil
        } else if podTable.handle(key) != nil {
            throw .alreadyExists
        }
        if !preservingIdentity { try checkLabels(of: pod.metadata) }
        let keepsUID = preservingIdentity && pod.metadata.uid != .none
        let admitted = try admit(pod, keepingSpec: keepsUID && pod.spec.priority != nil)
        addMissingNamespace(key.namespace, of: .pod, into: &events)
        // The parts first and the pod out of them: changing a copy would copy what is replaced as well.
        var metadata = pod.metadata
        metadata.name = key.name
        prepare(&metadata, keepsUID: keepsUID)
        var status = PodStatus()
        if preservingIdentity {
            status = pod.status
        } else if !admitted.box.value.schedulingGates.isEmpty {
            status.conditions = [Self.gatedCondition(at: now)]
        }
        if status.qosClass == nil { status.qosClass = admitted.qosClass }
        var created = Pod(metadata: metadata, specBox: admitted.box, nodeName: pod.nodeName, status: status)
        if !preservingIdentity { try charge(.pod(created), into: &events) }
        insert(&created, at: key, into: &events)
    }

    /// Adds an empty namespace.
    mutating func addNamespace(_ name: String, into events: inout [WatchEvent]) {
        var metadata = ObjectMeta(name: name)
        metadata.labels["kubernetes.io/metadata.name"] = name
        prepare(&metadata, keepsUID: false)
        var object = KubernetesObject.namespace(Namespace(metadata: metadata))
        insert(&object, into: &events)
    }
}

// MARK: - Parts

extension ObjectStore {
    /// Refuses what cannot be created whatever its name.
    private func checkRequest(
        _ metadata: ObjectMeta, _ kind: ObjectKind, _ preservingIdentity: Bool
    ) throws(ActionError) {
        if preservingIdentity {
            if metadata.uid != .none, places[metadata.uid] != nil { throw .alreadyExists }
        } else if metadata.resourceVersion != 0 {
            throw .invalid("metadata.resourceVersion: must be unset when an object is created")
        }
        if metadata.name.isEmpty && metadata.generateName.isEmpty {
            throw .invalid("metadata.name: a name or generateName is required")
        }
        try checkNamespace(metadata.namespace, of: kind, mayTerminate: preservingIdentity)
    }

    /// Refuses a label that controllers made too long, such as the revision of a StatefulSet with a long name.
    private func checkLabels(of metadata: ObjectMeta) throws(ActionError) {
        for pair in metadata.labels.pairs where pair.value.utf8.count > 63 {
            throw .invalid("metadata.labels: Invalid value: \"\(pair.value)\": must be no more than 63 bytes")
        }
    }

    /// Refuses an object whose namespace is missing or going away (the NamespaceLifecycle admission); what a cluster
    /// holds already is in such a namespace until it has gone.
    private func checkNamespace(
        _ namespace: String, of kind: ObjectKind, mayTerminate: Bool
    ) throws(ActionError) {
        guard kind.isNamespaced else { return }
        // What is not modelled may be cluster-scoped.
        if namespace.isEmpty {
            if kind == .other { return }
            throw .invalid("metadata.namespace: required")
        }
        if !mayTerminate, !terminatingNamespaces.isEmpty, terminatingNamespaces.contains(namespace) {
            throw .namespaceTerminating(namespace)
        }
        if !options.createsNamespaces, !hasNamespace(namespace) { throw .notFound }
    }

    private func hasNamespace(_ name: String) -> Bool {
        others[Int(ObjectKind.namespace.rawValue)].handle(TableKey(namespace: "", name: name)) != nil
    }

    private mutating func addMissingNamespace(
        _ namespace: String, of kind: ObjectKind, into events: inout [WatchEvent]
    ) {
        guard options.createsNamespaces, kind.isNamespaced, !namespace.isEmpty, !hasNamespace(namespace) else { return }
        addNamespace(namespace, into: &events)
    }

    /// Assigns what the server owns; an object that keeps its uid keeps its times and deletion as well.
    private mutating func prepare(_ metadata: inout ObjectMeta, keepsUID: Bool) {
        if keepsUID {
            if metadata.generation == 0 { metadata.generation = 1 }
            return
        }
        metadata.creationTimestamp = now
        repeat { metadata.uid = mint.uid(of: metadata) } while places[metadata.uid] != nil
        metadata.deletionTimestamp = nil
        metadata.deletionGracePeriodSeconds = nil
        metadata.generation = 1
    }

    private static func gatedCondition(at now: Instant) -> Condition {
        Condition(
            Condition.podScheduled, .false, reason: "SchedulingGated",
            message: "Scheduling is blocked due to non-empty scheduling gates", at: now)
    }
}
