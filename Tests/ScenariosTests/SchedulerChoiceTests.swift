import Foundation
import KubernetesAPI
import Scenarios
import Scheduler
import Simulation
import Testing

@Suite("The scheduler's configuration comes from the command line, the scenario or the manifests")
struct SchedulerChoiceTests {
    /// A configuration with one profile of this name beside the default one.
    private static func profile(_ name: String) -> String {
        SchedulerFile.head + "profiles: [{schedulerName: default-scheduler}, {schedulerName: \(name)}]\n"
    }

    private static func names(_ loaded: LoadedScenario) -> [String]? {
        loaded.setup?.scheduler.profiles.map(\.schedulerName)
    }

    private static let packed = ScenarioFixtures.web.replacing("    spec:\n", with: "    spec:\n      schedulerName: packed\n")

    @Test("a file beside the scenario is read, with the scenario's mode, and kept for a replay")
    func scenario() throws {
        let loaded = ScenarioFixtures.load(
            spec: "  scheduler: {configuration: s.yaml, mode: upstream, tieBreak: upstream136}",
            files: [("s.yaml", Self.profile("packed"))])
        #expect(ScenarioFixtures.errors(loaded) == [])
        let setup = try #require(loaded.setup)
        #expect(setup.scheduler.profiles.map(\.schedulerName) == ["default-scheduler", "packed"])
        #expect(setup.scheduler.mode == .upstream)
        #expect(setup.inputs.map(\.name).contains("s.yaml"))
        let again = try #require(ScenarioLoader.reload(inputs: setup.inputs).setup)
        #expect(ScenarioFixtures.canonical(again) == ScenarioFixtures.canonical(setup))
    }

    @Test("a file named on the command line stands above the scenario's, and is kept under its own name")
    func request() throws {
        try ScenarioFixtures.withFolder([
            (
                "a/scenario.yaml",
                "apiVersion: orrery.dev/v1\nkind: Scenario\nmetadata: {name: a}\nspec:\n"
                    + "  scheduler: {configuration: s.yaml}\n  pools: [{name: a, machineType: m6i.large, count: 2}]\n"
            ),
            ("a/s.yaml", Self.profile("of-the-scenario")), ("s.yaml", Self.profile("of-the-request")),
            ("a/manifests/web.yaml", ScenarioFixtures.web),
        ]) { folder in
            var request = RunRequest()
            request.scenario = folder + "/a"
            #expect(Self.names(ScenarioLoader.load(request)) == ["default-scheduler", "of-the-scenario"])
            request.schedulerConfiguration = folder + "/s.yaml"
            let loaded = ScenarioLoader.load(request)
            #expect(ScenarioFixtures.errors(loaded) == [])
            let setup = try #require(loaded.setup)
            #expect(Self.names(loaded) == ["default-scheduler", "of-the-request"])
            #expect(!setup.inputs.contains { $0.text.contains(folder) })
            let again = try #require(ScenarioLoader.reload(inputs: setup.inputs).setup)
            #expect(ScenarioFixtures.canonical(again) == ScenarioFixtures.canonical(setup))
        }
    }

    @Test("a configuration among the manifests is taken; a named one stands above it, with a warning")
    func manifest() {
        let manifest = Self.packed + "\n---\n" + Self.profile("packed")
        let found = ScenarioFixtures.load(spec: "  seed: 1", manifest: manifest)
        #expect(ScenarioFixtures.errors(found) == [] && ScenarioFixtures.warnings(found) == [])
        #expect(Self.names(found) == ["default-scheduler", "packed"])
        let named = ScenarioFixtures.load(
            spec: "  scheduler: {configuration: s.yaml}", files: [("s.yaml", Self.profile("packed"))], manifest: manifest)
        #expect(
            ScenarioFixtures.warnings(named) == [
                "manifests/web.yaml:16:1: warning: this configuration of the scheduler is passed over: s.yaml counts"
            ])
    }

    @Test("two configurations among the manifests are an error, and so is one that a change applies")
    func twins() {
        let manifest = Self.profile("a") + "---\n" + Self.profile("b") + "---\n" + ScenarioFixtures.web
        #expect(
            ScenarioFixtures.errors(ScenarioFixtures.load(spec: "  seed: 1", manifest: manifest)) == [
                "manifests/web.yaml:5:1: error: another KubeSchedulerConfiguration stands in manifests/web.yaml:1:1 "
                    + "(expected one; it may have several profiles)"
            ])
        let applied = ScenarioFixtures.load(
            spec: "  changes: [{at: 1h, apply: later.yaml}]", files: [("later.yaml", Self.profile("a"))])
        #expect(
            ScenarioFixtures.errors(applied) == [
                "later.yaml:1:1: error: a configuration of the scheduler cannot be applied "
                    + "(expected spec.scheduler.configuration in the scenario)"
            ])
    }

    @Test("errors in the file are told with its places, and a missing file by its name")
    func mistakes() {
        let spec = "  scheduler: {configuration: s.yaml}"
        let wrong = ScenarioFixtures.load(
            spec: spec, files: [("s.yaml", SchedulerFile.head + "percentageOfNodesToScore: many")])
        #expect(
            ScenarioFixtures.errors(wrong) == [
                "s.yaml:3:27: error: percentageOfNodesToScore: found the text \"many\" "
                    + "(expected a whole number from 0 to 100)"
            ])
        let several = ScenarioFixtures.load(
            spec: spec, files: [("s.yaml", Self.profile("a") + "---\n" + Self.profile("b"))])
        #expect(
            ScenarioFixtures.errors(several) == [
                "s.yaml: error: the file holds 2 documents (expected one KubeSchedulerConfiguration)"
            ])
        #expect(ScenarioFixtures.errors(ScenarioFixtures.load(spec: spec)).count == 1)
    }

    @Test("pods whose scheduler does not exist are warned of, with the nearest name")
    func unserved() {
        let loaded = ScenarioFixtures.load(
            spec: "  scheduler: {configuration: s.yaml}", files: [("s.yaml", Self.profile("packd"))],
            manifest: Self.packed)
        #expect(ScenarioFixtures.errors(loaded) == [])
        #expect(
            ScenarioFixtures.warnings(loaded) == [
                "manifests/web.yaml:1:1: warning: Deployment default/web: no scheduler has the name \"packed\": its pods "
                    + "stay Pending (expected one of default-scheduler, packd; did you mean \"packd\"?)"
            ])
    }

    @Test("pods whose priority class does not exist are warned of; those of every cluster need no object")
    func unranked() {
        let ranked = ScenarioFixtures.web.replacingOccurrences(
            of: "      containers:", with: "      priorityClassName: CLASS\n      containers:")
        func warnings(_ name: String, _ objects: String = "") -> [String] {
            ScenarioFixtures.warnings(
                ScenarioFixtures.load(
                    spec: "", manifest: ranked.replacingOccurrences(of: "CLASS", with: name) + objects))
        }
        let own = "\n---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 5\n"
        #expect(warnings("system-node-critical") == [])
        #expect(warnings("high", own) == [])
        #expect(
            warnings("hihg", own) == [
                "manifests/web.yaml:1:1: warning: Deployment default/web: no PriorityClass has the name \"hihg\": its pods "
                    + "are not created (expected one of system-cluster-critical, system-node-critical, high; did you mean "
                    + "\"high\"?)"
            ])
    }

    /// What `record` says, and what follows from it.
    struct RecordRow: Sendable, CustomStringConvertible {
        let description: String
        let text: String
        let detail: DecisionDetail?
    }

    @Test(
        "the attempts that are kept in full are chosen by name or by share",
        arguments: [
            RecordRow(description: "none by default", text: "{}", detail: DecisionDetail.none),
            RecordRow(description: "failed ones", text: "{schedulerDetail: failed}", detail: .failed),
            RecordRow(description: "all", text: "{schedulerDetail: all}", detail: .all),
            RecordRow(
                description: "a share", text: "{schedulerDetail: 2.5%}", detail: .share(partsPerMillion: 25_000)),
            RecordRow(description: "another word", text: "{schedulerDetail: some}", detail: nil),
            RecordRow(description: "more than all", text: "{schedulerDetail: 101%}", detail: nil),
        ])
    func record(row: RecordRow) {
        let loaded = ScenarioFixtures.load(spec: "  record: \(row.text)")
        #expect(loaded.setup?.decisionDetail == row.detail)
        #expect(ScenarioFixtures.errors(loaded).count == (row.detail == nil ? 1 : 0))
    }

    @Test("a percentage has no effect when every node is looked at, and is warned of")
    func share() {
        let file = ("s.yaml", SchedulerFile.head + "percentageOfNodesToScore: 50\n")
        let exhaustive = ScenarioFixtures.load(spec: "  scheduler: {configuration: s.yaml}", files: [file])
        #expect(
            ScenarioFixtures.warnings(exhaustive) == [
                "s.yaml:1:1: warning: percentageOfNodesToScore: every node is looked at: it has no effect "
                    + "(expected mode: upstream under scheduler in the scenario)"
            ])
        let upstream = ScenarioFixtures.load(spec: "  scheduler: {configuration: s.yaml, mode: upstream}", files: [file])
        #expect(ScenarioFixtures.warnings(upstream) == [])
        #expect(upstream.setup?.scheduler.percentageOfNodesToScore == 50)
    }
}
