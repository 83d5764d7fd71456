package import Chronology

/// How much of one bound of a ResourceQuota is used from an instant on.
package struct QuotaRow: Hashable, Sendable {
    package var at: Instant
    package var namespace: String
    package var name: String
    /// As the quota calls it, such as `requests.cpu` or `pods`.
    package var resource: String
    /// Thousandths of the bound that are used, rounded down; 0 once the quota is gone.
    package var usedPermille: Int64

    /// Creates a row.
    package init(at: Instant, namespace: String, name: String, resource: String, usedPermille: Int64) {
        self.at = at
        self.namespace = namespace
        self.name = name
        self.resource = resource
        self.usedPermille = usedPermille
    }
}
