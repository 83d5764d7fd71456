import Chronology
import KubernetesAPI
import Scenarios

/// Draws the scenario of a seed: a small cluster, what runs on it, what people do, and what breaks.
///
/// Nothing that disturbs the cluster begins after `calm`; once what is under way is over too, it has `SwarmCheck.bound` to
/// settle.
struct SwarmDraw {
    let seed: UInt64
    let features: Set<SwarmFeature>
    /// When nothing happens any more.
    let calm: Duration
    var workloads: [DrawnWorkload] = []
    var nodes: [String] = []
    var zones: [String] = []
    // The lists of the scenario's spec.
    var pools: [ManifestTree] = []
    var machineTypes: [ManifestTree] = []
    var rules: [ManifestTree] = []
    var services: [ManifestTree] = []
    var images: [ManifestTree] = []
    var registries: [ManifestTree] = []
    var changes: [(at: Duration, tree: ManifestTree)] = []
    var mending: [ManifestTree] = []
    var arrivals: [ManifestTree] = []
    var files: [SwarmCase.File] = []

    /// Returns the scenario of a seed; the same seed gives the same texts.
    static func scenario(of seed: UInt64) -> SwarmCase {
        var draw = SwarmDraw(seed: seed)
        draw.drawCluster()
        draw.drawWorkloads()
        draw.drawTraffic()
        draw.drawArrivals()
        draw.drawVerticals()
        draw.drawChanges()
        return draw.written()
    }

    private init(seed: UInt64) {
        self.seed = seed
        features = Set(
            SwarmFeature.allCases.filter { feature in
                var dice = SwarmDice(seed: seed, purpose: "feature." + feature.rawValue)
                return dice.hits(50)
            })
        var dice = SwarmDice(seed: seed, purpose: "length")
        calm = .seconds(Int64(dice.hits(70) ? dice.number(120...900) : dice.number(900...3_600)))
    }

    func has(_ feature: SwarmFeature) -> Bool { features.contains(feature) }

    func dice(_ purpose: String) -> SwarmDice { SwarmDice(seed: seed, purpose: purpose) }

    /// A moment before the calm, early ones likelier than late ones: most is going on at the start.
    func moment(_ dice: inout SwarmDice, before limit: Duration? = nil) -> Duration {
        let last = max(1, Int((limit ?? calm).nanoseconds / 1_000_000) - 1)
        return .milliseconds(Int64(dice.hits(30) ? dice.number(0...min(last, 60_000)) : dice.number(0...last)))
    }

    // MARK: - Texts

    private func written() -> SwarmCase {
        let changes = changes.sorted { $0.at < $1.at }.map(\.tree) + mending
        func list(_ elements: [ManifestTree]) -> ManifestTree? { elements.isEmpty ? nil : .sequence(elements) }
        let spec = ManifestTree.mapping([
            ("duration", .text((calm + SwarmCheck.tail + SwarmCheck.bound).description)),
            ("seed", .number(Int64(seed & 0xFFFF_FFFF))),
            ("machineTypes", list(machineTypes)), ("pools", list(pools)), ("parameters", parameters()),
            ("scheduler", scheduler()), ("images", list(images)), ("registries", list(registries)),
            ("workloads", list(rules)), ("services", list(services)), ("arrivals", list(arrivals)),
            ("faults", list(faults())), ("changes", list(changes)),
        ])
        let scenario = ManifestTree.mapping([
            ("apiVersion", .text("orrery.dev/v1")), ("kind", .text("Scenario")),
            ("metadata", .mapping([("name", .text("swarm-\(seed)")), ("title", .text("Seed \(seed) of the swarm"))])),
            ("spec", spec),
        ])
        return SwarmCase(
            files: [SwarmCase.File(name: SwarmCase.scenarioName, text: TreePrinter.yaml(scenario))]
                + files.sorted { $0.name < $1.name })
    }

    mutating func write(_ tree: ManifestTree, to name: String) {
        files.append(SwarmCase.File(name: name, text: TreePrinter.yaml(tree)))
    }
}

/// Something that runs in the cluster of a seed.
struct DrawnWorkload {
    let kind: String
    let namespace: String
    let name: String
    var replicas: Int
    /// Returns its manifest with another image or count.
    let manifest: @Sendable (_ image: String, _ replicas: Int) -> ManifestTree

    /// Whether people can change its number of replicas.
    var scales: Bool { ["Deployment", "ReplicaSet", "StatefulSet"].contains(kind) }
}

extension ManifestTree {
    /// Returns a mapping of texts.
    static func texts(_ pairs: [(String, String)]) -> ManifestTree { .mapping(pairs.map { ($0.0, .text($0.1)) }) }

    /// Returns a time as scenarios write it.
    static func time(_ duration: Duration) -> ManifestTree { .text(duration.description) }
}
