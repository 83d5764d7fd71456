import Testing

@testable import Scenarios

/// HorizontalPodAutoscalers whose workload is not there.
@Suite("An autoscaler without a workload is warned of") struct ScaleTargetTests {
    private func warnings(kind: String = "Deployment", name: String, namespace: String = "default") -> [String] {
        let autoscaler = """

            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web, namespace: \(namespace)}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: \(kind), name: \(name)}
              minReplicas: 2
              maxReplicas: 9
              metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
            """
        let rule = "  workloads: [{match: {name: web}, usage: {cpu: 100m, memory: 200Mi}}]\n"
        return ScenarioFixtures.warnings(
            ScenarioFixtures.load(spec: rule, manifest: ScenarioFixtures.web + autoscaler))
    }

    @Test("with the nearest name, or the namespace of one of that name")
    func missing() {
        let slip = warnings(name: "wbe")
        #expect(
            slip.count == 1
                && slip[0].contains(
                    "spec.scaleTargetRef: the manifests have no Deployment default/wbe: nothing is scaled until there is "
                        + "one (did you mean \"web\"?)"),
            "\(slip)")
        let elsewhere = warnings(name: "web", namespace: "shop")
        #expect(elsewhere.count == 1 && elsewhere[0].contains("namespace: default, where there is one"), "\(elsewhere)")
        #expect(warnings(kind: "StatefulSet", name: "web").count == 1)
    }

    @Test("and one with its workload, or with one of a kind of strangers, is not")
    func silent() {
        #expect(warnings(name: "web") == [])
        #expect(warnings(kind: "Rollout", name: "other") == [])
    }
}
