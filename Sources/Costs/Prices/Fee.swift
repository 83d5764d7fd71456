/// What is paid beside machines; the raw value is its key in a price book.
package enum Fee: String, Hashable, Sendable, CaseIterable {
    /// The managed control plane, an hour and cluster.
    case controlPlane = "control_plane_usd_per_hour"
    /// The default kind of block storage, a GiB and month of 730 hours.
    case blockStorage = "block_storage_usd_per_gib_month"
    /// A load balancer without its traffic, an hour.
    case loadBalancer = "load_balancer_usd_per_hour"
}
