import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Controllers

@Suite("The pods that an autoscaler measures")
struct TargetPodsTests {
    @Test(
        arguments: [
            ("main", "missing request for cpu in container main of Pod a"),
            ("proxy", "container proxy not found in Pod a"),
        ])
    func `every one must have the container, and its request`(container: String, message: String) throws {
        let view = FakeView()
        var pod = Fixtures.pod("a", node: "n1")
        pod.spec.containers = [Container(name: "main", image: "web:1")]
        view.add(.pod(pod))
        var autoscaler = HorizontalPodAutoscaler(metadata: ObjectMeta(name: "web", namespace: "d"))
        var metric = HorizontalPodAutoscaler.Metric(type: "ContainerResource")
        (metric.resource, metric.container, metric.averageUtilization) = (.cpu, container, 50)
        autoscaler.metrics = [metric]
        let requests = TargetPods(autoscaler, selector: LabelSelector(), in: view).requests
        #expect(requests == [.failure(CalculationError(message))])
    }

    @Test(
        arguments: [
            // The label before and after, whether a look has been taken, whether the change may count.
            (nil, "web", true, true), (nil, "db", true, false), (nil, "db", false, true), ("web", "web", true, true),
            ("web", "db", true, true), ("db", "web", true, true), ("db", "db", true, false),
        ] as [(String?, String, Bool, Bool)])
    func `only a change of those that were counted, or come to be, makes them be read again`(
        before: String?, after: String, isLooked: Bool, mayCount: Bool
    ) {
        func pod(_ label: String) -> Pod {
            var pod = Fixtures.pod("a", node: "n1")
            pod.metadata.labels = ["app": label]
            return pod
        }
        let selector = LabelSelector(matchLabels: ["app": "web"])
        let autoscaler = HorizontalPodAutoscaler(metadata: ObjectMeta(name: "web", namespace: "d"))
        var memory = AutoscalerMemory(nextSync: .start)
        if isLooked { memory.pods = (1, 0, selector, TargetPods(autoscaler, selector: selector, in: FakeView())) }
        let change: WatchEvent =
            before.map { .modified(old: .pod(pod($0)), new: .pod(pod(after))) } ?? .added(.pod(pod(after)))
        #expect(memory.mayCount(pod(after), of: change) == mayCount)
    }
}
