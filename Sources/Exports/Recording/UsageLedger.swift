import Chronology
import KubernetesAPI
import Simulation

/// What running containers use, look by look.
///
/// A container of which nobody says what it uses is taken to use what it asks for, as everywhere in the product.
struct UsageLedger {
    private struct Key: Hashable {
        let uid: UID
        let container: String
    }

    private struct Use {
        /// Whether it was ever said what the container uses.
        var isTold: Bool
        /// Processor time, memory, charged cores, charged memory.
        var series: [OpenSeries]
        var look: Int64
    }

    private static let families: [DerivedFamily] = [
        .processorTime, .workingSet, .processorAllocation, .memoryAllocation,
    ]

    private var uses: [Key: Use] = [:]
    private var order: [Key] = []

    /// Notes what a pod's running containers use from now on; `end` is handed what came to an end by that.
    mutating func note(
        _ pod: Pod, _ survey: [ContainerUsage], look: Int64, at: Int64, end: (OpenSeries) -> Void
    ) {
        for status in pod.status.containerStatuses + pod.status.initContainerStatuses {
            guard case .running = status.state else { continue }
            let containers = pod.spec.containers + pod.spec.initContainers
            guard let container = containers.first(where: { $0.name == status.name }) else { continue }
            let told = survey.first { $0.place.container == status.name }
            let asked = (container.requests[.cpu]?.milliValue ?? 0, container.requests[.memory]?.value ?? 0)
            let milli = told?.cpuMilli ?? asked.0
            let bytes = told?.memoryBytes ?? asked.1
            let key = Key(uid: pod.metadata.uid, container: status.name)
            // Nobody tells any more of what ran on a machine that is gone.
            if told == nil, uses[key]?.isTold == true { continue }
            var use = uses[key] ?? begin(key, pod, container, at: at)
            use.look = look
            use.isTold = told != nil
            // Processor time grows; all else has a level.
            Self.change(&use.series[0], slope: Double(milli) / 1e3, at: at, end: end)
            let levels = [Double(bytes), Double(max(milli, asked.0)) / 1e3, Double(max(bytes, asked.1))]
            for (place, level) in levels.enumerated() {
                Self.change(&use.series[place + 1], value: level, at: at, end: end)
            }
            uses[key] = use
        }
    }

    /// Ends the series of containers that no longer run.
    mutating func removeStale(look: Int64, end: (OpenSeries) -> Void) {
        order.removeAll { key in
            guard let use = uses[key], use.look != look else { return false }
            for series in use.series { end(series) }
            uses[key] = nil
            return true
        }
    }

    private mutating func begin(_ key: Key, _ pod: Pod, _ container: Container, at: Int64) -> Use {
        order.append(key)
        let node = pod.nodeName ?? ""
        let names = [
            ("namespace", pod.metadata.namespace), ("pod", pod.metadata.name), ("container", container.name),
        ]
        let measured = LabelText.of(names + [("image", container.image)] + MetricTarget.cadvisor(node: node).labels)
        let charged = LabelText.of(
            names + [("instance", node), ("node", node)] + MetricTarget.openCost.labels)
        let labels = [measured, measured, charged, charged]
        let series = zip(Self.families, labels).map { family, labels in
            // NaN is equal to no level: the first one is a change.
            OpenSeries(
                family: family.place, labels: labels, value: family == .processorTime ? 0 : .nan, since: at)
        }
        return Use(isTold: false, series: series, look: 0)
    }

    private static func change(_ series: inout OpenSeries, slope: Double, at: Int64, end: (OpenSeries) -> Void) {
        guard series.slope != slope else { return }
        if at > series.since { end(series) }
        series.value = series.value(at: at)
        series.slope = slope
        series.since = at
    }

    private static func change(_ series: inout OpenSeries, value: Double, at: Int64, end: (OpenSeries) -> Void) {
        guard series.value != value else { return }
        if at > series.since { end(series) }
        series.value = value
        series.since = at
    }
}
