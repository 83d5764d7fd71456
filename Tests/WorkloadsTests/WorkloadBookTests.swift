import Chronology
import KubernetesAPI
import Testing
import VirtualTime

@testable import Workloads

private let web = WorkloadSubject(
    ownerKind: "Deployment", ownerName: "web-front", namespace: "shop", ownerLabels: ["team": "a"],
    podLabels: ["app": "web"])

@Suite struct WorkloadBookTests {
    @Test(arguments: [
        ("*", "", true), ("a*c", "abbc", true), ("a*c", "abcb", false), ("a?c", "abc", true), ("a?c", "ac", false),
        ("*-front-*", "x-front-front-1", true), ("", "", true), ("", "a", false), ("**b", "aab", true),
        ("a*b*c", "axbxbc", true),
    ])
    func `a glob matches whole texts`(pattern: String, text: String, expected: Bool) {
        #expect(Glob.matches(pattern, text) == expected)
    }

    @Test(arguments: [
        (WorkloadRule.Match(), true), (.init(kind: "Deployment"), true), (.init(kind: "Job"), false),
        (.init(namespace: "sh*"), true), (.init(name: "web-*"), true), (.init(name: "web"), false),
        (.init(labels: LabelSelector(matchLabels: ["app": "web"])), true),
        (.init(labels: LabelSelector(matchLabels: ["team": "a"])), true),
        (.init(labels: LabelSelector(matchLabels: ["team": "b"])), false),
        (.init(container: "main"), true), (.init(kind: "Deployment", container: "side"), false),
    ])
    func `a rule is about those that it matches`(match: WorkloadRule.Match, expected: Bool) {
        #expect(match.matches(web, container: "main") == expected)
    }

    @Test func `for each aspect the first rule that decides it wins`() {
        var first = WorkloadRule(.init(name: "web-*"))
        first.readyAfter = .never
        first.usage.cpu = .absolute(.constant(1))
        var second = WorkloadRule()
        second.readyAfter = .after(.constant(9))
        second.startDelay = .constant(3)
        second.usage = UsageCurve(cpu: .absolute(.constant(2)), memory: .permilleOfRequest(.constant(500)))
        let behavior = WorkloadBook(rules: [first, second]).behavior(of: web, container: "main", role: .main)
        #expect(behavior.readyAfter == .never)
        #expect(behavior.startDelay == .constant(3))
        #expect(behavior.usage.cpu == .absolute(.constant(1)))
        #expect(behavior.assumed == [.runTime, .outcome, .termination, .disk])
        let clock = WallClock(startDate: StartDate(unixSeconds: 0))
        #expect(behavior.usage.memory?.value(at: .start, request: 3_000_000_000, on: clock) == 1_500_000_000)
        #expect(behavior.usage.nextChange(after: .start, on: clock) == nil)
    }

    @Test func `jobs end and services do not, unless a rule says so`() {
        let book = WorkloadBook()
        var job = web
        job.ownerKind = "CronJob"
        var bare = web
        bare.restartPolicy = .never
        #expect(book.behavior(of: web, container: "c", role: .main).runTime == .never)
        #expect(book.behavior(of: job, container: "c", role: .main).runTime != .never)
        #expect(book.behavior(of: bare, container: "c", role: .main).runTime != .never)
        #expect(book.behavior(of: job, container: "c", role: .sidecar).runTime == .never)
        #expect(book.behavior(of: web, container: "c", role: .initializing).runTime != .never)
    }

    @Test func `a draw depends on its names and not on other aspects`() {
        var subject = web
        subject.ownerKind = "Job"
        let behavior = WorkloadBook().behavior(of: subject, container: "c", role: .main)
        let run = behavior.draw(seed: 1, pod: "d/p", container: "c", restart: 0)
        #expect(behavior.draw(seed: 1, pod: "d/p", container: "c", restart: 0) == run)
        for other in [
            behavior.draw(seed: 2, pod: "d/p", container: "c", restart: 0),
            behavior.draw(seed: 1, pod: "d/q", container: "c", restart: 0),
            behavior.draw(seed: 1, pod: "d/p", container: "e", restart: 0),
            behavior.draw(seed: 1, pod: "d/p", container: "c", restart: 1),
        ] {
            #expect(other.runTime != run.runTime)
        }
        var changed = behavior
        changed.startDelay = .constant(2)
        let second = changed.draw(seed: 1, pod: "d/p", container: "c", restart: 0)
        #expect(second.startDelay == .seconds(2))
        #expect(second.runTime == run.runTime)
    }

    @Test func `the first runs fail, in their own time`() {
        var rule = WorkloadRule()
        rule.outcome = Behavior.Outcome(failureExitCode: 42, failingRuns: 2, failureAfter: .constant(7))
        let behavior = WorkloadBook(rules: [rule]).behavior(of: web, container: "c", role: .main)
        let runs = (0..<4).map { behavior.draw(seed: 1, pod: "d/p", container: "c", restart: $0) }
        #expect(runs.map(\.exitCode) == [42, 42, 0, 0])
        #expect(runs.map(\.runTime) == [.seconds(7), .seconds(7), nil, nil])
    }

    @Test func `what nobody says of probes and hooks does not happen, and the first rule that says it wins`() {
        #expect(!WorkloadBook().behavior(of: web, container: "c", role: .main).hasExtras)
        var first = WorkloadRule()
        first.hangsAfter = .after(.constant(60))
        first.preStopTime = .constant(3)
        var second = WorkloadRule()
        second.hangsAfter = .never
        second.livenessFailsAfter = .never
        second.postStartFailure = 1
        let behavior = WorkloadBook(rules: [first, second]).behavior(of: web, container: "c", role: .main)
        let run = behavior.draw(seed: 1, pod: "d/p", container: "c", restart: 0)
        #expect(run.hangsAfter == .seconds(60) && run.preStopTime == .seconds(3))
        #expect(run.livenessFailsAfter == nil && run.postStartFails && run.postStartTime == nil)
    }

    @Test func `the share of failures is the probability`() {
        var rule = WorkloadRule()
        rule.outcome = Behavior.Outcome(failureProbability: 0.3, failureExitCode: 42)
        let behavior = WorkloadBook(rules: [rule]).behavior(of: web, container: "c", role: .main)
        let failed = (0..<4_000).filter {
            behavior.draw(seed: 5, pod: "d/p\($0)", container: "c", restart: 0).exitCode == 42
        }
        // Four standard deviations of a binomial share.
        #expect(abs(failed.count - 1_200) < 116)
    }
}
