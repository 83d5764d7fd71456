import Foundation
import KubernetesAPI
import Machines
import Observations
import Scenarios
import Simulation
import Workloads

/// Scenarios in memory and files in folders of their own, for the tests of loading.
enum ScenarioFixtures {
    /// A Deployment of two replicas called web.
    static let web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
                - name: web
                  image: registry.example.com/web:1
                  resources: {requests: {cpu: 500m, memory: 256Mi}}
        """

    /// Loads a scenario whose `spec` is `spec` (indented by two), with one manifest and further files.
    static func load(
        spec: String, files: [(name: String, text: String)] = [], manifest: String = web,
        change: (inout RunRequest) -> Void = { _ in }
    ) -> LoadedScenario {
        let pools = spec.contains("pools:") ? "" : "  pools: [{name: a, machineType: m6i.large, count: 2}]\n"
        let text = "apiVersion: orrery.dev/v1\nkind: Scenario\nmetadata: {name: test}\nspec:\n\(spec)\n\(pools)"
        return load(text: text, files: files, manifest: manifest, change: change)
    }

    /// Loads a whole scenario text.
    static func load(
        text: String, files: [(name: String, text: String)] = [], manifest: String = web,
        change: (inout RunRequest) -> Void = { _ in }
    ) -> LoadedScenario {
        var request = RunRequest()
        request.scenario = "scenario.yaml"
        change(&request)
        return ScenarioLoader.reload(
            inputs: [("request", request.text), ("scenario.yaml", text), ("manifests/web.yaml", manifest)] + files)
    }

    /// Loads a request without a scenario.
    static func load(
        manifests: [(name: String, text: String)], change: (inout RunRequest) -> Void = { _ in }
    ) -> LoadedScenario {
        var request = RunRequest()
        request.manifests = manifests.map(\.name)
        change(&request)
        return ScenarioLoader.reload(inputs: [("request", request.text)] + manifests)
    }

    /// The errors as lines.
    static func errors(_ loaded: LoadedScenario) -> [String] {
        loaded.diagnostics.filter { $0.severity == .error }.map(\.description)
    }

    /// The warnings as lines.
    static func warnings(_ loaded: LoadedScenario) -> [String] {
        loaded.diagnostics.filter { $0.severity == .warning }.map(\.description)
    }

    /// Everything in a setup that a run depends on, as text that is the same in every process.
    static func canonical(_ setup: WorldSetup) -> String {
        var lines = ["\(setup.name) \(setup.seed) \(setup.startDate) \(setup.horizon)"]
        lines += setup.objects.map { "\($0)" }
        lines += setup.pools.map { "\($0)" }
        lines += setup.changes.map { "\($0)" }
        lines += setup.arrivals.map { "\($0)" }
        lines += setup.workloads.rules.map { "\($0)" }
        lines += setup.services.map { "\($0)" }
        lines += setup.faults.map { "\($0)" }
        // The place is for messages, and names the file as it was given.
        lines += setup.assertions.map { assertion in
            var assertion = assertion
            assertion.place.file = ""
            return "\(assertion)"
        }
        lines += ["\(setup.scheduler) \(setup.decisionDetail)", "\(setup.kubelet)", "\(setup.parameters)", "\(setup.controlPlanePerHour)"]
        var images = setup.images
        lines += ["registry.example.com/web:1", "registry.example.com/web:2", "x:1"].map {
            "\(images.bytes(of: $0) ?? -1)"
        }
        lines += setup.inputs.map { "\($0)" }
        lines += setup.warnings
        return lines.joined(separator: "\n")
    }

    /// Makes a folder with files, hands it to `body`, and removes it.
    static func withFolder<Result>(
        _ files: [(name: String, text: String)], _ body: (String) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("orrery-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in files {
            let place = folder.appendingPathComponent(file.name)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: place)
        }
        return try body(folder.path)
    }

    /// The root of the checkout: the nearest folder above this file that holds `scenarios`.
    static var root: String? {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            let name = folder.appendingPathComponent("scenarios").path
            if FileManager.default.fileExists(atPath: name) { return folder.path }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
