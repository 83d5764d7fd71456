import FakeCluster
import KubernetesAPI
import Testing

@testable import Autoscalers

@Suite("What a new pod gets") struct VerticalAdmissionTests {
    private typealias Sample = VerticalSample

    private func admitted(
        _ container: Container, by autoscalers: [VerticalPodAutoscaler], limits: LimitRange? = nil
    ) -> Container? {
        let view = Sample.cluster(of: [container, Sample.container("sidecar", cpu: 10, memory: 10)])
        for autoscaler in autoscalers { view.add(.verticalPodAutoscaler(autoscaler)) }
        if let limits { view.add(.limitRange(limits)) }
        guard let pod = view.pods.first else { return nil }
        return VerticalAdmission().changed(pod.spec, of: pod, in: view)?.containers[0]
    }

    private func autoscaler(
        _ name: String = "web", _ mode: VerticalPodAutoscaler.UpdateMode = .recreate, cpu: Int64 = 300
    ) -> VerticalPodAutoscaler {
        Sample.autoscaler(name, mode, [Sample.recommendation("main", Sample.amounts(cpu, 256))])
    }

    @Test("requests are the target, and limits keep their proportion")
    func amounts() {
        let found = admitted(
            Sample.container(cpuLimit: 2_000, memoryLimit: 1_024), by: [autoscaler()])
        #expect(found?.requests == Sample.amounts(300, 256))
        #expect(found?.limits == Sample.amounts(600, 256))
        #expect(admitted(Sample.container(cpu: nil, memory: nil), by: [autoscaler()])?.requests == Sample.amounts(300, 256))
        #expect(admitted(Sample.container(cpu: 300, memory: 256), by: [autoscaler()]) == nil)
    }

    @Test("limits stay where only requests are controlled")
    func requestsOnly() {
        var only = autoscaler()
        var policy = VerticalPodAutoscaler.ContainerPolicy(containerName: "*")
        policy.controlledValues = .requestsOnly
        only.containerPolicies = [policy]
        let found = admitted(Sample.container(cpuLimit: 2_000, memoryLimit: 200), by: [only])
        #expect(found?.requests == Sample.amounts(300, 200) && found?.limits == Sample.amounts(2_000, 200))
    }

    @Test(
        "modes", arguments: [(.off, nil), (.initial, 300), (.recreate, 300), (.auto, 300), (.inPlaceOrRecreate, 300)] as [(VerticalPodAutoscaler.UpdateMode, Int64?)])
    func modes(mode: VerticalPodAutoscaler.UpdateMode, wanted: Int64?) {
        #expect(admitted(Sample.container(), by: [autoscaler("web", mode)])?.requests[.cpu]?.milliValue == wanted)
    }

    @Test("the older one decides, at equal ages the first by name; one that is off does not count")
    func strongest() {
        let all = [autoscaler("c", .off, cpu: 100), autoscaler("b", cpu: 200), autoscaler("a", cpu: 400)]
        #expect(admitted(Sample.container(), by: all)?.requests[.cpu]?.milliValue == 400)
        var other = autoscaler()
        other.targetName = "api"
        #expect(admitted(Sample.container(), by: [other, Sample.autoscaler("empty")]) == nil)
    }

    @Test("limit ranges bound what is given")
    func limitRanges() {
        var item = LimitRange.Item(type: "Container")
        item.min = Sample.amounts(500)
        var range = LimitRange(metadata: ObjectMeta(name: "l", namespace: "default"))
        range.items = [item]
        let found = admitted(Sample.container(cpuLimit: 1_000), by: [autoscaler()], limits: range)
        #expect(found?.requests[.cpu]?.milliValue == 500)
    }
}
