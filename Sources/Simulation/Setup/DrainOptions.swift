package import Chronology

/// How a node is emptied: the flags of `kubectl drain`, with its defaults.
package struct DrainOptions: Hashable, Sendable {
    package var node: String
    /// Whether pods go that no controller owns (`--force`).
    package var force = false
    /// Whether pods go that have an emptyDir (`--delete-emptydir-data`).
    package var deleteEmptyDirData = false
    /// Whether pods of DaemonSets stay instead of keeping the drain from beginning (`--ignore-daemonsets`).
    package var ignoreDaemonSets = false
    /// The grace of the pods; nil for their own (`--grace-period`).
    package var gracePeriodSeconds: Int64?
    /// When it gives up; nil for never (`--timeout`).
    package var timeout: Duration?
    /// Whether pods are deleted, whatever their budgets say (`--disable-eviction`).
    package var disableEviction = false

    /// Creates options with the defaults of kubectl.
    package init(node: String) { self.node = node }

    /// The options that a drain has of which only the node is said: it takes everything but DaemonSets along.
    package static func everything(on node: String) -> DrainOptions {
        var options = DrainOptions(node: node)
        options.force = true
        options.deleteEmptyDirData = true
        options.ignoreDaemonSets = true
        return options
    }
}
