import Chronology
import ControlPlane
import KubernetesAPI

// The ResourceQuota admission, the last of all: what it admits is charged to every quota of the namespace.

extension ObjectStore {
    /// Charges a new object, or what it takes more than the one that it replaces, to the quotas of its namespace; or
    /// refuses it and charges none.
    mutating func charge(
        _ object: KubernetesObject, replacing old: KubernetesObject? = nil, into events: inout [WatchEvent]
    ) throws(ActionError) {
        guard object.kind.isNamespaced,
            let quotas = self[.resourceQuota].byNamespace[NameKey(object.metadata.namespace)]
        else {
            return
        }
        let usage =
            old.map { QuotaUsage(of: object, replacing: $0, now: now) } ?? QuotaUsage(of: object, now: now)
        if usage.amounts.isEmpty { return }
        var charged: [ResourceQuota] = []
        for case .resourceQuota(var quota) in self[.resourceQuota].objects(quotas) {
            do {
                guard let used = try quota.charging(object, usage) else { continue }
                quota.used = used
                charged.append(quota)
            } catch {
                throw .forbidden("\(usage.resource) \"\(object.metadata.name)\" is forbidden: \(error.reason)")
            }
        }
        for quota in charged {
            var next = KubernetesObject.resourceQuota(quota)
            guard let handle = self[.resourceQuota].handle(TableKey(next.key)) else { continue }
            let old = self[.resourceQuota].object(handle)
            if old != next { replace(handle, old, with: &next, into: &events) }
        }
    }
}
