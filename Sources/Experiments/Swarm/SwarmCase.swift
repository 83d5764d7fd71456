import KubernetesAPI
package import Scenarios

/// A scenario and its manifests as texts by name, as they stand in a folder.
package struct SwarmCase: Hashable, Sendable {
    /// A text and its name in the folder.
    package struct File: Hashable, Sendable {
        package let name: String
        package let text: String

        package init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// The name of the scenario's file.
    package static let scenarioName = "scenario.yaml"

    /// The scenario first, then what it names, in name order.
    package var files: [File]

    package init(files: [File]) { self.files = files }

    /// Makes a run of it.
    package func load() -> LoadedScenario {
        var request = RunRequest()
        request.scenario = Self.scenarioName
        return ScenarioLoader.reload(
            inputs: [(ScenarioLoader.requestName, request.text)] + files.map { ($0.name, $0.text) })
    }
}

extension SwarmCase {
    /// Returns the scenario of a seed of the swarm; the same seed gives the same texts.
    package static func ofSeed(_ seed: UInt64) -> SwarmCase { SwarmDraw.scenario(of: seed) }
}
