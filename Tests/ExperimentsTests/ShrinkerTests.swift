import Chronology
import Scenarios
import Simulation
import Faults
import Foundation
import KubernetesAPI
import Testing

@testable import Experiments

@Suite("Shrinking")
struct ShrinkerTests {
    /// Fails whenever `isBroken` says so of what was loaded; the failure's message does not count.
    private func judge(
        _ isBroken: @escaping (WorldSetup) -> Bool
    ) -> (SwarmCase) -> SwarmCheck.Outcome {
        { swarmCase in
            guard let setup = swarmCase.load().setup else { return SwarmCheck.Outcome() }
            guard isBroken(setup) else { return SwarmCheck.Outcome(failure: nil, events: 1) }
            return SwarmCheck.Outcome(
                failure: SwarmFailure(.invariant, "artificial", "\(setup.objects.count)", event: 1, at: .seconds(90)))
        }
    }

    private func firstSeed(where isBroken: (WorldSetup) -> Bool) throws -> SwarmCase {
        for seed in UInt64(1)...200 {
            let drawn = SwarmCase.ofSeed(seed)
            if let setup = drawn.load().setup, isBroken(setup) { return drawn }
        }
        throw ExperimentError("no seed is broken")
    }

    @Test("what is left of a scenario is what the failure needs, and no more")
    func minimal() throws {
        // Two faults of one kind and a deployment of three.
        @Sendable func isBroken(_ setup: WorldSetup) -> Bool {
            setup.faults.count { $0.kind.name == "NodeCrash" } >= 2
                && setup.objects.contains {
                    guard case .deployment(let deployment) = $0 else { return false }
                    return deployment.spec.replicas >= 3
                }
        }
        let drawn = try firstSeed(where: isBroken)
        var shrinker = try #require(Shrinker(drawn, judge: judge(isBroken)))
        let result = try shrinker.shrink()
        #expect(result.isMinimal)
        #expect(result.failure.subject == "artificial")
        #expect(result.swarmCase.files.count == 2)
        let manifest = try #require(result.swarmCase.files.last)
        let lines = manifest.text.split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(lines.contains("replicas: 3") && lines.contains("kind: Deployment"))
        for word in ["resources", "strategy", "Probe", "affinity", "tolerations", "requests"] {
            #expect(!manifest.text.contains(word), "\(manifest.text)")
        }
        let scenario = result.swarmCase.files[0].text
        #expect(scenario.components(separatedBy: "NodeCrash").count == 3, "\(scenario)")
        for word in ["changes", "workloads:", "services", "arrivals", "parameters", "images", "scheduler", "target"] {
            #expect(!scenario.contains(word), "\(scenario)")
        }
        // The end comes right behind the failing event.
        #expect(scenario.contains("duration: \"2m\""), "\(scenario)")
        let setup = try #require(result.swarmCase.load().setup)
        #expect(setup.pools.count == 1 && setup.faults.count == 2 && setup.objects.count == 1)

        // Nothing more can go: without any one line of the list of faults it no longer fails or loads.
        var again = try #require(Shrinker(result.swarmCase, judge: judge(isBroken)))
        #expect(try again.shrink().swarmCase == result.swarmCase)
    }

    @Test("a real run fails as an artificial invariant says, until little is left of it")
    func real() throws {
        var check = SwarmCheck()
        // As if a second disturbance of any cluster were a bug.
        check.extra = { world in
            world.lastDisturbance.sinceStart > .seconds(20)
                ? SwarmFailure(.invariant, "late", "", event: world.events, at: world.now.sinceStart) : nil
        }
        let tried = check
        let text = """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: x}
            spec:
              duration: 10m
              pools: [{name: a, machineType: m6i.large, count: 3}, {name: b, machineType: m6i.large, count: 1}]
              faults:
                - {kind: NodeReboot, at: 5s, duration: 3s}
                - {kind: NodeReboot, at: 41.7s, duration: 2.5s, target: {nodes: a-1}}
              changes: [{at: 3s, cordon: a-2}]
            """
        let whole = SwarmCase(files: [SwarmCase.File(name: "scenario.yaml", text: text)])
        var shrinker = try #require(Shrinker(whole) { tried.outcome(of: $0) })
        let result = try shrinker.shrink()
        let setup = try #require(result.swarmCase.load().setup)
        #expect(setup.changes.isEmpty && setup.faults.count == 1 && setup.pools.count == 1)
        #expect(setup.pools[0].count <= 1)
    }

    @Test("what does not fail is not shrunk")
    func clean() {
        #expect(Shrinker(.ofSeed(1), judge: judge { _ in false }) == nil)
    }

    @Test("what mends the cluster stays, so that it does not look unsettled for want of it")
    func mending() throws {
        let text = """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: x}
            spec:
              duration: 50m
              pools: [{name: a, machineType: m6i.large, count: 2}]
              changes:
                - {at: 3s, cordon: a-1}
                - {at: 4s, drain: a-2}
                - {at: 60s, uncordon: a-1}
                - {at: 60s, uncordon: a-2}
            """
        func outcome(_ swarmCase: SwarmCase) -> SwarmCheck.Outcome {
            guard let setup = swarmCase.load().setup else { return SwarmCheck.Outcome() }
            // It fails as long as a machine is cordoned; nobody may blame it on the missing end of that.
            let isCordoned = setup.changes.contains { if case .cordon = $0.act { true } else { false } }
            var outcome = SwarmCheck.Outcome()
            outcome.lastDisturbance = setup.changes.map(\.at.sinceStart).max() ?? .zero
            if isCordoned { outcome.failure = SwarmFailure(.unsettled, "words", "") }
            return outcome
        }
        let whole = SwarmCase(files: [SwarmCase.File(name: "scenario.yaml", text: text)])
        var shrinker = try #require(Shrinker(whole, judge: outcome))
        let setup = try #require(try shrinker.shrink().swarmCase.load().setup)
        #expect(setup.changes.count == 2, "\(setup.changes)")
    }
}
