/// Bytes of images that came to a machine, by where they came from.
package struct ImageTraffic: Hashable, Sendable {
    /// From the registry, through a pull-through cache or not.
    package var registry: Int64 = 0
    /// From the zone's pull-through cache, which had them.
    package var cache: Int64 = 0
    /// From another machine of the zone.
    package var peer: Int64 = 0
    /// From a machine of another zone.
    package var crossZone: Int64 = 0

    /// Creates a sum of nothing.
    package init() {}

    /// All bytes.
    package var total: Int64 { registry + cache + peer + crossZone }

    mutating func add(_ bytes: Int64, from source: LayerFetch.Source) {
        switch source {
        case .none: precondition(bytes == 0, "bytes came from nowhere")
        case .registry, .throughCache: registry += bytes
        case .cache: cache += bytes
        case .peer(_, let crossesZones): if crossesZones { crossZone += bytes } else { peer += bytes }
        }
    }
}
