import Chronology
package import KubernetesAPI

extension ResourceQuota {
    /// Returns the quota with a status that says what `view` shows to be in its namespace.
    package func recounted(in view: any ClusterView) -> ResourceQuota {
        var counted = ResourceList()
        let namespace = metadata.namespace
        for kind in ObjectKind.allCases where kind.isNamespaced {
            let tracks = hard.entries.contains { Self.mayTrack($0.name, kind) }
            guard tracks else { continue }
            let objects =
                kind == .pod
                ? view.pods(inNamespace: namespace).map { .pod($0) } : view.objects(of: kind, namespace: namespace)
            for object in objects where covers(object) {
                for entry in QuotaUsage(of: object, now: view.now).amounts.entries where hard[entry.name] != nil {
                    counted.add(entry.amount, to: entry.name)
                }
            }
        }
        var next = self
        next.statusHard = hard
        next.used = [:]
        for limit in hard.entries {
            if let amount = counted[limit.name] ?? (Self.isKnown(limit.name) ? .zero : used[limit.name]) {
                next.used[limit.name] = amount
            }
        }
        return next
    }

    /// Whether a change of an object of `resource` can free some of this quota.
    package func tracks(_ resource: String) -> Bool {
        statusHard.entries.contains { Self.isTracked($0.name, of: resource) }
    }

    /// The resources whose limits have names of their own, besides "count/…".
    private static let named: [(resource: String, kind: ObjectKind)] = [
        ("pods", .pod), ("services", .service), ("persistentvolumeclaims", .persistentVolumeClaim),
        ("configmaps", .other), ("resourcequotas", .resourceQuota), ("secrets", .other),
        ("replicationcontrollers", .replicationController),
    ]

    private static func isKnown(_ name: ResourceName) -> Bool {
        name.text.hasPrefix("count/") || named.contains { isTracked(name, of: $0.resource) }
    }

    private static func mayTrack(_ name: ResourceName, _ kind: ObjectKind) -> Bool {
        name.text.hasPrefix("count/") || named.contains { $0.kind == kind && isTracked(name, of: $0.resource) }
    }
}
