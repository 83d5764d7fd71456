import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

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
