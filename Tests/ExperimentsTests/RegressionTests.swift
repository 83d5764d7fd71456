import Foundation
import Observations
import Scenarios
import Simulation
import Testing

@testable import Experiments

@Suite("Scenarios that once failed")
struct RegressionTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("scenarios/regressions").path

    private static var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    @Test("hold and settle now, and keep their assertions", arguments: names)
    func holds(name: String) throws {
        var request = RunRequest()
        request.scenario = Self.folder + "/" + name
        let loaded = ScenarioLoader.load(request)
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        var check = SwarmCheck()
        check.extra = { world in
            world.outcomes.first { !$0.held }.map { SwarmFailure(.invariant, $0.name, "is \($0.actual)") }
        }
        let outcome = check.outcome(of: setup)
        #expect(outcome.failure == nil, "orrery swarm --scenario scenarios/regressions/\(name)")
        #expect(outcome.isJudged)
    }
}
