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

    @Test("hold and settle now", arguments: names)
    func holds(name: String) throws {
        var request = RunRequest()
        request.scenario = Self.folder + "/" + name
        let loaded = ScenarioLoader.load(request)
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        let outcome = SwarmCheck().outcome(of: setup)
        #expect(outcome.failure == nil, "orrery swarm --scenario scenarios/regressions/\(name)")
        #expect(outcome.isJudged)
    }
}
