import Costs
import Observations
import Scenarios
import Simulation
import Testing

@Suite("The allocation of a scenario's costs")
struct AllocationSectionTests {
    private func load(_ allocation: String) -> LoadedScenario {
        ScenarioFixtures.load(
            spec: "  pools: [{name: a, machineType: m6i.large, count: 2, zones: [us-east-1a]}]\n"
                + "  prices:\n    allocation: \(allocation)")
    }

    @Test("what is said becomes parameters of the run, and nothing else does")
    func listed() throws {
        let said = load(
            "{idle: shareByNode, teamLabel: squad, shared: {namespaces: [shop], labels: {tier: base, a: b}, "
                + "overhead: true, policy: even}}")
        let setup = try #require(said.setup, "\(said.diagnostics)")
        let parameters = setup.header.parameters.filter { $0.name.hasPrefix("prices.allocation") }
        #expect(
            parameters.map { "\($0.name)=\($0.value)" } == [
                "prices.allocation.idle=shareByNode", "prices.allocation.shared.labels=a=b,tier=base",
                "prices.allocation.shared.namespaces=shop", "prices.allocation.shared.overhead=true",
                "prices.allocation.shared.policy=even", "prices.allocation.teamLabel=squad",
            ])
        #expect(setup.header.parameters.map(\.name) == setup.header.parameters.map(\.name).sorted())
        let silent = try #require(load("{}").setup)
        #expect(silent.allocation == AllocationPolicy() && silent.allocation.listed.isEmpty)
    }

    @Test("a namespace that nothing is in is named in a warning, with the nearest one")
    func unknownNamespace() {
        let loaded = load("{shared: {namespaces: [defualt]}}")
        #expect(loaded.setup != nil)
        #expect(
            ScenarioFixtures.warnings(loaded).contains {
                $0.contains("spec.prices.allocation.shared.namespaces") && $0.contains("\"default\"")
            }, "\(loaded.diagnostics)")
    }

    @Test(
        "a mistake is answered with its place",
        arguments: [
            ("{idle: shareByNodes}", "spec.prices.allocation.idle"),
            ("{shared: {policy: weighted}}", "spec.prices.allocation.shared.policy"),
            ("{shared: {label: {a: b}}}", "spec.prices.allocation.shared.label"),
            ("{shared: {labels: {a: \"b,c\"}}}", "spec.prices.allocation.shared.labels"),
            ("{shared: {namespaces: [\"a,b\"]}}", "spec.prices.allocation.shared.namespaces"),
            ("{team: x}", "spec.prices.allocation.team"),
        ])
    func mistakes(allocation: String, place: String) {
        let loaded = load(allocation)
        #expect(ScenarioFixtures.errors(loaded).contains { $0.contains(place) }, "\(loaded.diagnostics)")
    }
}
