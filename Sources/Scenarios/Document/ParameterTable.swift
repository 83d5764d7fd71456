import Chronology
import KubernetesAPI
import Machines
import Simulation

/// The parameters that a scenario sets by name: those of the simulation, and those of the node agents.
enum ParameterTable {
    /// A figure of the node agents, by the name of its field or flag.
    private struct KubeletEntry: @unchecked Sendable {
        enum Place {
            case truth(WritableKeyPath<KubeletParameters, Bool>)
            case count(WritableKeyPath<KubeletParameters, Int64>)
            case small(WritableKeyPath<KubeletParameters, Int>)
            case bound(WritableKeyPath<KubeletParameters, Int32?>)
            case duration(WritableKeyPath<KubeletParameters, Duration>)
        }

        let name: String
        let place: Place
    }

    private static let kubelet: [KubeletEntry] = [
        KubeletEntry(name: "kubelet.crashBackOffInitial", place: .duration(\.crashBackOffInitial)),
        KubeletEntry(name: "kubelet.crashBackOffMax", place: .duration(\.crashBackOffMax)),
        KubeletEntry(name: "kubelet.crashBackOffReset", place: .duration(\.crashBackOffReset)),
        KubeletEntry(name: "kubelet.diskPercent", place: .count(\.diskPercent)),
        KubeletEntry(name: "kubelet.imageBackOffInitial", place: .duration(\.imageBackOffInitial)),
        KubeletEntry(name: "kubelet.imageBackOffMax", place: .duration(\.imageBackOffMax)),
        KubeletEntry(name: "kubelet.imageBackOffNotice", place: .duration(\.imageBackOffNotice)),
        KubeletEntry(name: "kubelet.imageGCHighThresholdPercent", place: .count(\.imageGCHighThresholdPercent)),
        KubeletEntry(name: "kubelet.imageGCLowThresholdPercent", place: .count(\.imageGCLowThresholdPercent)),
        KubeletEntry(name: "kubelet.imageMinimumGCAge", place: .duration(\.imageMinimumGCAge)),
        KubeletEntry(name: "kubelet.maxParallelImagePulls", place: .bound(\.maxParallelImagePulls)),
        KubeletEntry(
            name: "kubelet.minimumGraceAfterPreStop", place: .duration(\.minimumGraceAfterPreStop)),
        KubeletEntry(name: "kubelet.nodeBandwidth", place: .count(\.nodeBandwidth)),
        KubeletEntry(name: "kubelet.nodeStatusMaxImages", place: .small(\.nodeStatusMaxImages)),
        KubeletEntry(name: "kubelet.preStopHook", place: .duration(\.preStopHook)),
        KubeletEntry(name: "kubelet.pullOverhead", place: .duration(\.pullOverhead)),
        KubeletEntry(name: "kubelet.registryBandwidth", place: .count(\.registryBandwidth)),
        KubeletEntry(name: "kubelet.registryBurst", place: .count(\.registryBurst)),
        KubeletEntry(name: "kubelet.registryPullQPS", place: .count(\.registryPullQPS)),
        KubeletEntry(name: "kubelet.serializeImagePulls", place: .truth(\.serializeImagePulls)),
        KubeletEntry(name: "kubelet.unpackRate", place: .count(\.unpackRate)),
    ]

    /// All names, in name order.
    static let names = (SimulationParameters.entries.map(\.name) + kubelet.map(\.name)).sorted()

    /// Reads one parameter into `parameters` or `agents`; unknown names are for the reader to report.
    static func set(
        _ name: String, to tree: ManifestTree, path: FieldPath, reading: ScenarioReading,
        _ parameters: inout SimulationParameters, _ agents: inout KubeletParameters
    ) {
        if let entry = SimulationParameters.entries.first(where: { $0.name == name }) {
            switch entry.place {
            case .distribution(let place):
                if let value = reading.distribution(tree, path: path) { parameters[keyPath: place] = value }
            case .count(let place):
                if let value = reading.whole(tree, path: path, from: 1) { parameters[keyPath: place] = value }
            case .duration(let place):
                if let value = positive(tree, path: path, reading) { parameters[keyPath: place] = value }
            case .cache(let place):
                if let value = tree.string.flatMap(ControllerCache.init(rawValue:)) {
                    parameters[keyPath: place] = value
                } else {
                    reading.wrong(
                        tree, path: path,
                        expected: "one of \(ControllerCache.allCases.map(\.rawValue).joined(separator: ", "))")
                }
            }
        } else if let entry = kubelet.first(where: { $0.name == name }) {
            switch entry.place {
            case .truth(let place):
                if case .scalar(.bool(let truth)) = tree.value {
                    agents[keyPath: place] = truth
                } else {
                    reading.wrong(tree, path: path, expected: "true or false")
                }
            case .count(let place):
                // A rate of 0 switches the limit off; a bandwidth of 0 would end all pulls.
                let least: Int64 = name.hasSuffix("QPS") ? 0 : 1
                if let value = reading.whole(tree, path: path, from: least) { agents[keyPath: place] = value }
            case .small(let place):
                if let value = reading.whole(tree, path: path, from: 0) { agents[keyPath: place] = Int(value) }
            case .bound(let place):
                if let value = reading.whole(tree, path: path, from: 1) {
                    agents[keyPath: place] = Int32(clamping: value)
                }
            case .duration(let place):
                if let value = positive(tree, path: path, reading) { agents[keyPath: place] = value }
            }
        }
    }

    private static func positive(_ tree: ManifestTree, path: FieldPath, _ reading: ScenarioReading) -> Duration? {
        guard let value = reading.duration(tree, path: path) else { return nil }
        if value > .zero { return value }
        reading.wrong(tree, path: path, expected: "a length of time above zero")
        return nil
    }
}

extension ScenarioReading {
    /// Returns a whole number of at least `low`; a quantity such as `100M` stands for one.
    func whole(_ tree: ManifestTree, path: FieldPath, from low: Int64) -> Int64? {
        if let text = Self.plainText(tree), let quantity = Quantity(parsing: text),
            quantity.nanos % 1_000_000_000 == 0, quantity.value >= low, quantity.value < Int64.max
        {
            return quantity.value
        }
        wrong(tree, path: path, expected: "a whole number of at least \(low)")
        return nil
    }
}
