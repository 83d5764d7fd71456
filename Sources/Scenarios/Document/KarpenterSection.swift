import Autoscalers
import Chronology
import KubernetesAPI

/// What `autoscaler.karpenter` says; NodePools among the manifests need nothing said.
struct KarpenterSection {
    var parameters = Karpenter.Parameters()
    /// Names of machine types, with `*` for any text; empty for all that have a price.
    var machineTypes: [Written] = []
    /// Empty for those of the pools.
    var zones: [String] = []

    /// A text with its place.
    struct Written {
        let text: String
        let path: FieldPath
        let position: Position?
    }
}

extension ScenarioReading {
    func karpenter(_ reader: FieldReader) -> KarpenterSection {
        var section = KarpenterSection()
        let durations: [(name: String, place: WritableKeyPath<Karpenter.Parameters, Duration>)] = [
            ("batch-idle-duration", \.batchIdleDuration), ("batch-max-duration", \.batchMaxDuration),
            ("unavailable-offerings-ttl", \.unavailableOfferingsTTL),
        ]
        for (name, place) in durations {
            guard let value = reader.read(name, { duration($0, path: $1) }) else { continue }
            let least: Duration = name == "batch-idle-duration" ? .seconds(1) : .zero
            if value >= least {
                section.parameters[keyPath: place] = value
            } else {
                reader.error(name, "found \(value)", expected: "\(least.wholeSeconds)s or more")
            }
        }
        if section.parameters.batchMaxDuration < section.parameters.batchIdleDuration {
            reader.error(
                reader.has("batch-max-duration") ? "batch-max-duration" : "batch-idle-duration",
                "pods would wait for less than until no more come",
                expected: "a batch-max-duration that is not below the batch-idle-duration")
        }
        section.parameters.startupTaintRemoval = reader.read("startup-taint-removal") { duration($0, path: $1) }
        section.parameters.preferencePolicy = reader.choice("preference-policy") ?? .respect
        section.parameters.consolidatesSpotToSpot = reader.bool("spot-to-spot-consolidation") ?? false
        let position = reader.read("machineTypes") { tree, _ in tree.position }
        let types = reader.oneOrMore("machineTypes")
        section.machineTypes = types.enumerated().map { place, text in
            let path = reader.path.field("machineTypes")
            return .init(text: text, path: types.count > 1 ? path.index(place) : path, position: position)
        }
        section.zones = reader.oneOrMore("zones")
        for zone in section.zones where zone.isEmpty { reader.error("zones", "a zone's name is empty") }
        if Set(section.zones).count > MachineMarket.zonesMax {
            reader.error("zones", "found \(section.zones.count)", expected: "at most \(MachineMarket.zonesMax) zones")
        }
        return section
    }
}
