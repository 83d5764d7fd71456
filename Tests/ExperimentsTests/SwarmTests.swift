import Chronology
import Faults
import Foundation
import KubernetesAPI
import Scenarios
import Simulation
import Testing

@testable import Experiments

@Suite("The swarm")
struct SwarmTests {
    /// `ORRERY_SWARM=1..2000` tries other seeds than the quick ones.
    private static var seeds: [UInt64] {
        let request = ProcessInfo.processInfo.environment["ORRERY_SWARM"] ?? "1..30"
        let ends = request.components(separatedBy: "..").compactMap { UInt64($0) }
        guard let first = ends.first, let last = ends.last, first <= last else { return [] }
        return Array(first...last)
    }

    @Test("keeps every invariant, and settles once all is mended", arguments: seeds)
    func holds(seed: UInt64) {
        let outcome = SwarmCheck().outcome(of: .ofSeed(seed))
        #expect(outcome.failure == nil, "orrery swarm --seeds \(seed)..\(seed)")
        #expect(outcome.isJudged && outcome.settling != nil, "seed \(seed) was not asked whether it settles")
    }

    @Test("takes machines that evict pod after pod for want of memory for settled", arguments: [91_811, 93_288])
    func overfull(seed: UInt64) {
        let outcome = SwarmCheck().outcome(of: .ofSeed(seed))
        #expect(outcome.failure == nil && outcome.isJudged, "orrery swarm --seeds \(seed)..\(seed)")
    }

    @Test("runs a seed twice in the same way")
    func repeats() {
        for seed in [UInt64(3), 8] {
            #expect(SwarmCase.ofSeed(seed) == SwarmCase.ofSeed(seed))
            #expect(SwarmCheck().outcome(of: .ofSeed(seed)) == SwarmCheck().outcome(of: .ofSeed(seed)))
        }
        #expect(SwarmCase.ofSeed(3) != SwarmCase.ofSeed(4))
    }

    @Test("draws scenarios that can be loaded, with every kind of fault and every feature among them")
    func draws() {
        var kinds: Set<String> = []
        var modes: Set<VerticalPodAutoscaler.UpdateMode> = []
        var on: [SwarmFeature: Int] = [:]
        let count = 100
        for seed in 1...UInt64(count) {
            let drawn = SwarmCase.ofSeed(seed)
            let loaded = drawn.load()
            #expect(!loaded.hasErrors, "seed \(seed): \(loaded.diagnostics.first.map { "\($0)" } ?? "")")
            for fault in loaded.setup?.faults ?? [] { kinds.insert(fault.kind.name) }
            for case .verticalPodAutoscaler(let autoscaler) in loaded.setup?.objects ?? [] {
                modes.insert(autoscaler.updateMode)
            }
            for feature in SwarmFeature.allCases {
                var dice = SwarmDice(seed: seed, purpose: "feature." + feature.rawValue)
                if dice.hits(50) { on[feature, default: 0] += 1 }
            }
        }
        #expect(kinds == Set(FaultRegistry.kinds.map { $0.name }))
        // In place is what the others are, and warned of.
        #expect(modes == Set(VerticalPodAutoscaler.UpdateMode.allCases).subtracting([.inPlaceOrRecreate]))
        // Neither never nor always, for each by itself: 50 give or take five deviations.
        for feature in SwarmFeature.allCases { #expect((25...75).contains(on[feature] ?? 0), "\(feature)") }
    }

    @Test("tells every result in one line", arguments: [nil, SwarmFailure(.crash, "a\tb\\", "two\nlines", event: 7)])
    func lines(failure: SwarmFailure?) throws {
        var outcome = SwarmCheck.Outcome(failure: failure, events: 12, digest: "ab")
        outcome.lastDisturbance = .seconds(3)
        outcome.settling = failure == nil ? .minutes(2) : nil
        outcome.isJudged = true
        let line = SwarmLine.ended(9, outcome)
        #expect(!line.text.contains("\n"))
        #expect(SwarmLine(line.text) == line)
        #expect(SwarmLine(SwarmLine.began(9).text) == .began(9))
        #expect(SwarmLine("Fatal error: nothing of ours") == nil)
    }

    // MARK: - Workers

    /// A shell that plays the worker: seeds in `killed` end it, the others are clean.
    private func swarm(_ parallelism: Int, killed: String) -> Swarm {
        let script = """
            seed=$0
            while [ $seed -le $1 ]; do
              printf 'orrery-swarm\\tbegan\\t%d\\n' $seed
              case " \(killed) " in *" $seed "*) echo "Place/File.swift:3: Fatal error: broken" >&2; kill -9 $$ ;; esac
              printf 'orrery-swarm\\tended\\t%d\\t10\\td%d\\t0\\t5\\t1\\n' $seed $seed
              seed=$((seed + 1))
            done
            """
        return Swarm(
            seeds: 1...120, parallelism: parallelism, worker: SwarmWorker(program: URL(fileURLWithPath: "/bin/sh"))
        ) { ["-c", script, "\($0.lowerBound)", "\($0.upperBound)"] }
    }

    @Test("loses no seed when workers die, and gives the same result at any parallelism")
    func workers() throws {
        let report = try swarm(1, killed: "1 50 51 77 120").run { _ in true }
        #expect(report.count == 120)
        #expect(report.events == 1_150)
        #expect(report.failures.map(\.seed) == [1, 50, 51, 77, 120])
        let expected = SwarmFailure(.crash, "Place/File.swift:3", "Place/File.swift:3: Fatal error: broken")
        #expect(report.failures.allSatisfy { $0.failure == expected })
        let other = try swarm(3, killed: "1 50 51 77 120").run { _ in true }
        #expect(other.digest == report.digest && other.failures == report.failures && other.count == 120)
        let clean = try swarm(2, killed: "").run { _ in true }
        #expect(clean.failures.isEmpty && clean.settled == 120 && clean.digest != report.digest)
    }

    @Test("stops when nobody wants to hear more")
    func stops() throws {
        let report = try swarm(1, killed: "").run { $0.count < 5 }
        #expect(report.count == 5)
    }
}
