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
    /// Layers on their way, in the order in which they were asked for.
    var fetches: [Int32] = []
    /// How many layers were ever asked for; numbers the draws of what goes wrong with them.
    var fetchCount: UInt64 = 0
    var pullLimiter: TokenBucket
    /// What the kubelet reads off its node object; nil admits every pod.
    var surface: NodeSurface?
    /// What the admitted pods hold.
    var holdings = NodeHoldings()
    /// Critical pods that wait for others to end.
    var preemptors: [Preemptor] = []
    /// How far the machine is with shutting down; nil while it is not.
    var shutdown: ShutdownProgress?
    let architecture: MachineType.Architecture
    /// A number for its zone.
    let zone: Int32
    /// Where what it receives, and what it sends, is shared.
    let ingress: Int32
    let egress: Int32
    /// When the last image that it unpacks is done, if one is unpacked at a time.
    var unpackedAt = Instant.start
    /// When its kubelet started.
    var startedAt: Instant
    /// When the kubelet looks for images to remove; nil while nothing could be.
    var nextImageGC: Instant?
    var imageGCEpoch: UInt32 = 0
    /// Pulls that must end before it is ready.
    var preparing: Int32 = 0

    /// Whether its kubelet does nothing, and what would have been due.
    var isHung = false
    var held: [MachineTimer] = []
    /// How fast it is, in thousandths.
    var speed: Int64 = 1_000
    /// Bytes per second of its link at full speed.
    let bandwidth: Int64
    var isDiskFull = false

    init(
        _ setup: NodeSetup, parameters: KubeletParameters, zone: Int32, ingress: Int32, egress: Int32,
        at now: Instant
    ) {
        name = setup.name
        architecture = setup.architecture
        self.zone = zone
        self.ingress = ingress
        self.egress = egress
        startedAt = now
        bandwidth = setup.bandwidth ?? parameters.nodeBandwidth
        imageDisk = setup.imageDisk
        pullLimiter = TokenBucket(rate: parameters.registryPullQPS, burst: parameters.registryBurst)
    }
}
