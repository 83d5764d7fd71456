import KubernetesAPI
import Testing

@testable import Scenarios

/// What people have of Helm and hand in as manifests.
@Suite("Hooks and charts of Helm") struct HelmTests {
    private func load(_ texts: [(name: String, text: String)]) -> LoadedManifests {
        ManifestLoader(startDate: ScenarioAssembly.defaultStart).load(texts: texts)
    }

    private func pod(_ name: String, _ hook: String, _ more: String = "") -> String {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: \(name)\(more), annotations: {\"helm.sh/hook\": \"\(hook)\"}}\n"
            + "spec: {containers: [{name: c, image: i}]}\n---\n"
    }

    @Test("hooks that no installation runs are left out, and the others run")
    func hooks() {
        let text =
            pod("a", "test") + pod("b", "pre-delete,post-rollback") + pod("c", "pre-install,pre-upgrade")
            + pod("d", "test", ", uid: 11111111-2222-3333-4444-555555555555")
        let loaded = load([("a.yaml", text)])
        #expect(loaded.objects.map(\.object.metadata.name) == ["c", "d"])
        let found = loaded.diagnostics.filter { $0.severity == .warning }.map(\.message)
        #expect(
            found == [
                "Pod a is a Helm hook (test), which no installation runs: it is left out",
                "Pod b is a Helm hook (pre-delete, post-rollback), which no installation runs: it is left out",
            ])
        #expect(loaded.diagnostics.contains { $0.severity == .note && $0.message.contains("Helm hook") })
    }

    @Test("a chart is one error, and a template names its reason")
    func charts() {
        let template = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n"
        let chart = load([
            ("web/Chart.yaml", "apiVersion: v2\nname: web\n"), ("web/templates/a.yaml", template),
            ("web/values.yaml", "a: 1\n"),
        ])
        #expect(
            chart.diagnostics.map(\.description) == [
                "web/Chart.yaml: error: a Helm chart is not rendered here (expected the output of \"helm template web\")"
            ])
        let lone = load([("a.yaml", template)]).diagnostics.map(\.description)
        #expect(lone.count == 1 && lone[0].contains("hand in the output of \"helm template\""), "\(lone)")
    }
}
