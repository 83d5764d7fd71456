import KubernetesAPI
import Testing

@testable import Autoscalers

@Suite("What bounds a recommendation") struct VerticalCapsTests {
    private typealias Sample = VerticalSample
    private typealias Policy = VerticalPodAutoscaler.ContainerPolicy

    private func target(
        of cpu: Int64, in container: Container, _ caps: VerticalCaps = VerticalCaps(), policy: [Policy] = []
    ) -> Int64? {
        var autoscaler = Sample.autoscaler("web", .recreate, [Sample.recommendation("main", Sample.amounts(cpu))])
        autoscaler.containerPolicies = policy
        return caps.capped(autoscaler, for: PodSpec(containers: [container])).first?.target[.cpu]?.milliValue
    }

    private static func policy(_ name: String = "main", min: Int64? = nil, max: Int64? = nil) -> Policy {
        var policy = Policy(containerName: name)
        policy.minAllowed = Sample.amounts(min)
        policy.maxAllowed = Sample.amounts(max)
        return policy
    }

    @Test(
        "policies bound, one's own before that for all",
        arguments: [
            ([], 300), ([policy(min: 400)], 400), ([policy(max: 200)], 200), ([policy("*", max: 100)], 100),
            ([policy("*", max: 100), policy(max: 200)], 200), ([policy("other", max: 100)], 300),
            ([policy(min: 100, max: 500)], 300),
        ] as [([VerticalPodAutoscaler.ContainerPolicy], Int64)])
    func policies(policies: [VerticalPodAutoscaler.ContainerPolicy], wanted: Int64) {
        #expect(target(of: 300, in: Sample.container(), policy: policies) == wanted)
    }

    @Test("limits bound where they are not to change", arguments: [(300, 300), (3_000, 2_000)] as [(Int64, Int64)])
    func requestsOnly(recommended: Int64, wanted: Int64) {
        var only = Self.policy()
        only.controlledValues = .requestsOnly
        let container = Sample.container(cpuLimit: 2_000)
        #expect(target(of: recommended, in: container, policy: [only]) == wanted)
        #expect(target(of: recommended, in: container) == recommended)
    }

    // A limit of twice the request: at a bound of 2 cores for limits, 1 core may be asked for.
    @Test(
        "limit ranges bound in proportion to the limit",
        arguments: [
            (3_000, 2_000, 1_000, 2_000, 1_000), (500, 2_000, 300, 2_000, 500), (100, 2_000, 200, 2_000, 200),
            // What has no limit has the default one.
            (3_000, nil, 100, 2_000, 1_000),
        ] as [(Int64, Int64?, Int64, Int64, Int64)])
    func limitRanges(recommended: Int64, limit: Int64?, least: Int64, most: Int64, wanted: Int64) {
        let container = Sample.container(cpu: 1_000, cpuLimit: limit)
        var bounds = VerticalCaps.Bounds()
        bounds.min = Sample.amounts(least)
        bounds.max = Sample.amounts(most)
        if limit == nil { bounds.default = Sample.amounts(2_000) }
        #expect(target(of: recommended, in: container, VerticalCaps(container: bounds)) == wanted)
    }

    @Test("the containers of a pod share a limit range for pods in proportion")
    func pods() {
        var bounds = VerticalCaps.Bounds()
        bounds.max = Sample.amounts(2_000)
        let spec = PodSpec(containers: [
            Sample.container("a", cpu: 500, cpuLimit: 1_000), Sample.container("b", cpu: 500, cpuLimit: 1_000),
        ])
        let autoscaler = Sample.autoscaler(
            "web", .recreate,
            [
                Sample.recommendation("a", Sample.amounts(1_500)), Sample.recommendation("b", Sample.amounts(500)),
                Sample.recommendation("gone", Sample.amounts(900)),
            ])
        // Limits of 3 and 1 cores are twice what is allowed.
        let capped = VerticalCaps(pod: bounds).capped(autoscaler, for: spec)
        #expect(capped.map { $0.target[.cpu]?.milliValue } == [750, 250])
    }

    @Test(
        "a limit keeps its proportion to the request",
        arguments: [
            (1_000, 2_000, 300, 600), (1_000, 1_000, 300, 300), (nil, 2_000, 300, 300), (1_000, nil, 300, nil),
            (300, 1_000, 100, 333),
        ] as [(Int64?, Int64?, Int64, Int64?)])
    func proportion(request: Int64?, limit: Int64?, recommended: Int64, wanted: Int64?) {
        let container = Sample.container(cpu: request, cpuLimit: limit)
        let found = VerticalCaps.limit(of: container, .cpu, for: Quantity(milli: recommended), or: [:])
        #expect(found?.milliValue == wanted)
    }
}
