/// A line of the bill for bytes that move; the raw value is its name there.
package enum TrafficLine: String, Hashable, Sendable, CaseIterable {
    /// Between services in one zone: free, and counted to compare with.
    case withinZone = "within-zone"
    /// Between services in different zones, where it leaves a machine.
    case zoneOut = "zone-out"
    /// The same bytes where they reach a machine.
    case zoneIn = "zone-in"
    /// From load balancers out to users.
    case internet
    /// What load balancers process, in both directions.
    case loadBalancer = "load-balancer"
    case imageRegistry = "image-registry"
    case imageCache = "image-cache"
    case imagePeer = "image-peer"
    case imageCrossZone = "image-cross-zone"

    /// The account of the ledger, and the kind of asset.
    package var account: String {
        switch self {
        case .withinZone, .zoneOut, .zoneIn: AccountName.zoneTraffic
        case .internet: AccountName.internetTraffic
        case .loadBalancer: AccountName.loadBalancerTraffic
        case .imageRegistry, .imageCache, .imagePeer, .imageCrossZone: AccountName.imageTraffic
        }
    }

    /// The place among all lines.
    var place: Int {
        switch self {
        case .withinZone: 0
        case .zoneOut: 1
        case .zoneIn: 2
        case .internet: 3
        case .loadBalancer: 4
        case .imageRegistry: 5
        case .imageCache: 6
        case .imagePeer: 7
        case .imageCrossZone: 8
        }
    }
}
