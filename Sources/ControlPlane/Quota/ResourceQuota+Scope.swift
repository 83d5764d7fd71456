import KubernetesAPI

extension ResourceQuota {
    /// The limits that objects of `resource` can take from, of those in `names`.
    static func names(_ names: [ResourceName], of resource: String) -> [ResourceName] {
        names.filter { isTracked($0, of: resource) }
    }

    /// Whether quotas on `name` look at objects of `resource` ("pods", "deployments.apps").
    static func isTracked(_ name: ResourceName, of resource: String) -> Bool {
        let text = name.text
        if text == "count/\(resource)" { return true }
        switch resource {
        case "pods":
            let bare = text.hasPrefix("requests.") ? String(text.dropFirst("requests.".count)) : text
            if text == "pods" || PodAmounts.isPlain(ResourceName(bare)) { return true }
            if text.hasPrefix("limits.") {
                return PodAmounts.hasLimits(ResourceName(String(text.dropFirst("limits.".count))))
            }
            return text.hasPrefix("requests.") && ResourceName(bare).isExtended
        case "services":
            return text == "services" || text == "services.nodeports" || text == "services.loadbalancers"
        case "persistentvolumeclaims":
            return text == "persistentvolumeclaims" || text == "requests.storage"
                || text.hasSuffix(".storageclass.storage.k8s.io/persistentvolumeclaims")
                || text.hasSuffix(".storageclass.storage.k8s.io/requests.storage")
        case "configmaps", "resourcequotas", "replicationcontrollers", "secrets": return text == resource
        default: return false
        }
    }

    /// Whether the quota's scopes take `object` in.
    func covers(_ object: KubernetesObject) -> Bool {
        if scopes.isEmpty, scopeSelector.isEmpty { return true }
        for scope in scopes where !ScopeRequirement(scope: scope, operator: .exists).matches(object) { return false }
        return scopeSelector.allSatisfy { $0.matches(object) }
    }
}

extension ResourceQuota.ScopeRequirement {
    fileprivate func matches(_ object: KubernetesObject) -> Bool {
        switch object {
        case .pod(let pod): matches(pod)
        case .persistentVolumeClaim(let claim):
            scope == "VolumeAttributesClass" && holds(claim.spec.attributesClassName)
        case .namespace, .node, .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .service,
            .podDisruptionBudget, .priorityClass, .persistentVolume, .storageClass, .horizontalPodAutoscaler,
            .verticalPodAutoscaler,
            .resourceQuota, .limitRange, .replicationController, .controllerRevision, .lease, .endpoints,
            .endpointSlice, .csiNode,
            .other:
            false
        }
    }

    private func matches(_ pod: Pod) -> Bool {
        let spec = pod.spec
        switch scope {
        case "Terminating": return spec.activeDeadlineSeconds.map { $0 >= 0 } ?? false
        case "NotTerminating": return !(spec.activeDeadlineSeconds.map { $0 >= 0 } ?? false)
        case "BestEffort": return spec.isBestEffort
        case "NotBestEffort": return !spec.isBestEffort
        case "PriorityClass": return holds(spec.priorityClassName)
        case "CrossNamespacePodAffinity": return spec.looksIntoOtherNamespaces
        default: return false
        }
    }

    /// Whether a value, empty where the object has none, satisfies the operator.
    private func holds(_ value: String) -> Bool {
        switch `operator` {
        case .in: !value.isEmpty && values.contains(value)
        case .notIn: value.isEmpty || !values.contains(value)
        case .exists: !value.isEmpty
        case .doesNotExist: value.isEmpty
        }
    }
}

extension PodSpec {
    fileprivate var isBestEffort: Bool {
        let lists = [requests, limits] + (containers + initContainers).flatMap { [$0.requests, $0.limits] }
        return lists.allSatisfy { list in
            !list.entries.contains { ($0.name == .cpu || $0.name == .memory) && $0.amount > .zero }
        }
    }

    fileprivate var looksIntoOtherNamespaces: Bool {
        guard let affinity else { return false }
        var terms: [PodAffinityTerm] = []
        for part in [affinity.podAffinity, affinity.podAntiAffinity] {
            guard let part else { continue }
            terms += part.required + part.preferred.map(\.term)
        }
        return terms.contains { !$0.namespaces.isEmpty || $0.namespaceSelector != nil }
    }
}
