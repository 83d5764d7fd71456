import Chronology
import Faults
import Foundation
import KubernetesAPI
import Observations
import Scenarios
import Simulation
import Testing

/// Keeps what the fault of the article did.
private final class Notes: SelectiveObserver {
    var faults: [FaultRow] = []
    var ends: [Instant] = []
    func fault(_ row: FaultRow) { faults.append(row) }
    func podInterval(_ row: PodIntervalRow) { if row.state == .succeeded { ends.append(row.from) } }
}

@Suite("What the articles on extensions show is compiled, and works")
struct ExtensionTests {
    static let fault = "Sources/orrery/orrery.docc/WriteAFault.md"
    static let plugin = "Sources/SchedulingFramework/SchedulingFramework.docc/WriteYourOwnPolicy.md"

    /// Returns the blocks of a language, in order.
    static func blocks(of article: String, _ language: String) -> [String] {
        let parts = Articles.text(article).components(separatedBy: "```")
        return parts.enumerated().filter { $0.offset % 2 == 1 && $0.element.hasPrefix(language + "\n") }
            .map { String($0.element.dropFirst(language.count + 1)) }
    }

    /// Returns the lines of code, without imports, comments (unless `keepsDocumentation`) and empty lines.
    static func code(_ text: String, keepsDocumentation: Bool = false) -> [String] {
        text.components(separatedBy: "\n").filter { line in
            let start = line.drop { $0 == " " }
            if start.isEmpty || start.hasPrefix("import ") || start.hasPrefix("package import ") { return false }
            if start.hasPrefix("///") { return keepsDocumentation }
            return !start.hasPrefix("//")
        }
    }

    @Test("the code of the fault is that of the fixture, the code of the plugin that of the policy and its registry")
    func listings() throws {
        let fixture = Articles.text("Tests/DocumentationTests/Fixtures/RackOverheating.swift")
        let shown = try #require(Self.blocks(of: Self.fault, "swift").first)
        #expect(Self.code(shown, keepsDocumentation: true) == Self.code(fixture, keepsDocumentation: true))
        #expect(Self.code(shown).count > 8)

        let policy = Articles.text("Sources/SchedulingFramework/Policies/OwnerPacking.swift")
        let blocks = Self.blocks(of: Self.plugin, "swift")
        try #require(blocks.count == 2)
        #expect(Self.code(blocks[0]) == Self.code(policy))
        let registry = Articles.text("Sources/SchedulingFramework/Extension/PluginRegistry.swift")
        #expect(registry.contains("        " + blocks[1]))
    }

    @Test("the fault of the article slows the machines of its rack, and no others")
    func overheating() throws {
        let section = try #require(Self.blocks(of: Self.fault, "yaml").first)
        // The decoder knows what is registered: a kind of the same options stands in until the setup is made.
        let known = section.replacingOccurrences(of: RackOverheating.name, with: NodeSlow.name)
        let indented = known.split(separator: "\n").map { "  \($0)\n" }.joined()
        let scenario = """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: fan}
            spec:
              duration: 4h
              workloads: [{match: {kind: Job}, startDelay: 0s, runTime: 2h}]
            \(indented)
            """
        let job = """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: work}
            spec:
              parallelism: 4
              completions: 4
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: work, image: "example.com/work:1", resources: {requests: {cpu: 1500m}}}]
            """
        var request = RunRequest()
        request.scenario = "scenario.yaml"
        let loaded = ScenarioLoader.reload(
            inputs: [("request", request.text), ("scenario.yaml", scenario), ("manifests/job.yaml", job)])
        var setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        let asked = try #require(setup.faults.first)
        setup.faults = [
            FaultSpec(
                name: asked.name, kind: RackOverheating.self, timing: asked.timing, targets: asked.targets,
                duration: asked.duration, settings: asked.settings)
        ]
        let notes = Notes()
        var world = World(setup, observer: notes)
        world.run()

        let row = try #require(notes.faults.first)
        #expect(row.kind == "RackOverheating")
        #expect(row.target == "us-east-1a-rack-1")
        #expect(row.from == .start + .hours(1) && row.to == .start + .minutes(90))
        // Half an hour at 40 % of the speed costs the two machines of the rack 18 minutes.
        let ends = notes.ends.sorted()
        try #require(ends.count == 4)
        #expect(ends[1] - ends[0] < .seconds(30) && ends[3] - ends[2] < .seconds(30))
        #expect(ends[2] - ends[1] > .seconds(1_050) && ends[2] - ends[1] < .seconds(1_110))
    }
}
