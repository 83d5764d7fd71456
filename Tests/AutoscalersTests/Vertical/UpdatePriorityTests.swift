import Chronology
import KubernetesAPI
import Testing

@testable import Autoscalers

@Suite("Whether a pod is worth its eviction") struct UpdatePriorityTests {
    private typealias Sample = VerticalSample

    /// A pod that asks for `request` and is told 200 to 400, best 300.
    private func priority(_ request: Int64?) -> UpdatePriority {
        let found = Sample.recommendation(
            "main", Sample.amounts(300), lower: Sample.amounts(200), upper: Sample.amounts(400))
        return UpdatePriority(of: PodSpec(containers: [Sample.container(cpu: request)]), [found])
    }

    @Test(
        "bounds, direction and difference",
        arguments: [
            (300, false, false, 0), (200, false, true, 0.5), (199, true, true, 101.0 / 199), (400, false, false, 0.25),
            (401, true, false, 101.0 / 401), (nil, true, true, 299),
        ] as [(Int64?, Bool, Bool, Double)])
    func parts(request: Int64?, isOutside: Bool, grows: Bool, difference: Double) {
        let found = priority(request)
        #expect(found.isOutsideRange == isOutside && found.grows == grows)
        #expect(abs(found.difference - difference) < 1e-12)
    }

    @Test(
        "in bounds it takes 12 hours and a tenth",
        arguments: [
            (500, 0, true), (350, 11, false), (350, 12, true), (320, 100, false), (330, 12, false), (340, 12, true),
        ] as [(Int64, Int64, Bool)])
    func worth(request: Int64, hours: Int64, isWorthwhile: Bool) {
        var pod = Pod(metadata: ObjectMeta(name: "p"), spec: PodSpec())
        pod.status.startTime = .start
        let found = priority(request).isWorthwhile(for: pod, of: Sample.autoscaler(), now: .start + .hours(hours))
        #expect(found == isWorthwhile)
        pod.status.startTime = nil
        #expect(
            priority(request).isWorthwhile(for: pod, of: Sample.autoscaler(), now: .start) == (request == 500))
    }

    @Test(
        "a run that was soon killed for want of memory counts if anything would change",
        arguments: [
            ("OOMKilled", 9, 350, false, true), ("OOMKilled", 10, 350, false, false), ("Error", 1, 350, false, false),
            ("OOMKilled", 1, 300, false, false), ("OOMKilled", 1, 350, true, false),
        ] as [(String, Int64, Int64, Bool, Bool)])
    func kills(reason: String, minutes: Int64, request: Int64, isOff: Bool, isWorthwhile: Bool) {
        var pod = Pod(metadata: ObjectMeta(name: "p"), spec: PodSpec())
        pod.status.startTime = .start
        var status = ContainerStatus(name: "main")
        status.lastTermination = .terminated(
            exitCode: 137, reason: reason, startedAt: .start, finishedAt: .start + .minutes(minutes))
        pod.status.containerStatuses = [status]
        var autoscaler = Sample.autoscaler()
        var policy = VerticalPodAutoscaler.ContainerPolicy(containerName: "main")
        policy.isOff = isOff
        autoscaler.containerPolicies = [policy]
        #expect(priority(request).isWorthwhile(for: pod, of: autoscaler, now: .start + .hours(1)) == isWorthwhile)
    }

    @Test("pods that are to grow go first, then those that change most")
    func order() {
        let requests: [Int64] = [420, 150, 900, 190, 420]
        var pods: [Pod] = []
        for (number, request) in requests.enumerated() {
            pods.append(
                Pod(
                    metadata: ObjectMeta(name: "p\(number)", namespace: "default"),
                    spec: PodSpec(containers: [Sample.container(cpu: request)])))
        }
        let autoscaler = Sample.autoscaler(
            "web", .recreate,
            [
                Sample.recommendation(
                    "main", Sample.amounts(300), lower: Sample.amounts(200), upper: Sample.amounts(400))
            ])
        let found = VerticalUpdater.candidates(among: pods, autoscaler, VerticalCaps(), now: .start)
        #expect(found.map(\.pod.metadata.name) == ["p1", "p3", "p2", "p0", "p4"])
        #expect(found[0].change == "main: cpu 150m -> cpu 300m")
    }

    @Test(
        "requirements of evictions: all of them, for one of their resources, in one container",
        arguments: [
            ([], 500, 512, true), ([(["cpu"], true)], 200, 512, true), ([(["cpu"], true)], 500, 512, false),
            ([(["cpu", "memory"], true)], 500, 128, true), ([(["cpu"], false), (["memory"], true)], 500, 512, false),
            ([(["cpu"], false), (["memory"], true)], 500, 128, true), ([(["cpu"], true)], 500, nil, true),
        ] as [([([String], Bool)], Int64, Int64?, Bool)])
    func requirements(wanted: [([String], Bool)], cpu: Int64, memory: Int64?, isPermitted: Bool) {
        var autoscaler = Sample.autoscaler()
        autoscaler.evictionRequirements = wanted.map { names, isHigher in
            .init(names.map { ResourceName($0) }, isHigher ? .higher : .lower)
        }
        let spec = PodSpec(containers: [Sample.container(cpu: cpu, memory: memory)])
        let found = [Sample.recommendation("main", Sample.amounts(300, 256))]
        #expect(autoscaler.permitsEviction(of: spec, for: found) == isPermitted)
    }
}
