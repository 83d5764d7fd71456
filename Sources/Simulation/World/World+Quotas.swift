import KubernetesAPI
import Observations

extension World {
    /// Tells how much of each bound of a quota is used; bounds of nothing are no bounds that one comes near to.
    func tellQuota(_ quota: ResourceQuota, isGone: Bool = false) {
        guard let observer else { return }
        for bound in quota.hard.entries where bound.amount > .zero {
            let used = isGone ? .zero : quota.used[bound.name] ?? .zero
            let product = used.nanos.multipliedReportingOverflow(by: 1_000)
            let share = product.partialValue / bound.amount.nanos
            observer.quota(
                QuotaRow(
                    at: now, namespace: quota.metadata.namespace, name: quota.metadata.name,
                    resource: bound.name.text, usedPermille: product.overflow ? 1_000 : Int64(clamping: share)))
        }
    }
}
