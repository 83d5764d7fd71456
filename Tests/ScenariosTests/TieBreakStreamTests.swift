import Chronology
import Observations
import Scenarios
import Simulation
import Testing
import VirtualTime

@Suite("Streams of tie-breaks")
struct TieBreakStreamTests {
    /// Remembers what chance other than that of ties decided, and where pods went.
    private final class Witness: SelectiveObserver {
        var faults: [FaultRow] = []
        var nodes: [Int32] = []

        func fault(_ row: FaultRow) { faults.append(row) }
        func attempt(_ row: AttemptRow) { nodes.append(row.node) }
    }

    private static let spec = """
          duration: 2h
          pools: [{name: a, machineType: m6i.large, count: 6, zones: us-east-1a}]
          faults: [{name: crash, kind: ControllerCrash, lifetime: {exponential: {mean: 20m}}}]
        """

    private func run(_ settings: [String]) throws -> (digest: String, witness: Witness) {
        let text = "apiVersion: orrery.dev/v1\nkind: Scenario\nmetadata: {name: ties}\nspec:\n\(Self.spec)\n"
        let loaded = ScenarioFixtures.load(text: text, files: [("manifests/web.yaml", ScenarioFixtures.web)]) {
            $0.settings = settings
        }
        let setup = try #require(loaded.setup, "\(ScenarioFixtures.errors(loaded))")
        let witness = Witness()
        var world = World(setup, observer: witness)
        world.run()
        return (world.digest.description, witness)
    }

    @Test("another stream breaks ties in another way, and changes no other chance")
    func streams() throws {
        let seeded = "scheduler.tieBreak=seeded"
        let own = try run([seeded])
        #expect(try run([seeded, "scheduler.tieBreakStream=0"]).digest == own.digest)
        let others = try (1...4).map { try run([seeded, "scheduler.tieBreakStream=\($0)"]) }
        #expect(Set(others.map(\.witness.nodes) + [own.witness.nodes]).count > 1)
        #expect(!own.witness.faults.isEmpty)
        for other in others {
            #expect(other.witness.faults.map(\.from) == own.witness.faults.map(\.from))
            #expect(other.witness.faults.map(\.to) == own.witness.faults.map(\.to))
        }
    }

    @Test("a stream without ties to break is a mistake, and a branch keeps that of its run")
    func mistakes() throws {
        let loaded = ScenarioFixtures.load(spec: "  scheduler: {tieBreakStream: 2}", files: [])
        #expect(ScenarioFixtures.errors(loaded).contains { $0.contains("tieBreak: seeded beside it") })
        let branch = try BranchFixture.load(at: "1h", ["scheduler={tieBreak: seeded, tieBreakStream: 2}"])
        #expect(ScenarioFixtures.errors(branch).contains { $0.contains("the chance of the past follows from it") })
    }
}
