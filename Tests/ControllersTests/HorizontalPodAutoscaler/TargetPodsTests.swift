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
}
