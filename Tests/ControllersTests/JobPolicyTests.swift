import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Controllers

@Suite("A job's policies")
struct JobPolicyTests {
    private static func host(_ job: Job) -> FakeHost {
        var host = FakeHost([JobReconciler()])
        host.view.add(.job(job))
        host.settle()
        return host
    }

    private static func status(_ host: FakeHost) -> Job.Status {
        host.view.job(namespace: "d", name: "j")?.status ?? Job.Status()
    }

    private static func conditions(_ host: FakeHost) -> [String] {
        status(host).conditions.map { "\($0.type)=\($0.status.rawValue)/\($0.reason): \($0.message)" }
    }

    private static func running(_ host: FakeHost, index: String) -> Pod? {
        host.view.pods.last {
            $0.metadata.annotations[JobPlan.indexAnnotation] == index && $0.status.phase == .running
        }
    }

    /// Starts all pods and ends those of the indexes of `ends`.
    private static func end(_ host: inout FakeHost, _ ends: [(index: String, phase: PodPhase)]) {
        host.kubelet()
        host.run(for: .seconds(2))
        for end in ends { if let pod = running(host, index: end.index) { host.exit(pod, end.phase) } }
        host.run(for: .seconds(2))
    }

    private static func failed(code: Int32 = 1, container: String = "c", conditions: [ConditionType] = []) -> Pod {
        var pod = Fixtures.pod("p", phase: .failed, ready: false)
        var status = ContainerStatus(name: container)
        status.state = .terminated(exitCode: code, reason: "Error", startedAt: .start, finishedAt: .start)
        pod.status.containerStatuses = [status]
        for type in conditions { pod.status.conditions.set(Condition(type, .true, at: .start)) }
        return pod
    }

    private static let rules: [Job.PodFailureRule] = [
        .init(action: .failJob, condition: .onExitCodes(container: "main", in: true, values: [42])),
        .init(action: .ignore, condition: .onPodConditions([(type: "DisruptionTarget", status: .true)])),
        .init(action: .failIndex, condition: .onExitCodes(container: nil, in: true, values: [7])),
        .init(action: .count, condition: .onExitCodes(container: nil, in: true, values: [3])),
        .init(action: .ignore, condition: .onExitCodes(container: nil, in: false, values: [1, 3])),
    ]

    @Test(
        "the first rule that matches a failed pod decides",
        arguments: [
            ("another container's code is no match, the last rule is", failed(code: 42), "ignored"),
            ("the named container's code fails the job", failed(code: 42, container: "main"), "job"),
            ("a condition goes before a later code", failed(code: 7, conditions: ["DisruptionTarget"]), "ignored"),
            ("a code can fail the index", failed(code: 7), "index"),
            ("a counting rule ends the search", failed(code: 3), "counted"),
            ("no rule: it counts", failed(code: 1), "counted"),
            ("an end with 0 matches no code", failed(code: 0), "counted"),
        ])
    func rules(_ name: String, _ pod: Pod, _ expected: String) {
        let match = PodFailureMatch(pod, rules: Self.rules)
        let outcome =
            match.failsJob != nil ? "job" : match.failsIndex ? "index" : match.isCounted ? "counted" : "ignored"
        #expect(outcome == expected, "\(name)")
    }

    @Test("FailJob says which container, code and rule, and ends the job once its pods are gone")
    func failJob() {
        var host = Self.host(
            Fixtures.job(2, parallelism: 2) { spec in
                spec.podFailurePolicy = [
                    .init(action: .failJob, condition: .onExitCodes(container: nil, in: true, values: [42]))
                ]
            })
        host.kubelet()
        host.run(for: .seconds(2))
        let pod = host.view.pods[0]
        host.view.changePod(pod.key) {
            $0.status = Self.failed(code: 42).status
        }
        host.run(for: .seconds(2))
        let message =
            "PodFailurePolicy: Container c for pod d/\(pod.metadata.name) failed with exit code 42 matching FailJob "
            + "rule at index 0"
        #expect(Self.conditions(host) == ["FailureTarget=True/\(message)"])
        #expect(Self.status(host).terminating == 1)
        host.kubelet()
        host.run(for: .seconds(2))
        #expect(Self.conditions(host).last == "Failed=True/\(message)")
        #expect(Self.status(host).failed == 2)
    }

    @Test("a policy replaces only pods that ended, even one without rules", arguments: [nil, []] as [[Job.PodFailureRule]?])
    func replacement(_ rules: [Job.PodFailureRule]?) {
        let job = Fixtures.job(1) { $0.podFailurePolicy = rules }
        #expect(job.replacesOnlyFailed == (rules != nil))
    }

    @Test("an ignored failure is neither counted nor listed, but its successor waits")
    func ignore() {
        var host = Self.host(
            Fixtures.job(1) { spec in
                spec.backoffLimit = 0
                spec.podFailurePolicy = [
                    .init(action: .ignore, condition: .onExitCodes(container: nil, in: true, values: [4]))
                ]
            })
        host.kubelet()
        host.run(for: .seconds(2))
        let ended = host.view.now
        host.view.changePod(host.view.pods[0].key) { pod in
            pod.status = Self.failed(code: 4).status
            pod.status.containerStatuses[0].state =
                .terminated(exitCode: 4, reason: "Error", startedAt: .start, finishedAt: ended)
        }
        host.run(for: .seconds(5))
        #expect(Self.status(host).failed == 0)
        #expect(Self.conditions(host).isEmpty)
        #expect(host.view.pods.count == 1)
        host.run(for: .seconds(6))
        #expect(host.view.pods.count == 2)
    }

    @Test("a failed index is tried again after its own back-off, and the others go on")
    func perIndex() {
        var host = Self.host(
            Fixtures.job(3, parallelism: 3) {
                $0.indexed = true; $0.backoffLimitPerIndex = 1; $0.backoffLimit = Int64(Int32.max)
            })
        #expect(host.view.pods.allSatisfy { $0.metadata.annotations[JobIndexes.failuresAnnotation] == "0" })
        Self.end(&host, [("1", .failed)])
        // The failed pod stays uncounted until its successor has taken its count over.
        #expect(Self.status(host).failed == 0)
        #expect(host.view.pods.count == 3)
        host.run(for: .seconds(10))
        #expect(host.view.pods.count == 4)
        #expect(Self.status(host).failed == 1)
        #expect(host.view.pods.last?.metadata.annotations[JobIndexes.failuresAnnotation] == "1")
        Self.end(&host, [("0", .succeeded), ("1", .failed), ("2", .succeeded)])
        host.run(for: .seconds(2))
        #expect(Self.status(host).completedIndexes == "0,2")
        #expect(Self.status(host).failedIndexes == "1")
        #expect(Self.conditions(host).last == "Failed=True/FailedIndexes: Job has failed indexes")
    }

    @Test("more failed indexes than allowed end the job")
    func maxFailedIndexes() {
        var host = Self.host(
            Fixtures.job(4, parallelism: 4) {
                $0.indexed = true; $0.backoffLimitPerIndex = 0; $0.maxFailedIndexes = 1
                $0.backoffLimit = Int64(Int32.max)
            })
        Self.end(&host, [("0", .failed)])
        #expect(Self.conditions(host).isEmpty)
        #expect(Self.status(host).failedIndexes == "0")
        Self.end(&host, [("2", .failed)])
        #expect(
            Self.conditions(host).first == "FailureTarget=True/MaxFailedIndexesExceeded: "
                + "Job has exceeded the specified maximal number of failed indexes")
        #expect(Self.status(host).terminating == 2)
    }

    @Test(
        "success rules look at indexes, at counts, and at counts of indexes",
        arguments: [
            ("all wanted indexes succeeded", Job.SuccessRule(succeededIndexes: "0,2", succeededCount: nil), true),
            ("one is missing", Job.SuccessRule(succeededIndexes: "0-2", succeededCount: nil), false),
            ("enough of them", Job.SuccessRule(succeededIndexes: "0-2", succeededCount: 2), true),
            ("too few of them", Job.SuccessRule(succeededIndexes: "1-3", succeededCount: 2), false),
            ("enough in all", Job.SuccessRule(succeededIndexes: nil, succeededCount: 2), true),
            ("too few in all", Job.SuccessRule(succeededIndexes: nil, succeededCount: 3), false),
        ])
    func successPolicy(_ name: String, _ rule: Job.SuccessRule, _ isMet: Bool) {
        var host = Self.host(
            Fixtures.job(4, parallelism: 4) {
                $0.indexed = true; $0.successPolicy = [rule]
            })
        Self.end(&host, [("0", .succeeded), ("2", .succeeded)])
        #expect(
            Self.conditions(host) == (isMet ? ["SuccessCriteriaMet=True/SuccessPolicy: Matched rules at index 0"] : []),
            "\(name)")
    }

    @Test("pods of a job that is suspended go uncounted, and its clock stops")
    func suspend() {
        var host = Self.host(Fixtures.job(1))
        host.kubelet()
        host.run(for: .seconds(2))
        host.view.change(Fixtures.key(.job, "j"), spec: true) { object in
            guard case .job(var job) = object else { return }
            job.spec.suspend = true
            object = .job(job)
        }
        host.run(for: .seconds(2))
        #expect(Self.status(host).startTime == nil)
        #expect(Self.status(host).failed == 0)
        #expect(Self.conditions(host) == ["Suspended=True/JobSuspended: Job suspended"])
        #expect(host.events.filter { $0.reason == "SuccessfulDelete" }.count == 1)
    }

    @Test("another controller's job is left alone", arguments: [("example.com/queue", 0), (nil, 1)])
    func managedBy(_ manager: String?, pods: Int) {
        let host = Self.host(Fixtures.job(1) { $0.managedBy = manager })
        #expect(host.view.pods.count == pods)
    }

    @Test("after a refused creation the status says what there is, and the next try comes a second later")
    func refused() {
        var host = FakeHost([JobReconciler()])
        host.view.refusesPods = true
        host.view.add(.job(Fixtures.job(1)))
        host.settle()
        host.run(for: .milliseconds(1_500))
        #expect(Self.status(host).active == 0)
        #expect(Self.status(host).ready == 0)
        #expect(host.events.contains { $0.message == "Error creating: exceeded quota" })
        host.view.refusesPods = false
        host.run(for: .seconds(3))
        #expect(host.view.pods.count == 1)
    }

    @Test("a pod that lost its job loses the finalizer")
    func orphan() {
        var host = FakeHost([JobReconciler()])
        var pod = Fixtures.pod("lost")
        pod.metadata.finalizers = [JobPlan.finalizer]
        host.view.add(.pod(pod))
        host.settle()
        #expect(host.view.pods.first?.metadata.finalizers == [])
    }

    @Test("pods of a job that made way for another of its name lose the finalizer, though nothing happens to them")
    func madeAnew() throws {
        var host = Self.host(Fixtures.job(1))
        let pod = try #require(host.view.pods.first)
        #expect(pod.metadata.finalizers == [JobPlan.finalizer])
        host.view.remove(ObjectKey(.job, namespace: "d", name: "j"))
        host.view.add(.job(Fixtures.job(1)))
        host.run(for: .seconds(3))
        #expect(host.view.pods.first { $0.metadata.uid == pod.metadata.uid }?.metadata.finalizers == [])
        #expect(host.view.pods.count == 2)
    }
}
