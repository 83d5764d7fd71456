package import Chronology
import ControlPlane
import KubernetesAPI
package import Observations
package import RunDatabase
package import Simulation
import VirtualTime

/// A run that is repeated out of its database and looked at as Prometheus would look at a cluster.
///
/// The database keeps what a run came to, not every status of every object. They are all there once more when the run is
/// repeated, and that it is the same run is shown by its digests. What is seen goes into a spool.
package struct ClusterRecording {
    /// What a run that reached its end came to.
    package struct End: Hashable, Sendable {
        package let events: Int64
        package let digest: String

        package init(events: Int64, digest: String) {
            self.events = events
            self.digest = digest
        }
    }

    /// An object at its last change.
    private struct Known {
        var version: Int64
        var look: Int64
        var series: [OpenSeries]
    }

    package let plan: ExportPlan
    private var world: World
    private let watch: RunWatch
    private let spool: SeriesSpool
    private var known: [UID: Known] = [:]
    private var order: [UID] = []
    private var book = SeriesBook()
    private var usage = UsageLedger()
    private var look: Int64 = 0
    private var eventsSeen: Int64 = -1
    private let end: End?
    private var failure: RunDatabaseError?
    private static let proofChunk = 256

    /// Creates the repeated run at its start; `checkpoints` are those that the database has, `end` is what the run came to, or
    /// nil when it did not reach its end.
    package init(
        _ setup: WorldSetup, _ plan: ExportPlan, checkpoints: [CheckpointRow], end: End?, into spool: SeriesSpool
    ) {
        self.plan = plan
        self.spool = spool
        self.end = end
        watch = RunWatch(recorded: checkpoints)
        world = World(setup, observer: watch)
    }

    /// How far it is.
    package var now: Instant { world.now }
    /// The events carried out so far.
    package var events: Int64 { world.events }
    /// The number of events after which the run is found not to be the recorded one; nil when it is.
    package private(set) var difference: Int64?

    /// Goes on to the next look and takes it; returns false when there is none left.
    package mutating func advance() throws(RunDatabaseError) -> Bool {
        guard look < plan.count, difference == nil else { return false }
        let instant = plan.look(look)
        while let next = world.nextInstant, next <= instant, next <= world.end, world.run(events: 1) {}
        try take(at: instant)
        look += 1
        if look == plan.count { try close() }
        difference = watch.difference
        return look < plan.count && difference == nil
    }

    private mutating func take(at instant: Instant) throws(RunDatabaseError) {
        let at = instant.nanoseconds
        if world.events != eventsSeen {
            takeObjects(at: at)
            takeTargets(at: at)
            eventsSeen = world.events
        }
        takeUsage(at: instant)
        if let failure { throw failure }
    }

    private mutating func takeObjects(at: Int64) {
        var offset = 0
        for exporter in KindExporter.all {
            for object in world.view.objects(of: exporter.kind, namespace: nil) {
                note(object, exporter, offset: offset, at: at)
            }
            offset += exporter.families.count
        }
        var living: [UID] = []
        for uid in order {
            guard let object = known[uid], object.look != look else {
                living.append(uid)
                continue
            }
            for series in object.series { end(series, at: at) }
            known[uid] = nil
        }
        order = living
    }

    /// Tells of an object when it is another than at the last look.
    private mutating func note(_ object: KubernetesObject, _ exporter: KindExporter, offset: Int, at: Int64) {
        let uid = object.uid
        let before = known[uid]
        if before?.version == object.resourceVersion {
            known[uid]?.look = look
            return
        }
        if before == nil { order.append(uid) }
        var rest = before?.series ?? []
        var series: [OpenSeries] = []
        for reading in exporter.readings(of: object, watch.context, offset: offset) {
            let value = number(reading.value)
            func isSame(_ open: OpenSeries) -> Bool { open.family == reading.family && open.labels == reading.labels }
            // What is told twice is told once.
            guard !series.contains(where: isSame) else { continue }
            if let place = rest.firstIndex(where: isSame) {
                let open = rest.remove(at: place)
                if open.value == value {
                    series.append(open)
                    continue
                }
                end(open, at: at)
            }
            series.append(OpenSeries(family: reading.family, labels: reading.labels, value: value, since: at))
        }
        for open in rest { end(open, at: at) }
        known[uid] = Known(version: object.resourceVersion, look: look, series: series)
    }

    private mutating func takeUsage(at instant: Instant) {
        var survey: [Int32: [ContainerUsage]] = [:]
        world.surveyUsage(at: instant) { survey[$0.pod, default: []].append($0) }
        var ended: [OpenSeries] = []
        let at = instant.nanoseconds
        // The kubelet of a machine that is not heard of answers nobody.
        let answering = Set(world.view.nodes().filter(\.isReady).map(\.metadata.name))
        for case .pod(let pod) in world.view.objects(of: .pod, namespace: nil)
        where pod.status.phase == .running && answering.contains(pod.nodeName ?? "") {
            let told = watch.rows[pod.metadata.uid].flatMap { survey[$0] } ?? []
            usage.note(pod, told, look: look, at: at) { ended.append($0) }
        }
        usage.removeStale(look: look) { ended.append($0) }
        for series in ended { end(series, at: at) }
    }

    /// Tells which targets answer, and what kubelets count.
    private mutating func takeTargets(at: Int64) {
        // Faults strike single controllers; the process around them goes on.
        for target in [MetricTarget.kubeStateMetrics, .controllerManager] { set(.up, target.labels, 1, at: at) }
        for case .node(let node) in world.view.objects(of: .node, namespace: nil) {
            let name = node.metadata.name
            let kubelet = MetricTarget.kubelet(node: name)
            for target in [kubelet, .cadvisor(node: name), .proxy(node: name)] {
                set(.up, target.labels, node.isReady ? 1 : 0, at: at)
            }
            guard node.isReady else { continue }
            var counts = (pods: 0, containers: 0)
            for pod in world.view.pods(onNode: name) where pod.status.phase == .running {
                let running = pod.status.containerStatuses.count { if case .running = $0.state { true } else { false } }
                counts.pods += running > 0 ? 1 : 0
                counts.containers += running
            }
            set(.runningPods, kubelet.labels, Double(counts.pods), at: at)
            set(
                .runningContainers, [("container_state", "running")] + kubelet.labels, Double(counts.containers), at: at
            )
        }
        for series in book.removeStale(look: look) { end(series, at: at) }
    }

    private mutating func set(_ derived: DerivedFamily, _ labels: [(String, String)], _ value: Double, at: Int64) {
        if let series = book.set(derived, LabelText.of(labels), value, look: look, at: at) { end(series, at: at) }
    }

    /// Ends everything that goes on, one step after the last look, which so has a sample of it.
    private mutating func close() throws(RunDatabaseError) {
        let at = plan.look(plan.count).nanoseconds
        for uid in order { for series in known[uid]?.series ?? [] { end(series, at: at) } }
        var ended = book.removeStale(look: -1)
        usage.removeStale(look: -1) { ended.append($0) }
        for series in ended { end(series, at: at) }
        prove()
        if let failure { throw failure }
    }

    /// Goes on to where it shows whether everything up to the last look was as recorded: the next checkpoint, or the end.
    private mutating func prove() {
        // What stands there before the first event shows nothing yet.
        let seen = max(1, world.events)
        if plan.to < world.end {
            while watch.difference == nil, watch.compared < seen, !watch.isExhausted {
                if !world.run(events: Self.proofChunk) { break }
            }
            if watch.difference != nil || watch.compared >= seen && !world.isFinished { return }
        }
        guard let end else {
            // A run that was stopped is known as far as its last checkpoint.
            if !watch.isExhausted { watch.differs(after: world.events) }
            return
        }
        world.run()
        if !watch.isExhausted || end.events != world.events || end.digest != world.digest.description {
            watch.differs(after: min(end.events, world.events))
        }
    }

    private mutating func end(_ series: OpenSeries, at: Int64) {
        guard at > series.since, failure == nil else { return }
        do {
            try spool.add(series.stretch(to: at), to: series.family)
        } catch {
            failure = error
        }
    }

    private func number(_ value: MetricSample.Value) -> Double {
        switch value {
        case .number(let number): number
        case .time(let instant): Double(world.setup.startDate.unixTime(of: instant).seconds)
        }
    }
}
