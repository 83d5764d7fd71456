import Chronology
import KubernetesAPI

// Kubernetes counterpart: karpenter.sh/v1.NodeClaim.

/// A machine that was bought, as long as it is there.
struct MachineClaim: Sendable {
    /// Why and since when a machine is on its way out.
    struct Departure: Sendable {
        /// One word in CamelCase, for the table of decisions.
        let reason: String
        let message: String
        let at: Instant
        /// When evictions were asked for last.
        var triedAt: Instant?
    }

    /// Its own name and its node's.
    let name: String
    let pool: String
    /// Places in the table of offers.
    let type: Int
    let zone: Int
    let machineType: String
    let capacityType: CapacityType
    /// Nano-dollars an hour.
    let price: Int64
    /// The node as its kubelet registers it.
    let node: Node
    let launchedAt: Instant
    let expireAfter: Duration?
    let terminationGracePeriod: Duration?
    /// The fingerprint of the pool from which it was made.
    let templateHash: String
    /// Since when its node can be used.
    var initializedAt: Instant?
    /// Until when pods are expected on it that are not there yet.
    var nominatedUntil = Instant.start
    /// A fingerprint of its pods, and when that changed last.
    var podMark: UInt64 = 0
    var podEventAt: Instant?
    /// Since when it is no longer what its pool asks for.
    var driftedAt: Instant?
    var departure: Departure?

    /// When it expires, if it does.
    var expiresAt: Instant? { expireAfter.map { launchedAt + $0 } }
}

/// What Karpenter marks nodes with, and reads from nodes and pods.
enum KarpenterMarks {
    /// Keeps pods off a node that is about to go.
    static let disrupted = Taint(key: "karpenter.sh/disrupted", value: "", effect: .noSchedule)
    private static let doNotDisrupt = "karpenter.sh/do-not-disrupt"

    /// Whether somebody asks to leave this node, or the pod's node, alone.
    static func isProtected(_ metadata: ObjectMeta) -> Bool { metadata.annotations[doNotDisrupt] == "true" }
}
