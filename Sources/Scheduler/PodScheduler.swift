package import Chronology
package import KubernetesAPI
package import SchedulingFramework

// Kubernetes counterpart: pkg/scheduler scheduler.go, schedule_one.go (v1.36).
// Deliberate differences: an attempt is one step without a clock; the host models its duration, and sends what it asks for.

/// A scheduler: it watches the cluster, keeps a queue, and finds a node for one pod at a time.
///
/// It holds shared storage: copy it with `fork`, never by assignment.
package struct PodScheduler {
    var configuration: SchedulerConfiguration
    let profiles: [CompiledProfile]
    var cache: NodeCache
    var queue: SchedulingQueue
    var shapes = ShapeTable()
    var topology = TopologyTable()
    var nominator = Nominator()
    var search: NodeSearch
    /// Pods that have a node but are not seen bound yet.
    var bindings: [UID: Binding] = [:]
    /// Those among `bindings` that wait for permission or for the cluster, in the order in which they began to.
    var sleepers: [UID] = []
    /// Bindings under way whose pod was deleted meanwhile.
    var orphans: [UID: Binding] = [:]
    var bindingTasks: [BindingTask] = []
    var preemptions = PreemptionLedger()
    /// Those that the last attempt passed over because they are being deleted, in order.
    package internal(set) var departingPods: [ObjectKey] = []
    /// The processes outside that have a say, or nil.
    var extenders: ExtenderChain?

    /// Creates a scheduler that knows of no object yet.
    package init(configuration: SchedulerConfiguration = SchedulerConfiguration(), now: Instant) {
        self.configuration = configuration
        profiles = configuration.profiles.map { CompiledProfile($0, extenders: configuration.extenders) }
        cache = NodeCache(interleavesZones: configuration.mode == .upstream)
        cache.snapshot.storage.volumeOrder = configuration.volumeOrder
        cache.snapshot.storage.countsClaimsAsBound = configuration.claims == .countedAsBound
        queue = SchedulingQueue(settings: configuration, profiles: profiles, start: now)
        cache.watchesRules = configuration.usesShapeMemo && profiles.contains { $0.topology != nil }
        search = NodeSearch(mode: configuration.mode, percentage: configuration.percentageOfNodesToScore)
    }

    /// Connects the configured extenders; without this call they are left out. Instants are told as dates from
    /// `startDate` on.
    package mutating func connectExtenders(over transport: any ExtenderTransport, startDate: StartDate) {
        guard !configuration.extenders.isEmpty else { return }
        extenders = ExtenderChain(configuration.extenders, transport: transport, startDate: startDate)
    }

    /// Returns a scheduler in the same state that goes its own way.
    package func fork() -> PodScheduler {
        var copy = self
        copy.cache = cache.copied()
        // Memos are shared classes; they fill again quickly.
        copy.shapes.removeMemos()
        copy.bindings = bindings.mapValues { $0.copied() }
        copy.orphans = orphans.mapValues { $0.copied() }
        copy.topology = TopologyTable()
        return copy
    }

    /// Names in the configuration that no plugin answers to, in order of appearance.
    package var unknownPlugins: [String] { profiles.flatMap(\.unknown).map(\.text) }

    /// What the scheduler believes of the node named `name`; for looking only.
    package func node(_ name: String) -> NodeInfo? { cache.node(name) }

    /// How many pods wait where.
    package var counts: QueueCounts {
        var counts = queue.counts
        counts.assumed = bindings.count
        return counts
    }

    /// Whether `attempt` would take a pod at `now`.
    package mutating func hasReadyPods(now: Instant) -> Bool { queue.isReady(now: now) }

    /// When something happens by itself: the end of a back-off, of a long wait, or of a permission that did not come, or
    /// another look of a pre-bind plugin.
    package var nextWakeup: Instant? {
        mutating get {
            var next = queue.nextWakeup()
            if let due = nextBindingMoment { next = min(next ?? .never, due) }
            if let due = preemptions.nextExpiry { next = min(next ?? .never, due) }
            if let due = queue.gangs.nextRelease { next = min(next ?? .never, due) }
            return next
        }
    }

    /// Lets time pass: what is due by `now` goes back in line.
    package mutating func advance(to now: Instant) {
        if !sleepers.isEmpty { advanceBindings(to: now) }
        if !preemptions.isEmpty { expirePreemptions(now: now) }
        for uid in queue.gangs.release(now: now) { queue.reenter(uid, now: now) }
        queue.advance(to: now)
    }

    /// The index of the profile that is responsible for pods with this scheduler name.
    func profile(named name: String) -> Int? { profiles.firstIndex { $0.schedulerName == name } }

    /// Returns what the scheduler keeps of `pod`; `known` is what it kept of an older version.
    mutating func info(_ pod: Pod, known: PodInfo? = nil) -> PodInfo {
        // Nearly every newer version has the spec and the annotations of the one before.
        if let known, known.pod.specBox === pod.specBox, known.pod.metadata.sharesParts(with: pod.metadata) {
            return PodInfo(pod, shape: known.shape)
        }
        return PodInfo(pod, shape: shapes.shape(of: pod))
    }
}
