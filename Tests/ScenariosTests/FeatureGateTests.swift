import KubernetesAPI
import Scenarios
import Simulation
import Testing

@Suite("Feature gates that are off in v1.36")
struct FeatureGateTests {
    private static let manifest = """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: workers}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          minReplicas: 0
          maxReplicas: 5
          metrics: [{type: External, external: {metric: {name: queue}, target: {type: AverageValue, averageValue: 10}}}]
        ---
        """ + "\n" + ScenarioFixtures.web

    private static let metric = "  metrics: [{name: queue, type: External, value: 5}]"

    @Test("without HPAScaleToZero nothing goes to no replicas")
    func off() {
        let errors = ScenarioFixtures.errors(ScenarioFixtures.load(spec: Self.metric, manifest: Self.manifest))
        #expect(errors.count == 1)
        #expect(errors.allSatisfy { $0.contains("web.yaml:1:1: error: spec.minReplicas: 0 is taken") }, "\(errors)")
    }

    @Test("with it it may")
    func on() {
        let loaded = ScenarioFixtures.load(
            spec: Self.metric + "\n  parameters: {featureGates.HPAScaleToZero: true}", manifest: Self.manifest)
        #expect(ScenarioFixtures.errors(loaded) == [] && loaded.setup?.parameters.scalesToZero == true)
    }

    @Test("a gate is on or off")
    func wrong() {
        let loaded = ScenarioFixtures.load(spec: "  parameters: {featureGates.HPAScaleToZero: 1}")
        #expect(ScenarioFixtures.errors(loaded).contains { $0.contains("expected true or false") })
    }
}
