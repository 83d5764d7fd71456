/// Kinds that are accepted without being modelled: some without influence here, others with.
extension KubernetesObject {
    /// Kinds of Kubernetes itself that decide nothing about placement, timing or cost here.
    static let inertKinds: Set<String> = [
        "ServiceAccount", "Secret", "ConfigMap", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "Event",
        "PodTemplate", "Ingress", "IngressClass", "NetworkPolicy", "APIService",
        "CustomResourceDefinition", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding", "FlowSchema", "PriorityLevelConfiguration", "CertificateSigningRequest",
        "ClusterTrustBundle", "ComponentStatus", "CSIDriver", "VolumeAttributesClass", "ServiceCIDR", "IPAddress",
        "TokenReview", "SubjectAccessReview", "SelfSubjectAccessReview", "LocalSubjectAccessReview", "Binding",
        "StorageVersion", "LeaseCandidate", "PodSecurityPolicy",
    ]

    /// Those of them that live in a namespace: quotas may count them.
    private static let namespacedInertKinds: Set<String> = [
        "ServiceAccount", "Secret", "ConfigMap", "Role", "RoleBinding", "Event", "PodTemplate",
        "Ingress", "NetworkPolicy", "LocalSubjectAccessReview", "Binding", "LeaseCandidate",
    ]

    /// Whether a kind of a group belongs to Kubernetes itself.
    static func isBuiltInGroup(_ group: Substring) -> Bool {
        ["", "apps", "batch", "policy", "autoscaling", "extensions"].contains(group) || group.hasSuffix(".k8s.io")
    }

    /// Accepts an object of a kind that is not modelled, and says so.
    static func decodeOther(_ reader: FieldReader, apiVersion: String, kind: String) -> KubernetesObject? {
        let context = reader.context
        let group = group(of: apiVersion)
        var metadata = reader.object("metadata") { ObjectMeta(reading: $0) } ?? ObjectMeta()
        if metadata.namespace.isEmpty, isBuiltInGroup(group), namespacedInertKinds.contains(kind) {
            metadata.namespace = "default"
        }
        if PodGroupPolicy.isPodGroup(apiVersion: apiVersion, kind: kind) {
            if metadata.namespace.isEmpty { metadata.namespace = "default" }
            if metadata.name.isEmpty { reader.error("metadata", "the object has no name", expected: "metadata.name") }
            var group = UnmodelledObject(apiVersion: apiVersion, kind: kind, metadata: metadata)
            group.podGroup = reader.object("spec") { PodGroupPolicy(reading: $0, apiVersion: apiVersion) }
            if !reader.has("spec") { reader.error("spec", "a value is required") }
            reader.inert(["status"])
            reader.finish()
            return .other(group)
        }
        var object = UnmodelledObject(apiVersion: apiVersion, kind: kind, metadata: metadata)
        if KarpenterNodePool.isNodePool(apiVersion: apiVersion, kind: kind) {
            if metadata.name.isEmpty { reader.error("metadata", "the object has no name", expected: "metadata.name") }
            if !reader.has("spec") { reader.error("spec", "a value is required") }
            object.nodePool = reader.object("spec") { KarpenterNodePool(reading: $0, name: metadata.name) }
            reader.inert(["status"])
            reader.finish()
            return .other(object)
        }
        if KarpenterNodePool.isNodeClass(apiVersion: apiVersion, kind: kind) {
            object.nodeClassHash = reader.value("spec").map(KarpenterNodePool.hash(of:))
            reader.object("spec") { KarpenterNodePool.readNodeClass($0) }
            reader.inert(["status"])
            reader.finish()
            return .other(object)
        }
        if KarpenterNodePool.isNodeClaim(apiVersion: apiVersion, kind: kind) {
            // Its node says all that is taken over.
            reader.restIsInert()
            context.diagnostics.addInert(
                pattern: "kind \(kind)", at: SourcePlace(file: context.file, position: reader.position))
            return .other(object)
        }
        let place = SourcePlace(file: context.file, position: reader.position)
        if isBuiltInGroup(group), inertKinds.contains(kind) {
            context.diagnostics.addInert(pattern: "kind \(kind)", at: place)
        } else {
            let isNative = ["", "apps", "batch", "policy", "autoscaling"].contains(group)
            let nearest =
                isNative
                ? NearestName.of(kind, among: ObjectKind.allCases.map(\.name) + inertKinds.sorted()) : nil
            let name = ManifestTree.shortened(kind)
            context.diagnostics.addFolded(
                Diagnostic(
                    context.diagnostics.isStrict ? .error : .warning, file: context.file, position: reader.position,
                    message: "the kind \(name) (\(ManifestTree.shortened(apiVersion))) is not modelled; "
                        + "what its controller would do, such as making pods, does not happen",
                    nearest: nearest),
                pattern: "kind \(apiVersion) \(kind)")
        }
        return .other(object)
    }
}
