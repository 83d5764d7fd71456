/// An account of a ledger: a number that stands for its name there.
@frozen
package struct Account: Hashable, Comparable, Sendable {
    /// The account's place in its ledger.
    package let id: Int32

    init(id: Int32) { self.id = id }

    @inlinable
    package static func < (left: Account, right: Account) -> Bool { left.id < right.id }
}

/// How accounts are named, so that reports can group them.
package enum AccountName {
    /// What is paid to the provider, on the other side of everything that is bought.
    package static let provider = "provider"
    /// Capacity that was paid for and that no pod was charged for.
    package static let idle = "idle"
    /// What the nodes' own daemons and reservations take.
    package static let overhead = "overhead"
    /// The managed control plane.
    package static let controlPlane = "control-plane"
    /// Volumes of block storage.
    package static let storage = "storage"
    /// Load balancers, without their traffic.
    package static let loadBalancer = "load-balancer"
    /// Traffic between services in different zones.
    package static let zoneTraffic = "zone-traffic"
    /// Traffic that leaves for the internet.
    package static let internetTraffic = "internet-traffic"
    /// What load balancers process.
    package static let loadBalancerTraffic = "load-balancer-traffic"
    /// Traffic of images.
    package static let imageTraffic = "image-traffic"
    /// What was promised to the provider and not used.
    package static let commitmentWaste = "commitment-waste"

    /// Returns the account of a node, what it cost and how that was passed on.
    package static func node(_ name: String) -> String { "asset:node/\(name)" }

    /// Returns the account of the pods that one controller runs, or of one pod of it.
    package static func allocation(namespace: String, controller: String, pod: String? = nil) -> String {
        "allocation:\(namespace)/\(controller)" + (pod.map { "/\($0)" } ?? "")
    }
}
