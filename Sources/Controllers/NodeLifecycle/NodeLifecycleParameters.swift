package import Chronology

/// The flags of kube-controller-manager that govern the node lifecycle controller, with their defaults.
package struct NodeLifecycleParameters: Hashable, Sendable {
    /// `--node-monitor-period`: the grid on which heartbeats are checked.
    package var nodeMonitorPeriod = Duration.seconds(5)
    /// `--node-monitor-grace-period`: how old a heartbeat may be.
    package var nodeMonitorGracePeriod = Duration.seconds(50)
    /// `--node-eviction-rate`, in nodes per 1000 s.
    package var nodeEvictionRate: Int64 = 100
    /// `--secondary-node-eviction-rate`, in nodes per 1000 s.
    package var secondaryNodeEvictionRate: Int64 = 10
    /// `--unhealthy-zone-threshold`, in percent of the nodes of a zone.
    package var unhealthyZoneThreshold: Int64 = 55
    /// `--large-cluster-size-threshold`: nodes of a zone up to which the secondary rate is 0.
    package var largeClusterSizeThreshold: Int64 = 50

    /// Creates parameters with upstream's defaults.
    package init() {}
}
