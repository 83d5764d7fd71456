import Costs
import KubernetesAPI
import Scenarios
import Simulation
import Testing

@Suite("Commitments of a scenario")
struct CommitmentSectionTests {
    private func load(_ entry: String) -> LoadedScenario {
        ScenarioFixtures.load(
            spec: "  pools: [{name: a, machineType: m6i.large, count: 2, zones: [us-east-1a]}]\n"
                + "  prices:\n    commitments:\n      - {name: p, \(entry)}")
    }

    @Test(
        "a plan costs the same an hour however it is paid",
        arguments: [("noUpfront", "0", "0.5"), ("partialUpfront", "2190", "0.25"), ("allUpfront", "4380", "0")])
    func payment(payment: String, upfront: String, recurring: String) throws {
        let loaded = load("kind: computeSavingsPlan, hourly: 0.5, discount: 28%, payment: \(payment)")
        let plan = try #require(loaded.setup?.commitments.commitments.first, "\(loaded.diagnostics)")
        #expect(plan.hourly == NanoDollars(parsing: "0.5"))
        #expect(plan.upfront == NanoDollars(parsing: upfront) && plan.recurring == NanoDollars(parsing: recurring))
        #expect(plan.discount == 2_800)
    }

    @Test("a reservation is priced by the machine, and resources by processor and GiB")
    func amounts() throws {
        let reserved = load("kind: reservedInstances, machineType: m6i.large, count: 3, hourly: 0.06, upfront: 8.76")
        #expect(reserved.setup?.commitments.commitments.first?.hourly == NanoDollars(parsing: "0.183"))
        let resources = load(
            "kind: committedResources, series: n2, vcpus: 8, memory: 32Gi, perVCPU: 0.02, perGiB: 0.003")
        #expect(resources.setup?.commitments.commitments.first?.hourly == NanoDollars(parsing: "0.256"))
    }

    @Test("a commitment that covers no machine is named in a warning")
    func idle() {
        let loaded = load("kind: instanceSavingsPlan, family: c5, hourly: 0.1, discount: 30%")
        #expect(
            loaded.diagnostics.map(\.message) == [
                "no on-demand machine of the scenario is covered by the commitment p: all of it is waste"
            ])
        #expect(loaded.setup != nil)
    }

    @Test(
        "a mistake is answered with its place",
        arguments: [
            ("kind: computeSavingPlan", "8:25: error: spec.prices.commitments[0].kind"),
            ("kind: computeSavingsPlan, discount: 28%", "8:9: error: spec.prices.commitments[0].hourly"),
            ("kind: computeSavingsPlan, hourly: 1", "8:9: error: spec.prices.commitments[0].discount"),
            ("kind: reservedInstances, machineType: m6i.larg, hourly: 1", "8:9: error: spec.prices.commitments[0].machineType"),
            ("kind: flexibleCommitment, hourly: 1, discount: 128%", "8:66: error: spec.prices.commitments[0].discount"),
        ])
    func mistakes(entry: String, expected: String) {
        let loaded = load(entry)
        #expect(ScenarioFixtures.errors(loaded).contains { $0.contains(expected) }, "\(loaded.diagnostics)")
        #expect(loaded.setup == nil)
    }
}
