import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Controllers

@Suite("The job controller")
struct JobTests {
    private static func host(_ job: Job) -> FakeHost {
        var host = FakeHost([JobReconciler(), TTLAfterFinishedReconciler(), GarbageCollectorReconciler()])
        host.view.add(.job(job))
        host.settle()
        return host
    }

    private static func status(_ host: FakeHost) -> Job.Status {
        host.view.job(namespace: "d", name: "j")?.status ?? Job.Status()
    }

    private static func conditions(_ host: FakeHost) -> [String] {
        status(host).conditions.map { "\($0.type)=\($0.status.rawValue)/\($0.reason)" }
    }

    /// Starts all pods, then ends the running ones with `phase` and waits for the controller.
    private static func finish(_ host: inout FakeHost, _ phase: PodPhase, count: Int = 100) {
        host.kubelet()
        host.run(for: .seconds(2))
        for pod in host.view.pods.filter({ $0.status.phase == .running && !$0.isTerminating }).prefix(count) {
            host.exit(pod, phase)
        }
        host.run(for: .seconds(2))
    }

    @Test("runs completions in waves of parallelism and completes")
    func completions() {
        var host = Self.host(Fixtures.job(5, parallelism: 2))
        #expect(host.view.pods.count == 2)
        #expect(host.view.pods.allSatisfy { $0.metadata.finalizers == [JobPlan.finalizer] })
        for expected: Int64 in [2, 4, 5] {
            Self.finish(&host, .succeeded)
            #expect(Self.status(host).succeeded == expected)
        }
        #expect(host.view.pods.count == 5)
        #expect(host.view.pods.allSatisfy { $0.metadata.finalizers.isEmpty })
        #expect(
            Self.conditions(host) == ["SuccessCriteriaMet=True/CompletionsReached", "Complete=True/CompletionsReached"])
        #expect(Self.status(host).completionTime != nil)
        #expect(Self.status(host).active == 0)
    }

    @Test("lists ended pods before it counts them")
    func uncounted() {
        var job = Fixtures.job(2)
        job.metadata.uid = UID(text: "j")
        var pod = Fixtures.pod("j-1", node: "n", phase: .succeeded, ready: false)
        pod.metadata.finalizers = [JobPlan.finalizer]
        var plan = JobPlan(job, pods: [pod], backoff: JobBackoff(), now: .start)
        plan.run(mayManage: true)
        var statuses: [Job.Status] = []
        for case .updateStatus(.job(let written)) in plan.result.actions { statuses.append(written.status) }
        #expect(statuses.map(\.uncountedSucceeded.count) == [1, 0])
        #expect(statuses.map(\.succeeded) == [0, 1])
    }

    @Test("waits 10 s and then 20 s before it replaces failed pods, and gives up beyond the limit")
    func backoff() {
        var host = Self.host(Fixtures.job(1) { $0.backoffLimit = 2 })
        var starts: [Duration] = []
        var failedAt = Instant.start
        for attempt in 1...3 {
            host.kubelet()
            host.run(for: .seconds(2))
            failedAt = host.view.now
            for pod in host.view.pods where pod.status.phase == .running { host.exit(pod, .failed) }
            host.run(for: .seconds(3))
            #expect(Self.status(host).failed == Int64(attempt))
            while host.view.pods.count == attempt, attempt < 3 { host.run(for: .milliseconds(500)) }
            if let last = host.view.pods.last, attempt < 3 {
                starts.append(last.metadata.creationTimestamp - failedAt)
            }
        }
        #expect(starts == [.seconds(10), .seconds(20)])
        host.run(for: .seconds(60))
        #expect(host.view.pods.count == 3)
        #expect(
            Self.conditions(host) == ["FailureTarget=True/BackoffLimitExceeded", "Failed=True/BackoffLimitExceeded"])
    }

    @Test("goes on counting the pods that run while it waits", arguments: [nil, 2] as [Int64?])
    func activeWhileWaiting(limitPerIndex: Int64?) {
        var job = Fixtures.job(2, parallelism: 2) {
            $0.indexed = limitPerIndex != nil; $0.backoffLimitPerIndex = limitPerIndex
        }
        job.metadata.uid = UID(text: "j")
        var pods = [Fixtures.pod("running", node: "n"), Fixtures.pod("ended", phase: .failed, ready: false)]
        for index in pods.indices {
            pods[index].metadata.finalizers = [JobPlan.finalizer]
            pods[index].metadata.annotations[JobPlan.indexAnnotation] = String(index)
        }
        var plan = JobPlan(job, pods: pods, backoff: JobBackoff(), now: Instant.start + .seconds(1))
        plan.run(mayManage: true)
        #expect(plan.created == 0)
        #expect(plan.result.recheckAfter == .seconds(9))
        #expect(plan.status.active == 1)
        #expect(plan.status.ready == 1)
    }

    @Test(
        "deletes of two surplus pods the one that comes first in the order of active pods",
        arguments: [
            ("not assigned", { $0.nodeName = nil }, { $0.status.phase = .pending }),
            ("pending", { $0.status.phase = .pending }, { $0.status.conditions = [] }),
            ("not ready", { $0.status.conditions = [] }, { $0.metadata.creationTimestamp = Instant.start + .days(1) }),
            ("ready a second later", ready(after: .seconds(11)), ready(after: .seconds(10))),
            (
                "not by parts of a second", uid("a"),
                {
                    ready(after: .milliseconds(10_900))(&$0); uid("b")(&$0)
                }
            ),
            ("restarted more often", { restart("c", 2)(&$0) }, { restart("c", 1)(&$0) }),
            ("whose sidecar restarted", sidecar(1), { $0.metadata.creationTimestamp = Instant.start + .days(1) }),
            ("created later", { $0.metadata.creationTimestamp = Instant.start + .seconds(1_001) }, { _ in }),
            (
                "whatever its cost of deletion", { $0.metadata.creationTimestamp = Instant.start + .seconds(1_001) },
                { $0.metadata.annotations["controller.kubernetes.io/pod-deletion-cost"] = "-5" }
            ),
        ] as [(String, @Sendable (inout Pod) -> Void, @Sendable (inout Pod) -> Void)])
    func surplus(
        _ name: String, _ first: @escaping @Sendable (inout Pod) -> Void,
        _ second: @escaping @Sendable (inout Pod) -> Void
    ) {
        var pods: [Pod] = []
        for change in [second, first] {
            var pod = Fixtures.pod("p\(pods.count)", node: "n")
            pod.metadata.creationTimestamp = Instant.start + .seconds(1_000)
            Self.ready(after: .seconds(10))(&pod)
            change(&pod)
            pods.append(pod)
        }
        #expect(JobPodRank.first(1, of: pods).map(\.metadata.uid) == [pods[1].metadata.uid], "\(name)")
    }

    private static func ready(after wait: Duration) -> @Sendable (inout Pod) -> Void {
        { $0.status.conditions = [Condition("Ready", .true, at: Instant.start + wait)] }
    }

    private static func uid(_ text: String) -> @Sendable (inout Pod) -> Void {
        { $0.metadata.uid = UID(high: 0, low: UInt64(text.utf8.first ?? 0)) }
    }

    private static func restart(_ container: String, _ count: Int32) -> @Sendable (inout Pod) -> Void {
        { pod in
            var status = ContainerStatus(name: container)
            status.restartCount = count
            pod.status.containerStatuses.append(status)
        }
    }

    private static func sidecar(_ count: Int32) -> @Sendable (inout Pod) -> Void {
        { pod in
            var container = Container(name: "s", image: "s")
            container.restartPolicy = .always
            pod.spec.initContainers = [container]
            var status = ContainerStatus(name: "s")
            status.restartCount = count
            pod.status.initContainerStatuses = [status]
        }
    }

    @Test("doubles the back-off up to ten minutes", arguments: [(1, 10), (2, 20), (6, 320), (7, 600), (30, 600)])
    func backoffTable(failures: Int, seconds: Int64) {
        let pods = (0..<failures).map { Fixtures.pod("p\($0)", phase: .failed, ready: false) }
        let backoff = JobBackoff().adding(succeeded: [], failed: pods)
        #expect(backoff.remaining(now: .start) == .seconds(seconds))
        #expect(backoff.remaining(now: .start + .seconds(seconds)) == .zero)
    }

    @Test("ends a job that runs past its deadline, deleting its pods first")
    func deadline() {
        var host = Self.host(Fixtures.job(1) { $0.activeDeadlineSeconds = 5 })
        host.kubelet()
        host.run(for: .seconds(6))
        #expect(Self.conditions(host) == ["FailureTarget=True/DeadlineExceeded"])
        #expect(Self.status(host).failed == 1)
        #expect(Self.status(host).terminating == 1)
        host.kubelet()
        host.run(for: .seconds(2))
        #expect(Self.conditions(host).last == "Failed=True/DeadlineExceeded")
        #expect(Self.status(host).terminating == 0)
    }

    @Test("gives each index a pod and lists the completed ones")
    func indexed() {
        var host = Self.host(Fixtures.job(5, parallelism: 3) { $0.indexed = true })
        #expect(host.view.pods.map { $0.metadata.annotations[JobPlan.indexAnnotation] } == ["0", "1", "2"])
        Self.finish(&host, .succeeded, count: 2)
        #expect(Self.status(host).completedIndexes == "0,1")
        #expect(host.view.pods.map { $0.metadata.annotations[JobPlan.indexAnnotation] } == ["0", "1", "2", "3", "4"])
        Self.finish(&host, .succeeded)
        #expect(Self.status(host).completedIndexes == "0-4")
        #expect(Self.status(host).succeeded == 5)
        #expect(Self.conditions(host).last == "Complete=True/CompletionsReached")
    }

    @Test(
        "reads and writes index lists as the API does",
        arguments: [
            ("", 10, "", 0), ("0-4", 10, "0-4", 5), ("0,1,3", 10, "0,1,3", 3), ("0-4,5", 10, "0-5", 6),
            ("2-8", 4, "2,3", 2),
            ("x,3", 10, "3", 1),
        ])
    func indexes(text: String, limit: Int64, written: String, total: Int64) {
        let indexes = IndexIntervals(parsing: text, limit: limit)
        #expect(indexes.description == written)
        #expect(indexes.total == total)
    }

    @Test("agrees with a plain set of indexes, whatever the order of insertion")
    func indexProperty() {
        var state: UInt64 = 42
        for _ in 0..<50 {
            var intervals = IndexIntervals()
            var plain: Set<Int64> = []
            for _ in 0..<30 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let index = Int64(state >> 59)
                intervals.insert(index)
                plain.insert(index)
            }
            #expect(intervals.total == Int64(plain.count))
            #expect((0..<40).allSatisfy { intervals.contains($0) == plain.contains($0) })
            #expect(IndexIntervals(parsing: intervals.description, limit: 40) == intervals)
        }
    }

    @Test("deletes its pods while suspended, and starts its clock again when resumed")
    func suspend() {
        var host = Self.host(
            Fixtures.job(1) {
                $0.suspend = true; $0.activeDeadlineSeconds = 30
            })
        #expect(host.view.pods.isEmpty)
        #expect(Self.conditions(host) == ["Suspended=True/JobSuspended"])
        host.run(for: .seconds(100))
        host.view.change(Fixtures.key(.job, "j"), spec: true) { object in
            guard case .job(var job) = object else { return }
            job.spec.suspend = false
            object = .job(job)
        }
        host.settle()
        #expect(Self.conditions(host) == ["Suspended=False/JobResumed"])
        #expect(Self.status(host).startTime == .start + .seconds(100))
        #expect(host.view.pods.count == 1)
    }

    @Test("ends a work queue when one pod succeeded and none runs")
    func workQueue() {
        var host = Self.host(Fixtures.job(nil, parallelism: 3))
        Self.finish(&host, .succeeded, count: 1)
        #expect(Self.status(host).succeeded == 1)
        #expect(host.view.pods.count == 3)
        #expect(Self.conditions(host).isEmpty)
        Self.finish(&host, .succeeded)
        #expect(Self.conditions(host).last == "Complete=True/CompletionsReached")
    }

    @Test("counts restarts against the limit when pods restart in place")
    func onFailure() {
        var host = Self.host(
            Fixtures.job(1) {
                $0.backoffLimit = 2; $0.template.spec.restartPolicy = .onFailure
            })
        host.kubelet()
        let key = host.view.pods[0].key
        host.view.changePod(key) {
            var container = ContainerStatus(name: "c")
            container.restartCount = 2
            $0.status.containerStatuses = [container]
        }
        host.run(for: .seconds(2))
        #expect(Self.conditions(host) == ["FailureTarget=True/BackoffLimitExceeded"])
    }

    @Test("lets a pod go that loses the job's label, replaces it, and takes it back with the label")
    func relabelled() {
        let label = "batch.kubernetes.io/controller-uid"
        var host = Self.host(Fixtures.job(1))
        host.kubelet()
        host.run(for: .seconds(2))
        let pod = host.view.pods[0]
        host.view.changePod(pod.key) { $0.metadata.labels[label] = nil }
        host.run(for: .seconds(2))
        #expect(host.view.pods.count == 2)
        #expect(host.view.pods[0].metadata.ownerReferences.isEmpty)
        #expect(host.view.pods[0].metadata.finalizers.isEmpty)
        #expect(Self.status(host).active == 1)
        host.view.changePod(pod.key) { $0.metadata.labels[label] = pod.metadata.labels[label] }
        host.run(for: .seconds(2))
        #expect(host.view.pods[0].metadata.ownerReferences == pod.metadata.ownerReferences)
        #expect(host.view.pods[0].metadata.finalizers == [JobPlan.finalizer])
        // One of the two is too many now, and the one that does not run yet goes.
        #expect(host.view.pods.filter { !$0.isTerminating }.map(\.key) == [pod.key])
    }

    @Test(
        "knows its pods by the selector that an export brings, unless that is another job's",
        arguments: [
            ("controller-uid", "00000000-0000-0000-0000-00000000000a", true),
            ("controller-uid", "00000000-0000-0000-0000-00000000000b", false),
        ])
    func exportedSelector(label: String, value: String, isKept: Bool) {
        var job = Fixtures.job(1) { $0.selector = LabelSelector(matchLabels: [label: value]) }
        job.metadata.uid = UID(high: 0, low: 10)
        #expect((job.podSelector == job.spec.selector) == isKept)
        #expect(job.podSelector.matches(job.podLabels))
    }

    @Test("removes finished jobs and their pods after their time to live")
    func ttl() {
        var host = Self.host(Fixtures.job(1) { $0.ttlSecondsAfterFinished = 60 })
        Self.finish(&host, .succeeded)
        #expect(Self.conditions(host).last == "Complete=True/CompletionsReached")
        host.run(for: .seconds(50))
        #expect(host.view.job(namespace: "d", name: "j") != nil)
        host.run(for: .seconds(20))
        host.kubelet()
        host.run(for: .seconds(5))
        #expect(host.view.stored.isEmpty)
    }

    @Test("lets go of the pods of a job that was deleted with its pods left running")
    func deletedJob() {
        var host = Self.host(Fixtures.job(1))
        host.kubelet()
        host.settle()
        _ = host.view.delete(Fixtures.key(.job, "j"))
        host.run(for: .seconds(3))
        host.kubelet()
        host.run(for: .seconds(3))
        #expect(host.view.stored.isEmpty)
    }
}
