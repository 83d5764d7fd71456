import Autoscalers
import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines

// Deliberate differences: recommender and updater look at whole minutes, one after the other; what they read is the present
// state, and their requests reach the API server at the instant of the look.

extension World {
    /// Looks at the VerticalPodAutoscalers every minute from now on, and follows what pods use.
    mutating func beginVerticalAutoscaling() {
        beginMetering()
        guard !verticals.isOn else { return }
        verticals.isOn = true
        scheduleVerticalLook()
    }

    private mutating func scheduleVerticalLook() {
        let grid = ClusterRecommender.interval.nanoseconds
        enqueue(.verticalAutoscaler, at: Instant(nanoseconds: (now.nanoseconds / grid + 1) * grid))
    }

    /// Recommender and updater look at the cluster.
    mutating func verticalLookIsDue() {
        // Nothing polls in a cluster without such objects.
        guard api.store.count(of: .verticalPodAutoscaler) > 0 else {
            verticals = VerticalDesk()
            return
        }
        scheduleVerticalLook()
        guard condition.isAPIServerUp else { return }
        let result = verticals.recommender.step(in: api)
        for event in result.events { record(event, source: "vpa-recommender") }
        for action in result.actions { request(action) }
        let updater = verticals.updater
        verticals.isEvicting = true
        let evictions = updater.run(in: api) { pod in request(.evict(pod: pod)) }
        verticals.isEvicting = false
        for eviction in evictions { tell(eviction) }
        carryOutEffects()
    }

    private mutating func tell(_ eviction: VerticalUpdater.Eviction) {
        let source = "vpa-updater"
        if let error = eviction.error {
            record(
                EventRecord(
                    eviction.pod, .warning, reason: "FailedEviction", message: "\(error) (\(eviction.change))"),
                source: source)
            return
        }
        record(EventRecord(eviction.pod, reason: "EvictedByVPA", message: eviction.change), source: source)
        record(
            EventRecord(
                eviction.autoscaler, reason: "EvictedPod", message: "\(eviction.pod.name) (\(eviction.change))"),
            source: source)
    }

    /// Tells of a pod that got other requests on its way in than its workload asks for.
    mutating func tellAdmission(of pod: Pod, from original: PodSpecBox) {
        let change = VerticalWords.change(from: original.value, to: pod.spec)
        record(
            EventRecord(pod.key, reason: "RequestsFromVPA", message: change), source: "vpa-admission-controller")
    }
}
