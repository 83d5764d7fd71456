import Chronology

/// One machine as the fleet keeps it.
struct MachineRecord: Sendable {
    let name: String
    var isOn = true
    /// Whether it never comes back.
    var isGone = false
    /// Bytes of disk for images; nil for no bound.
    let imageDisk: Int64?
    var images = NodeImageStore()
    /// Positions of its pods, in the order of assignment.
    var pods: [Int32] = []
    /// Pulls that wait for their turn.
    var queuedPulls: [Int32] = []
    /// Pulls under way.
    var activePulls: [Int32] = []
    var pullLimiter: TokenBucket
    /// What the kubelet reads off its node object; nil admits every pod.
    var surface: NodeSurface?
    /// What the admitted pods hold.
    var holdings = NodeHoldings()
    /// Critical pods that wait for others to end.
    var preemptors: [Preemptor] = []
    /// How far the machine is with shutting down; nil while it is not.
    var shutdown: ShutdownProgress?

    init(_ setup: NodeSetup, parameters: KubeletParameters) {
        name = setup.name
        imageDisk = setup.imageDisk
        pullLimiter = TokenBucket(rate: parameters.registryPullQPS, burst: parameters.registryBurst)
    }
}
