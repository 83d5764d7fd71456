// Kubernetes counterpart: pkg/quota/v1/evaluator/core and k8s.io/apiserver/pkg/quota/v1/generic (v1.36).
// Deliberate differences: a service counts one node port, because its ports are not modelled; resource claims and
// claims under expansion are not evaluated.

package import Chronology
package import KubernetesAPI

/// What one object takes of the quotas of its namespace.
package struct QuotaUsage: Sendable {
    /// The amounts by the names under which quotas limit them; of an object that counts for nothing they are empty.
    package private(set) var amounts = ResourceList()
    /// The object's resource with its group, as in "deployments.apps".
    package let resource: String

    private static let one = Quantity(1)

    /// Measures `object` at `now`.
    package init(of object: KubernetesObject, now: Instant) {
        resource = object.quotaResource
        amounts[ResourceName("count/\(resource)")] = Self.one
        switch object {
        case .pod(let pod):
            if pod.countsTowardQuota(now: now) { add(pod.spec) }
        case .service(let service):
            amounts["services"] = Self.one
            if service.type == "LoadBalancer" { amounts["services.loadbalancers"] = Self.one }
            let nodePorts = service.nodePortCount
            if nodePorts > 0 { amounts["services.nodeports"] = Quantity(nodePorts) }
        case .persistentVolumeClaim(let claim): add(claim)
        case .resourceQuota, .replicationController: amounts[ResourceName(resource)] = Self.one
        case .other(let other):
            if other.kind == "ConfigMap" || other.kind == "Secret" { amounts[ResourceName(resource)] = Self.one }
        case .namespace, .node, .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob,
            .podDisruptionBudget, .priorityClass, .persistentVolume, .storageClass, .horizontalPodAutoscaler,
            .verticalPodAutoscaler,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode:
            break
        }
    }

    /// Returns what `object` takes besides what `old`, which it replaces, took already.
    package init(of object: KubernetesObject, replacing old: KubernetesObject, now: Instant) {
        self.init(of: object, now: now)
        let before = QuotaUsage(of: old, now: now).amounts
        var more = ResourceList()
        for entry in amounts.entries {
            let amount = before[entry.name].map { entry.amount - $0 } ?? entry.amount
            if amount > .zero { more[entry.name] = amount }
        }
        amounts = more
    }

    private mutating func add(_ spec: PodSpec) {
        amounts[.pods] = Self.one
        for entry in PodAmounts.requests(of: spec).entries {
            let name = entry.name
            if PodAmounts.isPlain(name) { amounts[name] = entry.amount }
            if PodAmounts.isPlain(name) || name.isExtended {
                amounts[ResourceName("requests.\(name)")] = entry.amount
            }
        }
        for entry in PodAmounts.limits(of: spec).entries where PodAmounts.hasLimits(entry.name) {
            amounts[ResourceName("limits.\(entry.name)")] = entry.amount
        }
    }

    private mutating func add(_ claim: PersistentVolumeClaim) {
        amounts["persistentvolumeclaims"] = Self.one
        // Storage counts in whole bytes.
        let storage = Quantity(claim.spec.request.value, format: claim.spec.request.format)
        amounts["requests.storage"] = storage
        guard let storageClass = claim.spec.storageClassName, !storageClass.isEmpty else { return }
        let prefix = "\(storageClass).storageclass.storage.k8s.io/"
        amounts[ResourceName(prefix + "persistentvolumeclaims")] = Self.one
        amounts[ResourceName(prefix + "requests.storage")] = storage
    }
}

extension Pod {
    /// Whether the pod takes more of a quota than its place in the store: it has not ended, and is not long overdue.
    package func countsTowardQuota(now: Instant) -> Bool {
        if status.phase.isTerminal { return false }
        guard let deletion = metadata.deletionTimestamp, let grace = metadata.deletionGracePeriodSeconds else {
            return true
        }
        return now <= deletion + .seconds(grace)
    }
}

extension KubernetesObject {
    /// The resource with its group, as quotas count it and as refusals name it ("pods", "deployments.apps").
    package var quotaResource: String {
        if case .other(let other) = self {
            let group = other.apiVersion.split(separator: "/", maxSplits: 1)
            let plural = Self.plural(ofKind: other.kind)
            return group.count == 2 ? "\(plural).\(group[0])" : plural
        }
        let plural = Self.plural(ofKind: kind.name)
        let group =
            switch kind {
            case .namespace, .node, .pod, .service, .persistentVolume, .persistentVolumeClaim, .resourceQuota,
                .limitRange, .replicationController, .endpoints, .other:
                ""
            case .replicaSet, .deployment, .statefulSet, .daemonSet, .controllerRevision: ".apps"
            case .job, .cronJob: ".batch"
            case .podDisruptionBudget: ".policy"
            case .priorityClass: ".scheduling.k8s.io"
            case .storageClass, .csiNode: ".storage.k8s.io"
            case .horizontalPodAutoscaler: ".autoscaling"
            case .verticalPodAutoscaler: ".autoscaling.k8s.io"
            case .lease: ".coordination.k8s.io"
            case .endpointSlice: ".discovery.k8s.io"
            }
        return plural + group
    }

    /// Returns the resource of a kind, in lower case and without its group (`meta.UnsafeGuessKindToResource`).
    package static func plural(ofKind kind: String) -> String {
        let name = kind.lowercased()
        if name == "endpoints" { return name }
        if name.hasSuffix("s") || name.hasSuffix("x") || name.hasSuffix("ch") { return name + "es" }
        if name.hasSuffix("y"), let before = name.dropLast().last, !"aeiou".contains(before) {
            return name.dropLast() + "ies"
        }
        return name + "s"
    }
}
