import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Autoscalers

@Suite("What the recommender writes") struct ClusterRecommenderTests {
    private typealias Sample = VerticalSample

    /// Lets `minutes` pass and returns the autoscaler as it stands then.
    private func run(
        _ recommender: inout ClusterRecommender, _ view: FakeView, minutes: Int64
    ) throws -> VerticalPodAutoscaler {
        for _ in 0..<minutes {
            view.now = view.now + .minutes(1)
            for case .updateStatus(let object) in recommender.step(in: view).actions { view.change(object.key) { $0 = object } }
        }
        let key = ObjectKey(.verticalPodAutoscaler, namespace: "default", name: "web")
        guard case .verticalPodAutoscaler(let found)? = view.object(key) else { throw MissingObject() }
        return found
    }

    private struct MissingObject: Error {}

    private func cluster(_ autoscaler: VerticalPodAutoscaler = Sample.autoscaler()) -> FakeView {
        let view = Sample.cluster(of: [Sample.container(), Sample.container("side")])
        view.metrics = FixedMetrics(view: view, cpuMilli: 200, memoryBytes: 500 << 20)
        view.add(.verticalPodAutoscaler(autoscaler))
        return view
    }

    @Test("targets are the bucket's end and a margin; bounds close in")
    func targets() throws {
        var recommender = ClusterRecommender()
        let view = cluster()
        let early = try run(&recommender, view, minutes: 1)
        let first = try #require(early.status.recommendation?.first)
        #expect(early.status.conditions.isTrue("RecommendationProvided"))
        #expect(early.status.recommendation?.map(\.containerName) == ["main", "side"])
        // One sample: nothing is known of the bounds.
        #expect(first.lowerBound == Sample.amounts(12, 125))
        #expect(first.upperBound[.cpu] == Quantity(100_000_000_000))
        let day = try run(&recommender, view, minutes: 24 * 60).status
        let late = try #require(day.recommendation?.first)
        // 200m is in the bucket that ends at 0.2158 cores: 215m, and 15 % of that is 32m.
        let cpu = try #require(late.target[.cpu]?.milliValue)
        #expect(cpu == 247)
        #expect(late.target[.memory].map { $0.value >= 575 << 20 && $0.value < 610 << 20 } == true)
        #expect(late.lowerBound[.cpu].map { $0.milliValue >= cpu - 1 } == true)
        // A day of samples: twice the percentile.
        #expect(late.upperBound[.cpu].map { abs($0.milliValue - 2 * cpu) <= 2 } == true)
    }

    @Test("policies leave containers and resources out, and cap targets")
    func policies() throws {
        var autoscaler = Sample.autoscaler()
        var off = VerticalPodAutoscaler.ContainerPolicy(containerName: "side")
        off.isOff = true
        var main = VerticalPodAutoscaler.ContainerPolicy(containerName: "main")
        main.controlledResources = [.cpu]
        main.maxAllowed = Sample.amounts(150)
        autoscaler.containerPolicies = [off, main]
        var recommender = ClusterRecommender()
        let found = try run(&recommender, cluster(autoscaler), minutes: 30).status.recommendation ?? []
        #expect(found.count == 1 && found[0].target == Sample.amounts(150) && found[0].upperBound == Sample.amounts(150))
        #expect(found[0].uncappedTarget[.cpu].map { $0.milliValue > 200 } == true)
    }

    @Test("without pods, a target or a known kind it says so", arguments: ["web", "gone", "Widget"])
    func problems(target: String) throws {
        var autoscaler = Sample.autoscaler()
        if target == "Widget" { autoscaler.targetKind = target } else { autoscaler.targetName = target }
        let view = cluster(autoscaler)
        for pod in view.pods { view.remove(pod.key) }
        var recommender = ClusterRecommender()
        let status = try run(&recommender, view, minutes: 1).status
        #expect(status.conditions.isTrue("NoPodsMatched") && !status.conditions.isTrue("RecommendationProvided"))
        #expect(status.conditions.isTrue("ConfigUnsupported") == (target != "web"))
        #expect(status.recommendation == [])
    }

    @Test("a kill for want of memory raises the target, once")
    func outOfMemory() throws {
        let view = cluster()
        var recommender = ClusterRecommender()
        let before = try run(&recommender, view, minutes: 60).status.recommendation?[0].target[.memory]
        for pod in view.pods {
            view.changePod(pod.key) { pod in
                var status = ContainerStatus(name: "main")
                status.restartCount = 1
                status.lastTermination = .terminated(
                    exitCode: 137, reason: "OOMKilled", startedAt: .start, finishedAt: view.now)
                pod.status.containerStatuses = [status]
            }
        }
        let after = try run(&recommender, view, minutes: 1).status.recommendation?[0].target[.memory]
        // A request of 1 GiB and a fifth, with the margin.
        #expect(before.map { $0.value < 620 << 20 } == true)
        #expect(after.map { $0.value >= 1_413 << 20 && $0.value < 1_500 << 20 } == true)
        let later = try run(&recommender, view, minutes: 5).status.recommendation?[0].target[.memory]
        #expect(later == after)
    }

    @Test("a target that has not changed is not told again, and one that is gone is forgotten")
    func events() throws {
        let view = cluster()
        var recommender = ClusterRecommender()
        _ = try run(&recommender, view, minutes: 1)
        view.now = view.now + .minutes(1)
        let step = recommender.step(in: view)
        #expect(step.events.isEmpty && step.actions.count == 1)
        view.remove(ObjectKey(.verticalPodAutoscaler, namespace: "default", name: "web"))
        let idle = recommender.step(in: view)
        #expect(idle.actions.isEmpty)
        view.add(.verticalPodAutoscaler(Sample.autoscaler()))
        view.metrics = AbsentMetrics()
        let blind = try run(&recommender, view, minutes: 1).status
        #expect(blind.recommendation == [])
    }
}
