package import Chronology
import KubernetesAPI
import SchedulingFramework

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
    /// Pods that have a node but are not seen bound yet, with what the queue knew of them.
    var assumed: [UID: QueuedPod] = [:]
    /// What plugins set aside for those among them.
    var reservations: [UID: Reservation] = [:]

    /// Creates a scheduler that knows of no object yet.
    package init(configuration: SchedulerConfiguration = SchedulerConfiguration(), now: Instant) {
        self.configuration = configuration
        profiles = configuration.profiles.map { CompiledProfile($0) }
        cache = NodeCache(interleavesZones: configuration.mode == .upstream)
        cache.snapshot.storage.countsClaimsAsBound = configuration.claims == .countedAsBound
        queue = SchedulingQueue(settings: configuration, profiles: profiles, start: now)
        cache.watchesRules = configuration.usesShapeMemo && profiles.contains { $0.topology != nil }
        search = NodeSearch(mode: configuration.mode, percentage: configuration.percentageOfNodesToScore)
    }

    /// Returns a scheduler in the same state that goes its own way.
    package func fork() -> PodScheduler {
        var copy = self
        copy.cache = cache.copied()
        // Memos are shared classes; they fill again quickly.
        copy.shapes.removeMemos()
        copy.topology = TopologyTable()
        return copy
    }

    /// Names in the configuration that no plugin answers to, in order of appearance.
    package var unknownPlugins: [String] { profiles.flatMap(\.unknown).map(\.text) }

    /// How many pods wait where.
    package var counts: QueueCounts {
        var counts = queue.counts
        counts.assumed = assumed.count
        return counts
    }

    /// Whether `attempt` would take a pod at `now`.
    package mutating func hasReadyPods(now: Instant) -> Bool { queue.isReady(now: now) }

    /// When something becomes ready by itself: the end of a back-off, or of a long wait.
    package var nextWakeup: Instant? {
        mutating get { queue.nextWakeup() }
    }

    /// Lets time pass: what is due by `now` goes back in line.
    package mutating func advance(to now: Instant) { queue.advance(to: now) }

    /// The index of the profile that is responsible for pods with this scheduler name.
    func profile(named name: String) -> Int? { profiles.firstIndex { $0.schedulerName == name } }

    mutating func info(_ pod: Pod) -> PodInfo { PodInfo(pod, shape: shapes.shape(of: pod.specBox)) }
}
