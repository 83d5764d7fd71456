// Counterpart: metrics-server v0.8 over the kubelet's resource metrics, and an adapter for custom and external metrics.
// Deliberate difference: every kubelet is asked at the same instants, at whole multiples of the resolution.

import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines
import Workloads

/// What the metrics APIs show of the simulated pods: worked out when somebody asks, so that nobody polls.
///
/// A class, as controllers are handed it; it belongs to one world.
final class MetricsServer: MetricsView {
    /// The least time that a container must have been measured for.
    static let leastWindow = Duration.seconds(10)

    private unowned let api: StoreView
    private let clock: WallClock
    private let resolution: Duration
    private let delay: Duration
    private let window: Duration
    let custom: [CustomMetric]
    /// Whether anybody may ask: then what pods use is followed.
    private(set) var isOn = false
    /// Faults that keep the APIs from answering.
    var outages = 0 { didSet { changed() } }
    // When something last changed that an answer may follow from, and whether something changes all the time.
    private var lastChange = Instant.start
    private let isRestless: Bool
    var leaks = false
    private var meters: [UID: PodMeter] = [:]
    // By the row of a node that was silent at some time: 1 while its kubelet can be asked, else 0.
    private var answering: [Int32: RecentValues] = [:]
    // By service: what it gets a second, what is in flight, and the endpoints that answer.
    private var requests: [RecentValues] = []
    private var inFlight: [RecentValues] = []
    private var endpoints: [RecentValues] = []
    /// The number of the latest look at the services.
    private(set) var look: Int64 = 0

    init(_ setup: WorldSetup, _ api: StoreView, clock: WallClock) {
        self.api = api
        self.clock = clock
        resolution = setup.parameters.metricsResolution
        delay = setup.parameters.metricsDelay
        window = setup.parameters.metricsWindow
        custom = setup.metrics
        isRestless = setup.metrics.contains { metric in
            guard case .curve(let curve) = metric.source else { return false }
            return curve.nextChange(after: .start, on: clock) != nil
        }
    }

    /// How far back somebody may ask.
    var horizon: Duration { resolution + delay + window }

    func begin(services: Int, at now: Instant) {
        isOn = true
        let none = RecentValues(0, since: now)
        requests = [RecentValues](repeating: none, count: services)
        inFlight = requests
        endpoints = requests
    }

    func add(_ meter: PodMeter, of pod: UID) {
        meters[pod] = meter
        changed()
    }

    func remove(_ pod: UID) {
        meters[pod] = nil
        changed()
    }

    /// Notes whether the kubelet of a node can be asked from now on.
    func note(node: Int32, answers: Bool, at now: Instant) {
        guard answering[node].map({ $0.latest > 0 }) ?? true != answers else { return }
        answering[node, default: RecentValues(1, since: .start)].note(answers ? 1 : 0, at: now, keeping: horizon)
        changed()
    }

    /// Whether the kubelet of a node could be asked at an instant of late.
    private func answers(_ node: Int32, at instant: Instant) -> Bool {
        answering[node].map { $0.value(at: instant) > 0 } ?? true
    }

    /// Notes that answers may be other ones from now on.
    func changed() { lastChange = api.now }

    /// Begins to take the figures of the services anew.
    func beginLook() {
        look += 1
        if !custom.isEmpty { changed() }
    }

    /// What was measured for an answer at `instant` was the same all the time, and has been since.
    func isSteady(since instant: Instant) -> Bool {
        !isRestless && !leaks && lastChange < measured(at: instant) - window
    }

    /// Notes how a service does.
    func note(_ reading: ServiceMeter.Reading, of service: Int, at now: Instant) {
        requests[service].note(reading.requests / 1_000, at: now, keeping: horizon)
        inFlight[service].note(reading.inFlight, at: now, keeping: horizon)
        endpoints[service].note(Int64(reading.endpoints), at: now, keeping: horizon)
    }

    /// The end of the stretch that the latest round of the server measured.
    private var measuredUntil: Instant { measured(at: api.now) }

    private func measured(at instant: Instant) -> Instant {
        let round = instant.nanoseconds / resolution.nanoseconds * resolution.nanoseconds
        return Instant(nanoseconds: round) - delay
    }

    private func check() throws(MetricsError) {
        guard outages == 0 else { throw MetricsError("the server is currently unable to handle the request") }
    }

    // MARK: - Resources

    func usage(of pod: UID, container: String?, resource: ResourceName) throws(MetricsError) -> PodSample? {
        try check()
        let end = measuredUntil
        guard let meter = meters[pod], answers(meter.node, at: end) else { return nil }
        let hasEarlier = answers(meter.node, at: end - window)
        var (sum, longest): (Int64, Duration?) = (0, nil)
        for part in meter.containers.indices {
            // One that does not run is left out; one that has just been started keeps back the whole pod.
            guard let run = meter.containers[part].run(at: end) else { continue }
            let begin = max(end - window, run.since)
            guard end - begin >= min(window, Self.leastWindow) else { return nil }
            // What it had used by then nobody knows.
            guard hasEarlier || begin > end - window else { return nil }
            guard container == nil || meter.containers[part].container == container else { continue }
            longest = max(longest ?? .zero, end - begin)
            switch resource {
            case .cpu: sum += meter.containers[part].cpu.mean(from: begin, to: end)
            case .memory: sum += meter.containers[part].memory(at: end) * 1_000
            default: return nil
            }
        }
        return longest.map { PodSample(value: sum, timestamp: end, window: $0) }
    }

    // MARK: - Custom and external metrics

    func podMetric(
        _ name: String, selector: LabelSelector?, namespace: String, pod: UID
    ) throws(MetricsError) -> PodSample? {
        try check()
        var isKnown = false
        for (place, metric) in custom.enumerated() where metric.name == name && metric.namespace == namespace {
            guard case .pods = metric.subject else { continue }
            isKnown = true
            guard let meter = meters[pod], meter.metrics[place] else { continue }
            let end = measuredUntil
            guard meter.start <= end else { continue }
            let value: Int64
            switch metric.source {
            case .curve(let curve): value = curve.value(at: end, on: clock)
            case .service(let service, let figure):
                let isListed = meter.servicesLook == look && meter.services.contains(service)
                let count = endpoints[service].value(at: end)
                value = isListed && count > 0 ? self.value(figure, of: service, at: end) / count : 0
            }
            return PodSample(value: value, timestamp: end, window: window)
        }
        if !isKnown { throw MetricsError("the server could not find the metric \(name) for pods") }
        return nil
    }

    func objectMetric(
        _ name: String, selector: LabelSelector?, of object: ObjectKey
    ) throws(MetricsError) -> Int64 {
        try check()
        for metric in custom where metric.name == name {
            guard case .object(let key) = metric.subject, key == object else { continue }
            return value(of: metric)
        }
        throw MetricsError("the server could not find the metric \(name) for \(object.kind.name) \(object.name)")
    }

    func externalMetric(
        _ name: String, selector: LabelSelector?, namespace: String
    ) throws(MetricsError) -> [Int64] {
        try check()
        var series: [Int64] = []
        for metric in custom where metric.name == name && metric.namespace == namespace {
            guard case .external(let labels) = metric.subject, selector?.matches(labels) ?? true else { continue }
            series.append(value(of: metric))
        }
        return series
    }

    private func value(of metric: CustomMetric) -> Int64 {
        let end = measuredUntil
        return switch metric.source {
        case .curve(let curve): curve.value(at: max(.start, end), on: clock)
        case .service(let service, let figure): value(figure, of: service, at: end)
        }
    }

    private func value(_ figure: CustomMetric.Figure, of service: Int, at instant: Instant) -> Int64 {
        switch figure {
        case .requestsPerSecond: requests[service].value(at: instant)
        case .inFlight: inFlight[service].value(at: instant)
        }
    }
}
