/// A pull-through cache that the machines of one zone share; what it has it keeps.
struct ZoneCache: Sendable {
    /// Where its bandwidth is shared.
    let link: Int32
    /// Layers that it has; only looked up.
    private(set) var layers: Set<Int32> = []
    /// Manifests that it has; only looked up.
    private(set) var manifests: Set<Int32> = []
    /// What its references named when they were last asked for; only looked up.
    private(set) var targets: [Int32: Int32] = [:]
    /// Layers that a machine is bringing in; only looked up.
    var incoming: Set<Int32> = []

    init(link: Int32) { self.link = link }

    func contains(layer: Int32) -> Bool { layers.contains(layer) }

    mutating func store(layer: Int32) {
        incoming.remove(layer)
        layers.insert(layer)
    }

    mutating func store(_ reference: Int32, target: Int32, manifest: Int32) {
        targets[reference] = target
        manifests.insert(manifest)
    }
}
