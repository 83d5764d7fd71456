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
            /// A length that may be zero.
            case period(WritableKeyPath<KubeletParameters, Duration>)
            case graces(WritableKeyPath<KubeletParameters, [ShutdownGrace]>)
            case amount(WritableKeyPath<KubeletParameters, EvictionAmount?>)
            case time(WritableKeyPath<KubeletParameters, Duration?>)
        }

        let name: String
        let place: Place
    }

    private typealias SignalPlace = WritableKeyPath<KubeletParameters, EvictionParameters.Signal>

    private static var signals: [(name: String, place: SignalPlace)] {
        [
            ("memory.available", \.eviction.memory), ("nodefs.available", \.eviction.nodefs),
            ("imagefs.available", \.eviction.imagefs),
        ]
    }

    private static let kubelet: [KubeletEntry] =
        plain
        + signals.flatMap { name, place in
            [
                KubeletEntry(name: "kubelet.evictionHard.\(name)", place: .amount(place.appending(path: \.hard))),
                KubeletEntry(name: "kubelet.evictionSoft.\(name)", place: .amount(place.appending(path: \.soft))),
                KubeletEntry(
                    name: "kubelet.evictionSoftGracePeriod.\(name)",
                    place: .time(place.appending(path: \.softGracePeriod))),
                KubeletEntry(
                    name: "kubelet.evictionMinimumReclaim.\(name)",
                    place: .amount(place.appending(path: \.minimumReclaim))),
            ]
        }

    private static let plain: [KubeletEntry] = [
        KubeletEntry(name: "containerd.maxConcurrentDownloads", place: .count(\.maxConcurrentDownloads)),
        KubeletEntry(name: "containerd.serializeUnpack", place: .truth(\.serializeUnpack)),
        KubeletEntry(name: "kubelet.crashBackOffInitial", place: .duration(\.crashBackOffInitial)),
        KubeletEntry(name: "kubelet.crashBackOffMax", place: .duration(\.crashBackOffMax)),
        KubeletEntry(name: "kubelet.crashBackOffReset", place: .duration(\.crashBackOffReset)),
        KubeletEntry(name: "kubelet.diskPercent", place: .count(\.diskPercent)),
        KubeletEntry(
            name: "kubelet.evictionMaxPodGracePeriod", place: .count(\.eviction.maxPodGracePeriodSeconds)),
        KubeletEntry(name: "kubelet.evictionMonitoringPeriod", place: .duration(\.eviction.monitoringPeriod)),
        KubeletEntry(
            name: "kubelet.evictionPressureTransitionPeriod",
            place: .duration(\.eviction.pressureTransitionPeriod)),
        KubeletEntry(name: "kubelet.imageBackOffInitial", place: .duration(\.imageBackOffInitial)),
        KubeletEntry(name: "kubelet.imageBackOffMax", place: .duration(\.imageBackOffMax)),
        KubeletEntry(name: "kubelet.imageBackOffNotice", place: .duration(\.imageBackOffNotice)),
        KubeletEntry(name: "kubelet.imageGCHighThresholdPercent", place: .count(\.imageGCHighThresholdPercent)),
        KubeletEntry(name: "kubelet.imageGCLowThresholdPercent", place: .count(\.imageGCLowThresholdPercent)),
        KubeletEntry(name: "kubelet.imageGCPeriod", place: .duration(\.imageGCPeriod)),
        KubeletEntry(name: "kubelet.imageMaximumGCAge", place: .duration(\.imageMaximumGCAge)),
        KubeletEntry(name: "kubelet.imageMinimumGCAge", place: .duration(\.imageMinimumGCAge)),
        KubeletEntry(name: "kubelet.maxParallelImagePulls", place: .bound(\.maxParallelImagePulls)),
        KubeletEntry(
            name: "kubelet.minimumGraceAfterPreStop", place: .duration(\.minimumGraceAfterPreStop)),
        KubeletEntry(name: "kubelet.nodeBandwidth", place: .count(\.nodeBandwidth)),
        KubeletEntry(name: "kubelet.nodeStatusMaxImages", place: .small(\.nodeStatusMaxImages)),
        KubeletEntry(name: "kubelet.postStartHook", place: .period(\.postStartHook)),
        KubeletEntry(name: "kubelet.preStopHook", place: .duration(\.preStopHook)),
        KubeletEntry(name: "kubelet.pullOverhead", place: .duration(\.pullOverhead)),
        KubeletEntry(name: "kubelet.registryBandwidth", place: .count(\.registryBandwidth)),
        KubeletEntry(name: "kubelet.registryBurst", place: .count(\.registryBurst)),
        KubeletEntry(name: "kubelet.registryPullQPS", place: .count(\.registryPullQPS)),
        KubeletEntry(name: "kubelet.serializeImagePulls", place: .truth(\.serializeImagePulls)),
        KubeletEntry(name: "kubelet.shutdownGracePeriod", place: .period(\.shutdownGracePeriod)),
        KubeletEntry(
            name: "kubelet.shutdownGracePeriodByPodPriority", place: .graces(\.shutdownGracePeriodByPodPriority)),
        KubeletEntry(
            name: "kubelet.shutdownGracePeriodCriticalPods", place: .period(\.shutdownGracePeriodCriticalPods)),
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
            case .truth(let place):
                if let value = truth(tree, path: path, reading) { parameters[keyPath: place] = value }
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
                if let value = truth(tree, path: path, reading) { agents[keyPath: place] = value }
            case .count(let place):
                // A rate of 0 switches the limit off; a bandwidth of 0 would end all pulls.
                let least: Int64 = name.hasSuffix("QPS") || name.hasSuffix("GracePeriod") ? 0 : 1
                if let value = reading.whole(tree, path: path, from: least) { agents[keyPath: place] = value }
            case .small(let place):
                if let value = reading.whole(tree, path: path, from: -1) { agents[keyPath: place] = Int(value) }
            case .bound(let place):
                if let value = reading.whole(tree, path: path, from: 1) {
                    agents[keyPath: place] = Int32(clamping: value)
                }
            case .duration(let place):
                if let value = positive(tree, path: path, reading) { agents[keyPath: place] = value }
            case .period(let place):
                if let value = reading.duration(tree, path: path) { agents[keyPath: place] = value }
            case .graces(let place): agents[keyPath: place] = graces(tree, path: path, reading)
            case .amount(let place):
                if let value = reading.threshold(tree, path: path) { agents[keyPath: place] = value }
            case .time(let place):
                if let value = positive(tree, path: path, reading) { agents[keyPath: place] = value }
            }
        }
    }

    private static func truth(_ tree: ManifestTree, path: FieldPath, _ reading: ScenarioReading) -> Bool? {
        if case .scalar(.bool(let truth)) = tree.value { return truth }
        reading.wrong(tree, path: path, expected: "true or false")
        return nil
    }

    /// Records soft thresholds without a grace period: a kubelet would not start with one.
    private static func checkEviction(_ agents: KubeletParameters, _ reader: FieldReader) {
        for (name, place) in signals {
            let signal = agents[keyPath: place]
            guard signal.soft != nil, signal.softGracePeriod == nil else { continue }
            reader.error(
                "kubelet.evictionSoft.\(name)", "the soft threshold has no grace period",
                expected: "kubelet.evictionSoftGracePeriod.\(name) beside it, such as 1m30s")
        }
    }

    /// Records periods of a shutdown with which a kubelet would not start.
    private static func checkShutdown(_ agents: KubeletParameters, _ reader: FieldReader) {
        let (whole, critical) = (agents.shutdownGracePeriod, agents.shutdownGracePeriodCriticalPods)
        let byPriority = "kubelet.shutdownGracePeriodByPodPriority"
        let periods = [
            ("kubelet.shutdownGracePeriod", whole), ("kubelet.shutdownGracePeriodCriticalPods", critical),
        ]
        for (name, period) in periods where period > .zero {
            if period < .seconds(1) {
                reader.error(name, "the period is below a second", expected: "0s or at least 1s")
            }
            if !agents.shutdownGracePeriodByPodPriority.isEmpty {
                reader.error(name, "not allowed together with \(byPriority)", expected: "one of the two")
            }
        }
        if critical > whole {
            reader.error(
                "kubelet.shutdownGracePeriodCriticalPods",
                "the time for critical pods is part of kubelet.shutdownGracePeriod", expected: "at most \(whole)")
        }
    }

    private static func graces(
        _ tree: ManifestTree, path: FieldPath, _ reading: ScenarioReading
    ) -> [ShutdownGrace] {
        guard case .sequence(let elements) = tree.value else {
            reading.wrong(tree, path: path, expected: "a list of priority and shutdownGracePeriodSeconds")
            return []
        }
        return elements.enumerated().compactMap { index, element in
            guard let reader = FieldReader(element, path: path.index(index), context: reading.decoding) else {
                return nil
            }
            defer { reader.finish() }
            reader.require("priority", expected: "a priority")
            reader.require("shutdownGracePeriodSeconds", expected: "a number of seconds")
            let priority = reader.int64("priority", in: Int64(Int32.min)...Int64(Int32.max))
            let seconds = reader.count("shutdownGracePeriodSeconds")
            guard let priority, let seconds else { return nil }
            return ShutdownGrace(priority: Int32(priority), seconds: seconds)
        }
    }

    /// Checks what figures have to do with each other, as the kubelet does, and fills in what one follows from.
    static func complete(_ agents: inout KubeletParameters, _ reader: FieldReader) {
        checkEviction(agents, reader)
        checkShutdown(agents, reader)
        if let limit = agents.maxParallelImagePulls, limit > 1 {
            if !reader.has("kubelet.serializeImagePulls") {
                agents.serializeImagePulls = false
            } else if agents.serializeImagePulls {
                reader.error(
                    "kubelet.maxParallelImagePulls", "pulls are serialized, so there is one at a time",
                    expected: "kubelet.serializeImagePulls: false beside it")
            }
        }
        if agents.imageGCHighThresholdPercent > 100 {
            reader.error("kubelet.imageGCHighThresholdPercent", "a disk has 100 %", expected: "at most 100")
        }
        if agents.imageGCLowThresholdPercent >= agents.imageGCHighThresholdPercent {
            let name = reader.has("kubelet.imageGCLowThresholdPercent") ? "Low" : "High"
            reader.error(
                "kubelet.imageGC\(name)ThresholdPercent", "the low threshold is not below the high one",
                expected: "a low one below \(agents.imageGCHighThresholdPercent)")
        }
        if agents.imageMaximumGCAge > .zero, agents.imageMaximumGCAge <= agents.imageMinimumGCAge {
            reader.error(
                "kubelet.imageMaximumGCAge", "the age is not above the least one, \(agents.imageMinimumGCAge)")
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
    /// Returns an eviction threshold: `100Mi`, `10%`, or nothing for `0%` and `100%`, which switch it off.
    func threshold(_ tree: ManifestTree, path: FieldPath) -> EvictionAmount?? {
        if let text = Self.plainText(tree) {
            if text.hasSuffix("%") {
                if let tenths = Self.scaled(String(text.dropLast()), by: 1_000), (0...100_000).contains(tenths),
                    let percent = Float(text.dropLast())
                {
                    return tenths == 0 || tenths == 100_000 ? .some(nil) : .percent(percent)
                }
            } else if let quantity = Quantity(parsing: text), quantity > .zero, quantity.value < .max {
                return .bytes(quantity.value)
            }
        }
        wrong(tree, path: path, expected: "an amount above zero such as 100Mi, or a share such as 10% (0% for none)")
        return nil
    }

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
