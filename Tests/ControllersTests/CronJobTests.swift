import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Controllers

@Suite("The cron job controller")
struct CronJobTests {
    private static func cronJob(_ body: (inout CronJob.Spec) -> Void = { _ in }) -> CronJob {
        var spec = CronJob.Spec()
        spec.schedule = "* * * * *"
        spec.jobTemplate = Fixtures.job(1).spec
        body(&spec)
        return CronJob(metadata: ObjectMeta(name: "cj", namespace: "d"), spec: spec)
    }

    private static func host(at seconds: Int64 = 50, _ cronJob: CronJob) -> FakeHost {
        var host = FakeHost([CronJobReconciler(), GarbageCollectorReconciler()])
        host.view.now = .start + .seconds(seconds)
        host.view.add(.cronJob(cronJob))
        host.settle()
        return host
    }

    private static func state(_ host: FakeHost) -> CronJob? {
        guard case .cronJob(let found)? = host.view.object(Fixtures.key(.cronJob, "cj")) else { return nil }
        return found
    }

    private static func jobs(_ host: FakeHost) -> [String] {
        host.view.objects(of: .job, namespace: "d").map(\.metadata.name)
    }

    private static func finish(_ host: inout FakeHost, _ name: String, _ type: ConditionType = "Complete") {
        let now = host.view.now
        host.view.change(Fixtures.key(.job, name)) { object in
            guard case .job(var job) = object else { return }
            job.status.startTime = job.status.startTime ?? job.metadata.creationTimestamp
            job.status.conditions.append(Condition(type, .true, at: now))
            job.status.completionTime = type == "Complete" ? now : nil
            object = .job(job)
        }
        host.settle()
    }

    private static func change(_ host: inout FakeHost, _ body: (inout CronJob.Spec) -> Void) {
        host.view.change(Fixtures.key(.cronJob, "cj"), spec: true) { object in
            guard case .cronJob(var cronJob) = object else { return }
            body(&cronJob.spec)
            object = .cronJob(cronJob)
        }
        host.settle()
    }

    @Test("makes a job at each run, named by its minute, and notes it")
    func runs() {
        var host = Self.host(Self.cronJob { $0.jobAnnotations = ["a": "b"] })
        host.run(for: .seconds(9))
        #expect(Self.jobs(host).isEmpty)
        host.run(for: .seconds(2))
        #expect(Self.jobs(host) == ["cj-1"])
        #expect(Self.state(host)?.active.map(\.name) == ["cj-1"])
        #expect(Self.state(host)?.lastScheduleTime == .start + .seconds(60))
        let job = host.view.job(namespace: "d", name: "cj-1")
        #expect(job?.metadata.annotations[CronJobPlan.scheduledAnnotation] == "1970-01-01T00:01:00Z")
        #expect(job?.metadata.annotations["a"] == "b")
        #expect(job?.metadata.labels["app"] == "j")
        Self.finish(&host, "cj-1")
        #expect(Self.state(host)?.active == [])
        #expect(Self.state(host)?.lastSuccessfulTime == host.view.now)
        #expect(host.events.contains { $0.message == "Saw completed job: cj-1, condition: Complete" })
        host.run(for: .seconds(60))
        #expect(Self.jobs(host) == ["cj-1", "cj-2"])
        #expect(host.events.filter { $0.reason == "SuccessfulCreate" }.count == 2)
    }

    @Test(
        "treats a job that still runs as the policy says",
        arguments: [
            (CronJob.ConcurrencyPolicy.allow, ["cj-1", "cj-2"]), (.forbid, ["cj-1"]), (.replace, ["cj-2"]),
        ])
    func concurrency(_ policy: CronJob.ConcurrencyPolicy, _ left: [String]) {
        var host = Self.host(Self.cronJob { $0.concurrencyPolicy = policy })
        host.run(for: .seconds(75))
        #expect(Self.jobs(host) == left)
        #expect(Self.state(host)?.active.map(\.name) == left)
        #expect(host.events.contains { $0.reason == "JobAlreadyActive" } == (policy == .forbid))
    }

    @Test("starts a forbidden run late, once the job before it ended")
    func lateStart() {
        var host = Self.host(Self.cronJob { $0.concurrencyPolicy = .forbid })
        host.run(for: .seconds(75))
        Self.finish(&host, "cj-1")
        #expect(Self.jobs(host) == ["cj-1", "cj-2"])
    }

    @Test(
        "makes up for the last missed run when resumed, unless its deadline has passed",
        arguments: [(nil, ["cj-3"]), (10, []), (60, ["cj-3"])] as [(Int64?, [String])])
    func missed(_ deadline: Int64?, _ made: [String]) {
        var host = Self.host(
            Self.cronJob {
                $0.suspend = true; $0.startingDeadlineSeconds = deadline
            })
        host.run(for: .seconds(150))
        #expect(Self.jobs(host).isEmpty)
        Self.change(&host) { $0.suspend = false }
        #expect(Self.jobs(host) == made)
    }

    @Test("warns when more than a hundred runs were missed")
    func tooMany() {
        var host = Self.host(Self.cronJob { $0.suspend = true })
        host.run(for: .minutes(102))
        Self.change(&host) { $0.suspend = false }
        #expect(host.events.contains { $0.reason == "TooManyMissedTimes" })
        #expect(Self.jobs(host) == ["cj-102"])
    }

    @Test("waits for the next run of a new schedule")
    func rescheduled() {
        var host = Self.host(Self.cronJob { $0.schedule = "0 * * * *" })
        host.run(for: .minutes(10))
        Self.change(&host) { $0.schedule = "*/5 * * * *" }
        #expect(Self.jobs(host).isEmpty)
        host.run(for: .minutes(5))
        #expect(Self.jobs(host) == ["cj-15"])
    }

    @Test("keeps as many ended jobs as asked for, the youngest")
    func history() {
        var host = Self.host(
            Self.cronJob {
                $0.successfulJobsHistoryLimit = 2; $0.failedJobsHistoryLimit = 0
            })
        for minute in 1...4 {
            host.run(for: .seconds(60))
            Self.finish(&host, "cj-\(minute)", minute == 2 ? "Failed" : "Complete")
        }
        host.run(for: .seconds(1))
        #expect(Self.jobs(host) == ["cj-3", "cj-4"])
        #expect(host.events.contains { $0.message == "Deleted job cj-2" })
    }

    @Test(
        "says what is wrong with a schedule or a zone",
        arguments: [
            ("61 * * * *", nil, "UnparseableSchedule"), ("0 0 30 2 *", nil, "InvalidSchedule"),
            ("0 0 * * *", "Mars/Olympus", "UnknownTimeZone"),
        ] as [(String, String?, String)])
    func mistakes(_ schedule: String, _ zone: String?, _ reason: String) {
        let host = Self.host(
            Self.cronJob {
                $0.schedule = schedule; $0.timeZone = zone
            })
        #expect(host.events.map(\.reason) == [reason])
    }

    @Test("runs by the clocks of its zone")
    func zone() {
        // 1970-01-01T00:00:50Z is 01:00:50 in Lagos.
        var host = Self.host(
            Self.cronJob {
                $0.schedule = "0 2 * * *"; $0.timeZone = "Africa/Lagos"
            })
        host.run(for: .minutes(60))
        #expect(Self.jobs(host) == ["cj-60"])
        let job = host.view.job(namespace: "d", name: "cj-60")
        #expect(job?.metadata.annotations[CronJobPlan.scheduledAnnotation] == "1970-01-01T02:00:00+01:00")
    }

    @Test("notices an active job that is gone")
    func gone() {
        var host = Self.host(Self.cronJob())
        host.run(for: .seconds(11))
        _ = host.view.delete(Fixtures.key(.job, "cj-1"))
        host.settle()
        #expect(Self.state(host)?.active == [])
        #expect(host.events.contains { $0.message == "Active job went missing: cj-1" })
    }

    @Test("knows the job that it has just made before the cache shows that it noted it", arguments: [true, false])
    func unseen(isNoted: Bool) {
        let view = FakeView()
        view.now = .start + .seconds(50)
        view.add(.cronJob(Self.cronJob()))
        view.now = .start + .seconds(61)
        var controller = CronJobReconciler()
        let key = Fixtures.key(.cronJob, "cj")
        for action in controller.reconcile(key, in: view).actions {
            if case .create = action {
                controller.observe(view.apply(action).0, error: nil)
            } else if isNoted {
                controller.observe(action, error: nil)
            }
        }
        let again = controller.reconcile(key, in: view)
        #expect(again.events.contains { $0.reason == "UnexpectedJob" } == !isNoted)
        #expect(again.events.contains { $0.reason == "SuccessfulCreate" })
        #expect(again.actions.isEmpty == isNoted)
    }
}
