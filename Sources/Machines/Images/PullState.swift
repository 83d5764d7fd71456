import Chronology

/// One image pull that was asked for and has not ended.
struct PullState: Sendable {
    enum Phase: UInt8 {
        case free, queued
        /// The registry is asked for the manifest.
        case resolving
        /// Layers are on their way.
        case transferring
        /// Unpacking, and whatever else takes the same time for all.
        case unpacking
    }

    var phase = Phase.queued
    /// Timers of an older epoch are stale.
    var epoch: UInt32 = 0
    /// Nobody's slot for a pull before the machine is ready.
    var pod: PodSlot
    var container: Int32
    var node: Int32
    var image: Int32
    /// What the reference named when the pull began.
    var target: Int32 = -1
    var manifest: Int32 = -1
    var from: Instant
    /// Layers that nobody fetches yet, the next one last.
    var queue: [Int32] = []
    /// Layers that are missing, whoever fetches them.
    var missing: Int32 = 0
    /// Fetches of its own that are under way.
    var fetches: Int32 = 0
    /// Layers that it keeps on the machine until its end.
    var layers: [Int32] = []
    /// Compressed bytes that are to be unpacked.
    var unpackBytes: Int64 = 0
    /// Compressed bytes that were here already, or on their way.
    var cachedBytes: Int64 = 0
    var traffic = ImageTraffic()

    init(pod: PodSlot, container: Int32, node: Int32, image: Int32, from: Instant) {
        self.pod = pod
        self.container = container
        self.node = node
        self.image = image
        self.from = from
    }
}
