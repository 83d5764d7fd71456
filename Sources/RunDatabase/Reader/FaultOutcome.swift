package import Chronology

/// What a fault did, how long it took until all was whole again, and what that cost.
///
/// Lengths count from the strike; nil where nothing of the kind happened.
package struct FaultOutcome: Hashable, Sendable {
    package var fault: Int32
    package var name: String
    /// Which strike of this name it is, from 1.
    package var number: Int
    package var kind: String
    package var target: String
    package var from: Instant
    /// nil when it did not heal within the run.
    package var to: Instant?
    package var podsHit: Int64
    package var workloadsHit: Int64
    package var notRecovered: Int64
    /// In seconds; nil when something it hit never recovered, or nothing was hit.
    package var recovery: Double?
    /// In seconds until the first node was seen not to be ready.
    package var detected: Double?
    /// In seconds until the last pod was deleted.
    package var evicted: Double?
    /// In seconds until the last successor was bound.
    package var rescheduled: Double?
    /// In seconds until the last pod was ready again.
    package var ready: Double?
    package var podsEvicted: Int64 = 0
    package var podsReplaced: Int64 = 0
    /// Steps in chains of others that it held up, and in seconds until the last of them.
    package var stepsDelayed: Int64 = 0
    package var delayedUntil: Double?
    /// In requests of users that failed until it had healed and all was whole.
    package var requestsLost = 0.0
    /// In seconds, summed over services, in which an objective was missed until then.
    package var violated = 0.0
    /// In seconds of work.
    package var workLost = 0.0
    /// In nano-dollars.
    package var workLostCost: Int64 = 0
    package var machinesLaunched: Int64 = 0
    /// In nano-dollars.
    package var machinesCost: Int64 = 0

    /// In whole requests that failed, as every text tells them: an interval's share for the time of the fault is a fraction.
    package var requestsFailed: Int64 { Int64(exactly: requestsLost.rounded()) ?? .max }

    /// What the command line calls it.
    package var title: String { number == 1 ? "fault/\(name)" : "fault/\(name)#\(number)" }
}

/// How a workload that a fault touched came to be whole again; lengths as in `FaultOutcome`.
package struct WorkloadRecovery: Hashable, Sendable {
    /// `Kind namespace/name`.
    package var title: String
    package var podsHit: Int64
    package var podsEvicted: Int64
    package var podsReplaced: Int64
    /// In seconds until it lost the first ready pod.
    package var firstHit: Double?
    package var evicted: Double?
    package var rescheduled: Double?
    package var ready: Double?
    package var recovery: Double?
    /// In seconds of work.
    package var workLost: Double
    /// In nano-dollars.
    package var workLostCost: Int64
}

/// A step of a chain of cause and effect, with names.
package struct CauseStep: Hashable, Sendable {
    package var event: Int32
    /// -1 for what begins the chain.
    package var parent: Int32
    package var root: Int32
    package var depth: Int32
    package var at: Instant
    package var after: Duration
    /// The name of an Observations.CauseKind.
    package var kind: String
    package var actor: String
    package var node: String?
    /// `namespace/name`.
    package var pod: String?
    /// `Kind namespace/name`.
    package var controller: String?
    package var detail: String
    package var lost: Duration
    /// In nano-dollars.
    package var cost: Int64
    /// The name of the fault that held it up.
    package var delayedBy: String?
    /// What began its chain: `fault/NAME`, or what people did.
    package var origin: String
}
