/// One layer on its way to one machine.
struct LayerFetch: Sendable {
    enum Phase: UInt8 {
        case free
        /// Another machine of the zone brings the layer into the cache.
        case awaitingCache
        case flowing
        /// Enough is there to start; the rest follows in the background.
        case streaming
        /// The rest cannot be had for now: the registry is down, or the machine is off.
        case stalled
    }

    enum Source: Hashable, Sendable {
        case none
        case registry
        /// From the registry through the zone's cache, which keeps it.
        case throughCache(Int32)
        case cache(Int32)
        case peer(Int32, crossesZones: Bool)
    }

    var phase = Phase.flowing
    let layer: Int32
    let node: Int32
    let registry: Int32
    /// A reference by which the layer is fetched, for the record.
    let image: Int32
    var source = Source.none
    /// Pulls that need it; the first one pays for it. Nobody waits for what streams in the background.
    var waiters: [Int32]
    /// Bytes that are left to fetch now.
    var bytes: Int64
    /// Bytes that follow in the background.
    var rest: Int64
    /// What came in the background.
    var traffic = ImageTraffic()
}
