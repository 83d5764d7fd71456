package import Chronology
import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI
import Scheduler

/// How long things take in a replay; about as long as on the machine that recorded.
package struct ReplayPace: Sendable {
    /// The time for a change to reach those who watch.
    package var watch = Duration.milliseconds(10)
    /// The time that a request takes; a client sends one at a time.
    package var write = Duration.milliseconds(20)
    /// The time to find a node.
    package var scheduling = Duration.milliseconds(10)
    /// The time that a kubelet takes to start a pod that it sees.
    package var start = Duration.milliseconds(100)
    /// The time that a kubelet takes from one request about a pod to the next: longer than controllers take to see the first
    /// and act on it, or recorded daemon sets could not have replaced pods that were still there.
    package var kubeletRequest = Duration.milliseconds(40)

    package init() {}
}

/// A small cluster under virtual time: our API server, our controllers, our scheduler and a scripted kubelet.
///
/// It is not the World: delays are short and fixed, and nothing is recorded but what the recorded traces tell.
final class ReplayCluster {
    /// The controllers that did not run when the traces were recorded.
    private static let absent = [
        EndpointsReconciler.name, EndpointSliceReconciler.name, EphemeralVolumeReconciler.name,
        VolumeProtectionReconciler.name,
    ]

    let pace: ReplayPace
    let view: StoreView
    private(set) var now: Instant
    /// The time of the last change of an object of the case.
    private(set) var lastChange: Instant
    /// The object that the last creation made.
    private(set) var created: KubernetesObject?
    var trace: ControllerTrace
    var kubelet: FakeKubelet
    private var agenda = ReplayAgenda()
    private let hosts: [ReplayHost]
    private var scheduler: PodScheduler
    private var isCycleScheduled = false
    private var schedulerWakeAt = Instant.never

    /// Creates an empty cluster at `start`.
    init(start: Instant, kubelet: FakeKubelet, trace: ControllerTrace, pace: ReplayPace) {
        self.pace = pace
        now = start
        lastChange = start
        view = StoreView(ObjectStore(seed: 1, now: start))
        hosts = ControllerRegistry.all.filter { !Self.absent.contains($0.name) }.map { ReplayHost($0) }
        var configuration = SchedulerConfiguration()
        configuration.mode = .upstream
        configuration.claims = .observed
        scheduler = PodScheduler(configuration: configuration, now: start)
        self.kubelet = kubelet
        self.trace = trace
        for host in hosts {
            if let period = host.settings.period { callPeriodically(host, period) }
        }
    }

    /// Plans `body` for `due`.
    func at(_ due: Instant, _ body: @escaping () -> Void) { agenda.add(at: max(due, now), body) }

    /// Lets time pass until `isDone` or until `end`.
    func run(until end: Instant, isDone: () -> Bool = { false }) {
        while !isDone() {
            guard let due = agenda.nextDue, due <= end, let next = agenda.take() else { break }
            now = next.due
            view.store.now = now
            next.body()
        }
        if !isDone() { now = max(now, end) }
    }

    /// Sends a request that is answered at once, and tells everybody of what it changed.
    @discardableResult
    func apply(_ action: Action) -> ActionError? {
        var changes: [WatchEvent] = []
        do {
            try view.store.apply(action, now: now, into: &changes)
        } catch {
            return error
        }
        publish(changes)
        if case .create = action { created = changes.last?.object }
        return nil
    }

    /// Adds an object as it stands.
    func load(_ object: KubernetesObject) {
        var changes: [WatchEvent] = []
        do { try view.store.load(object, now: now, into: &changes) } catch { return }
        publish(changes)
    }

    private func publish(_ changes: [WatchEvent]) {
        if changes.isEmpty { return }
        for change in changes {
            if case .lease = change.object { continue }
            lastChange = now
            trace.note(change, now: now, in: view)
        }
        at(now + pace.watch) { [unowned self] in deliver(changes) }
    }

    private func deliver(_ changes: [WatchEvent]) {
        for change in changes {
            let facets = ChangeFacets(change)
            for host in hosts where host.interest.includes(facets) {
                for key in host.reconciler.keys(for: change, in: view) { host.queue.add(key) }
            }
            scheduler.observe(change, now: now)
            observeForKubelet(change)
        }
        for host in hosts where host.queue.count > 0 { serve(host) }
        keepSchedulerGoing()
    }
}

// MARK: - Controllers

extension ReplayCluster {
    private func callPeriodically(_ host: ReplayHost, _ period: Duration) {
        at(now + period) { [unowned self] in
            host.queue.add(ReconcilerSettings.periodicKey)
            serve(host)
            callPeriodically(host, period)
        }
    }

    /// Puts free workers to work.
    private func serve(_ host: ReplayHost) {
        while host.busy < host.settings.workers, let key = host.queue.take() {
            let result = host.reconciler.reconcile(key, in: view)
            for event in result.events { trace.note(event, source: host.name) }
            guard !result.actions.isEmpty else {
                finish(key, result, failed: result.retry, host)
                continue
            }
            host.busy += 1
            let wait = pace.write * Int64(RequestGroup.roundTrips(of: result.actions[0]))
            at(host.nextRequest(now, wait)) { [unowned self] in send(result, key, 0, host) }
        }
    }

    /// Applies a group of the requests of one call, and then the next; an error ends them.
    private func send(_ result: ReconcileResult, _ key: ObjectKey, _ place: Int, _ host: ReplayHost, previous: Int = 0)
    {
        let size = RequestGroup.size(of: result.actions, from: place, after: previous)
        var hasFailed = false
        for index in place..<place + size {
            let action = result.actions[index]
            let error = apply(action)
            if error == nil { for event in result.events(of: index) { trace.note(event, source: host.name) } }
            if case .create = action, error == nil, let created {
                host.reconciler.observe(.create(created), error: nil)
            } else {
                host.reconciler.observe(action, error: error)
            }
            if error?.callsForRetry ?? false { hasFailed = true }
        }
        let next = place + size
        guard !hasFailed, next < result.actions.count else {
            host.busy -= 1
            finish(key, result, failed: hasFailed || result.retry, host)
            serve(host)
            return
        }
        let wait = pace.write * Int64(RequestGroup.roundTrips(of: result.actions[next]))
        at(host.nextRequest(now, wait)) { [unowned self] in send(result, key, next, host, previous: size) }
    }

    private func finish(_ key: ObjectKey, _ result: ReconcileResult, failed: Bool, _ host: ReplayHost) {
        let givesUp = failed && host.queue.hasFailed(key, times: host.settings.retries)
        host.queue.finish(key)
        if failed, !givesUp {
            delay(key, until: now + host.queue.retryDelay(key, now: now), host)
        } else {
            host.queue.forget(key)
            if !failed, let wait = result.recheckAfter { delay(key, until: now + wait, host) }
        }
    }

    private func delay(_ key: ObjectKey, until due: Instant, _ host: ReplayHost) {
        guard host.delay(key, until: due) else { return }
        at(due) { [unowned self] in
            host.delayEnded(key, now: now)
            serve(host)
        }
    }
}

// MARK: - Scheduler

extension ReplayCluster {
    private func keepSchedulerGoing() {
        if isCycleScheduled { return }
        if scheduler.hasReadyPods(now: now) {
            isCycleScheduled = true
            at(now + pace.scheduling) { [unowned self] in runSchedulingCycle() }
        } else if let wake = scheduler.nextWakeup, wake < schedulerWakeAt {
            schedulerWakeAt = max(wake, now + .milliseconds(1))
            at(schedulerWakeAt) { [unowned self] in
                schedulerWakeAt = .never
                scheduler.advance(to: now)
                keepSchedulerGoing()
            }
        }
    }

    private func runSchedulingCycle() {
        isCycleScheduled = false
        scheduler.advance(to: now)
        if let attempt = scheduler.attempt(now: now) {
            switch attempt.outcome {
            case .assumed(let node):
                at(now + pace.write) { [unowned self] in
                    let error = apply(.bind(pod: attempt.pod, uid: attempt.uid, node: node))
                    scheduler.bindFinished(pod: attempt.uid, node: node, succeeded: error == nil, now: now)
                    keepSchedulerGoing()
                }
            case .unschedulable:
                let condition = Condition(
                    Condition.podScheduled, .false, reason: "Unschedulable", message: attempt.message, at: now)
                apply(.patchPodStatus(attempt.pod, uid: attempt.uid, PodStatusPatch(conditions: [condition])))
            case .error: break
            }
        }
        keepSchedulerGoing()
    }
}
