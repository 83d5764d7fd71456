import Chronology

/// One image pull that was asked for and has not ended.
struct PullState: Sendable {
    enum Phase: UInt8 {
        case free, queued
        /// Layers are on their way.
        case transferring
        /// Unpacking, and whatever else takes the same time for all.
        case unpacking
    }

    var phase = Phase.queued
    /// Timers of an older epoch are stale.
    var epoch: UInt32 = 0
    var pod: PodSlot
    var container: Int32
    var node: Int32
    var image: Int32
    /// What the reference named when the pull began.
    var manifest: Int32 = -1
    var from: Instant
    var bytes: Int64 = 0
    var cachedBytes: Int64 = 0
}
