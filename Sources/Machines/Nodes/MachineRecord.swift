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
    /// What its kubelet is short of.
    var pressure: [PressureCondition] = []
    /// Positions of its pods, in the order of assignment.
    var pods: [Int32] = []
    /// Pulls that wait for their turn.
    var queuedPulls: [Int32] = []
    /// Pulls under way.
    var activePulls: [Int32] = []
    var pullLimiter: TokenBucket

    init(_ setup: NodeSetup, parameters: KubeletParameters) {
        name = setup.name
        imageDisk = setup.imageDisk
        pullLimiter = TokenBucket(rate: parameters.registryPullQPS, burst: parameters.registryBurst)
    }
}
