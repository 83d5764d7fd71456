import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Autoscalers

@Suite("Whom the updater evicts") struct VerticalUpdaterTests {
    private typealias Sample = VerticalSample

    private func recommended(_ mode: VerticalPodAutoscaler.UpdateMode = .recreate) -> VerticalPodAutoscaler {
        Sample.autoscaler(
            "web", mode,
            [
                Sample.recommendation(
                    "main", Sample.amounts(300, 256), lower: Sample.amounts(200, 200), upper: Sample.amounts(400, 300))
            ])
    }

    private func evicted(
        _ view: FakeView, _ autoscaler: VerticalPodAutoscaler, budget: Int = .max
    ) -> (granted: [String], refused: [String]) {
        view.add(.verticalPodAutoscaler(autoscaler))
        var left = budget
        let found = VerticalUpdater().run(in: view) { _ in
            left -= 1
            return left < 0 ? .disruptionBudget(name: "web") : nil
        }
        return (
            found.filter { $0.error == nil }.map(\.pod.name), found.filter { $0.error != nil }.map(\.pod.name)
        )
    }

    @Test(
        "half of the replicas may be away, and none of fewer than two go",
        arguments: [
            (1, 0, nil, nil, 0), (1, 0, 1, nil, 1), (2, 0, nil, nil, 1), (3, 0, nil, nil, 1), (4, 0, nil, nil, 2),
            (5, 0, nil, nil, 2), (10, 0, nil, nil, 5), (4, 0, 5, nil, 0),
            // One is away already.
            (4, 0, nil, 3, 1), (4, 0, nil, 2, 0), (2, 0, nil, 1, 0),
            // One that does not run yet may always go.
            (4, 1, nil, nil, 2), (4, 2, nil, nil, 2),
        ] as [(Int64, Int, Int64?, Int64?, Int)])
    func tolerance(replicas: Int64, pending: Int, minReplicas: Int64?, alive: Int64?, count: Int) {
        var autoscaler = recommended()
        autoscaler.minReplicas = minReplicas
        let view = Sample.cluster(replicas: replicas, pending: pending, alive: alive)
        #expect(evicted(view, autoscaler).granted.count == count)
    }

    @Test(
        "modes", arguments: [(.off, 0), (.initial, 0), (.recreate, 1), (.auto, 1), (.inPlaceOrRecreate, 1)] as [(VerticalPodAutoscaler.UpdateMode, Int)])
    func modes(mode: VerticalPodAutoscaler.UpdateMode, count: Int) {
        #expect(evicted(Sample.cluster(), recommended(mode)).granted.count == count)
    }

    @Test("a pod that a budget keeps does not use up the tolerance")
    func budget() {
        let found = evicted(Sample.cluster(replicas: 4), recommended(), budget: 1)
        #expect(found.granted == ["web-1-0"] && found.refused == ["web-1-1", "web-1-2", "web-1-3"])
    }

    @Test("the older of two autoscalers decides, and none without a recommendation")
    func strongest() {
        let view = Sample.cluster()
        view.add(.verticalPodAutoscaler(Sample.autoscaler("a")))
        #expect(evicted(view, recommended()).granted.isEmpty)
        #expect(evicted(Sample.cluster(), Sample.autoscaler()).granted.isEmpty)
    }

    @Test("a replica set of a deployment is nobody's target")
    func inner() {
        var autoscaler = recommended()
        (autoscaler.targetKind, autoscaler.targetName) = ("ReplicaSet", "web-1")
        #expect(evicted(Sample.cluster(), autoscaler).granted.isEmpty)
    }
}
