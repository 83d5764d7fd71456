/// What is paid beside machines; the raw value is its key in a price book.
package enum Fee: String, Hashable, Sendable, CaseIterable {
    /// The managed control plane, an hour and cluster.
    case controlPlane = "control_plane_usd_per_hour"
    /// The default kind of block storage, a GiB and month of 730 hours.
    case blockStorage = "block_storage_usd_per_gib_month"
    /// A load balancer without its traffic, an hour.
    case loadBalancer = "load_balancer_usd_per_hour"
    /// What a load balancer processes in both directions, a GiB.
    case loadBalancerTraffic = "load_balancer_usd_per_gib"
    /// What leaves a machine for another zone of the region, a GiB.
    case zoneTransferOut = "zone_transfer_out_usd_per_gib"
    /// What reaches a machine from another zone of the region, a GiB.
    case zoneTransferIn = "zone_transfer_in_usd_per_gib"
}
