import KubernetesAPI
import Scenarios

extension SwarmCase {
    /// Returns the case as the repository keeps scenarios: with a name, a title that says the cause in one line, and
    /// something that it asserts.
    package func regression(named name: String, cause: String, origin: String) -> SwarmCase {
        guard let tree = CaseTree(self), let scenario = tree.scenario, let spec = scenario["spec"]?.entries else {
            return self
        }
        let assertion = ManifestTree.mapping([("metric", .text("pods.pending")), ("equals", .number(0))])
        let whole = ManifestTree.mapping([
            ("apiVersion", .text("orrery.dev/v1")), ("kind", .text("Scenario")),
            ("metadata", .texts([("name", name), ("title", cause), ("description", origin)])),
            (
                "spec",
                .mapping(
                    spec.filter { $0.key != "assert" }.map { ($0.key, $0.value) }
                        + [("assert", scenario["spec"]?["assert"] ?? .sequence([assertion]))])
            ),
        ])
        let text = TreePrinter.yaml(whole)
        return SwarmCase(
            files: files.map { $0.name == Self.scenarioName ? File(name: $0.name, text: text) : $0 })
    }
}
