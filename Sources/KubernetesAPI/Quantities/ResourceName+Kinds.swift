// Counterpart: pkg/apis/core/helper (v1.36): which names of resources are Kubernetes' own, and where each may stand.

extension ResourceName {
    /// Whether a device plugin or an administrator made up this resource (`IsExtendedResourceName`).
    package var isExtended: Bool {
        text.utf8.contains(0x2F) && !hasKubernetesPrefix && !text.hasPrefix("requests.")
    }

    /// Whether the resource is memory in large pages.
    package var isHugePages: Bool { text.hasPrefix("hugepages-") }

    /// Whether requests and limits of the resource must be the same: nodes do not promise it twice.
    package var isWhole: Bool { isExtended || isHugePages }

    /// Whether the name is in a domain of Kubernetes' own: such a resource is native, and no device.
    package var hasKubernetesPrefix: Bool {
        // "kubernetes.io/" anywhere in the name makes it native.
        let wanted = Array("kubernetes.io/".utf8)
        let bytes = Array(text.utf8)
        guard bytes.count >= wanted.count else { return false }
        for start in 0...(bytes.count - wanted.count) where bytes[start..<start + wanted.count].elementsEqual(wanted) {
            return true
        }
        return false
    }
}

// MARK: - Where names may stand

extension ResourceName {
    /// What containers ask for without a domain in front, beside large pages (`IsStandardContainerResourceName`).
    static let ofContainers = ["cpu", "memory", "ephemeral-storage"]

    /// What a whole pod can ask for, beside large pages (`SupportedPodLevelResources`).
    static let ofPods = ["cpu", "memory"]

    /// What quotas bound without a domain in front, beside large pages (`IsStandardQuotaResourceName`).
    static let ofQuotas = [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage",
        "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods",
        "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps",
        "services.nodeports", "services.loadbalancers",
    ]

    /// Whether a container may ask for the resource.
    var isOfContainers: Bool {
        guard NameRules.isQualifiedName(text) else { return false }
        if !text.utf8.contains(0x2F) { return Self.ofContainers.contains(text) || isHugePages }
        if hasKubernetesPrefix { return true }
        // Quotas must be able to name it too.
        return isExtended && NameRules.isQualifiedName("requests." + text)
    }

    /// Whether a pod as a whole may ask for the resource.
    var isOfPods: Bool { Self.ofPods.contains(text) || isHugePages && NameRules.isQualifiedName(text) }

    /// Whether a quota may bound the resource.
    var isOfQuotas: Bool {
        guard NameRules.isQualifiedName(text) else { return false }
        return text.utf8.contains(0x2F) || isStandardOfQuotas
    }

    /// Whether quotas know the resource by a name without a domain.
    var isStandardOfQuotas: Bool {
        Self.ofQuotas.contains(text) || isHugePages || text.hasPrefix("requests.hugepages-")
    }

    /// Whether the resource is of Kubernetes at all, wherever it may stand (`IsStandardResourceName`), or has a domain.
    var isKnown: Bool {
        guard NameRules.isQualifiedName(text) else { return false }
        return text.utf8.contains(0x2F) || isStandardOfQuotas || text == "storage"
    }

    /// Whether only whole amounts make sense, as of devices and of counted objects (`IsIntegerResourceName`).
    var isCounted: Bool {
        isExtended
            || [
                "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
                "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
            ].contains(text)
    }

    /// The bytes of one page, where the name tells them.
    var pageSize: Quantity? { isHugePages ? Quantity(parsing: String(text.dropFirst("hugepages-".count))) : nil }
}
