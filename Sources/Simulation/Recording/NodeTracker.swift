import Chronology
import KubernetesAPI
import Machines
import Observations

/// What the world remembers of one machine; nodes are few and never forgotten.
struct NodeTrack {
    /// Counts from 1, as in the database.
    let row: Int32
    let name: String
    var terms: MachineTerms
    let slot: NodeSlot
    /// The node object as the kubelet registers it.
    let template: Node
    var labels: StringMap
    var state: NodeState
    var since: Instant
    /// How many faults hold the machine down.
    var holds = 0
    /// Counts the times that power came or went, so that a boot that was cut short is recognised.
    var powerGeneration: Int64 = 0
    var isOn: Bool
    var isRegistered = false
    /// Whether it boots again when the shutdown under way is over.
    var restartsAfterShutdown = false
    /// Whether a status with new images is on its way.
    var postsStatus = false
    /// Whether nobody heard of it when its cluster was exported, and nobody rebooted it since.
    var isLost = false
    /// Whether its kubelet says that it is not ready, until it boots again.
    var staysNotReady = false
    /// When within its period the kubelet renews the lease.
    var leasePhase: Duration
    var allocatable: (cpu: Int64, memory: Int64, gpu: Int64) = (0, 0, 0)
    var counted = false
    /// How many faults keep its kubelet and the API server apart, and how many of them by letting the kubelet hang.
    var cuts = 0
    var hangs = 0
    /// Whether its kubelet has to be told what happened while it was apart.
    var hasMissed = false
    /// How many faults fill its disk.
    var fullDisks = 0
    /// What slows it, in thousandths of its speed each, and what is left of its speed.
    var slowdowns: [Int64] = []
    var speed: Int64 = 1_000
    /// Whether its kubelet says that it is not ready, whatever else.
    var isBroken = false
    /// Whether it was ordered and has never been up, since when, and how often that was tried in vain.
    var isLaunching = false
    var launchedAt = Instant.start
    var launchTries: Int64 = 0
    /// Whether its cloud has said that it comes: no trouble of launches takes that back.
    var isGiven = false
    var launchRepeats: Int64 = 0
    /// Whether it costs nothing because the cloud has not given it yet.
    var isUnbilled = false
    /// Whether it never comes back, and whether another one was launched in its place.
    var isGone = false
    var isReplaced = false
    /// Whether its cloud has told an autoscaler that it takes the machine back.
    var isInterrupted = false
    /// Why the cloud does not give it, when an autoscaler asked for it: it is not tried again.
    var failure: String?
    /// What its kubelet said last that it is short of.
    var pressure: [PressureCondition] = []

    var zone: String { terms.zone }
    var pool: Int { terms.pool }
}
