import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework

/// Makers of small objects for the tests.
enum Make {
    static func node(
        _ name: String, cpu: String = "4", memory: Int64 = 16, labels: StringMap = [:], taints: [Taint] = [],
        pods: Int64 = 110
    ) -> Node {
        var node = Node(metadata: ObjectMeta(name: name, labels: labels))
        node.spec.taints = taints
        node.status.allocatable = [
            .cpu: Quantity(milli: milli(cpu)), .memory: Quantity(memory << 30), .pods: Quantity(pods),
        ]
        return node
    }

    static func pod(
        _ name: String, uid: UInt64, cpu: String = "1", memory: Int64 = 1, priority: Int32 = 0,
        edit: (inout PodSpec) -> Void = { _ in }
    ) -> Pod {
        var metadata = ObjectMeta(name: name, namespace: "default")
        metadata.uid = UID(high: 7, low: uid)
        var container = Container(name: "main", image: "registry.example/app:1")
        container.requests = [.cpu: Quantity(milli: milli(cpu)), .memory: Quantity(memory << 30)]
        var spec = PodSpec(containers: [container])
        spec.priority = priority
        edit(&spec)
        return Pod(metadata: metadata, spec: spec)
    }

    static func milli(_ text: String) -> Int64 {
        text.hasSuffix("m") ? Int64(text.dropLast()) ?? 0 : (Int64(text) ?? 0) * 1000
    }
}

extension Instant {
    static func at(_ seconds: Int64) -> Instant { .start + .seconds(seconds) }
}

extension Pod {
    func bound(to node: String) -> Pod {
        var pod = self
        pod.nodeName = node
        return pod
    }
}

extension SchedulingAttempt {
    var node: String? { if case .assumed(let node) = outcome { node } else { nil } }
}

/// A scheduler behind a reference, since the macros of the tests cannot call mutating methods.
final class Subject {
    private var scheduler: PodScheduler

    init(_ configuration: SchedulerConfiguration = SchedulerConfiguration()) {
        scheduler = PodScheduler(configuration: configuration, now: .start)
    }

    private init(_ scheduler: PodScheduler) { self.scheduler = scheduler }

    var counts: QueueCounts { scheduler.counts }
    var nextWakeup: Instant? { scheduler.nextWakeup }

    func observe(_ event: WatchEvent, now: Instant = .start) { scheduler.observe(event, now: now) }
    func wants(_ event: WatchEvent) -> Bool { scheduler.wants(event) }
    func attempt(now: Instant = .start, tieDraw: UInt64 = 0) -> SchedulingAttempt? {
        scheduler.attempt(now: now, tieDraw: tieDraw)
    }
    func advance(to now: Instant) { scheduler.advance(to: now) }
    @discardableResult
    func bindFinished(pod: UID, node: String, succeeded: Bool, now: Instant) -> BindingFailure? {
        scheduler.bindFinished(pod: pod, node: node, succeeded: succeeded, message: "no luck", now: now)
    }
    func writesFinished(pod: UID, succeeded: Bool, now: Instant) {
        scheduler.writesFinished(pod: pod, succeeded: succeeded, message: "conflict", now: now)
    }
    func evictionsFinished(preemptor: UID, succeeded: Bool, now: Instant) {
        scheduler.evictionsFinished(preemptor: preemptor, succeeded: succeeded, now: now)
    }
    var departingPods: [ObjectKey] { scheduler.departingPods }
    func isNews(_ uid: UID, reason: String, _ message: String, nomination: String?? = nil) -> Bool {
        scheduler.isNews(of: uid, reason: reason, message: message, nomination: nomination)
    }
    func takeBindingTasks() -> [BindingTask] { scheduler.takeBindingTasks() }
    var waitingPods: [WaitingPod] { scheduler.waitingPods }
    func allow(_ uid: UID, _ plugin: PluginName, now: Instant) { scheduler.allow(pod: uid, plugin: plugin, now: now) }
    func connectExtenders(_ transport: any ExtenderTransport) {
        scheduler.connectExtenders(over: transport, startDate: StartDate(unixSeconds: 1_700_000_000))
    }
    func fork() -> Subject { Subject(scheduler.fork()) }
}
