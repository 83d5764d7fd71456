import Foundation
import Simulation
import Testing

@Suite("All controllers under real conditions")
struct ConditionsTests {
    /// `ORRERY_CONDITIONS=1..2000` tries other seeds than the quick ones, `ORRERY_CONDITIONS=17` tells the story of one.
    private static let request = ProcessInfo.processInfo.environment["ORRERY_CONDITIONS"]

    private static var seeds: [Int] {
        guard let request else { return Array(1...60) }
        let ends = request.components(separatedBy: "..").compactMap { Int($0) }
        guard let first = ends.first, let last = ends.last, first <= last else { return [] }
        return Array(first...last)
    }

    @Test("keep what must always hold, and reach the desired state once all is well", arguments: seeds)
    func trial(seed: Int) {
        var trial = Trial(seed: seed)
        let problem = trial.run()
        if Self.request == String(seed) { trial.log.forEach { print($0) } }
        #expect(
            problem == nil,
            "seed \(seed), event \(trial.world.events): \(problem ?? ""); repeat with ORRERY_CONDITIONS=\(seed)")
    }

    @Test("do so as well when they read the store as it is", arguments: 1...8)
    func current(seed: Int) {
        var trial = Trial(seed: seed, isCurrent: true)
        let problem = trial.run()
        #expect(problem == nil, "seed \(seed), event \(trial.world.events): \(problem ?? "")")
    }
}
