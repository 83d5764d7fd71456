import Chronology
import Faults
import Foundation
import Simulation
import Testing
import VirtualTime

@testable import Scenarios

/// What scenarios say of faults, and what comes of it.
@Suite("Faults in scenarios") struct FaultSectionTests {
    private func faults(_ text: String, pools: String = "") throws -> [FaultSpec] {
        let loaded = ScenarioFixtures.load(spec: "  faults:\n" + text + pools)
        return try #require(loaded.setup, "\(loaded.diagnostics)").faults
    }

    @Test("options, defaults and targets of each scope")
    func options() throws {
        let faults = try faults(
            """
                - {kind: SpotReclaim, at: 1h, advice: 10m, target: {pool: a, percentage: 50%}}
                - {kind: MaintenanceWave, at: 2h, surge: false, atATime: 2, failing: 25%, duration: 1h}
                - {kind: ImageMissing, at: 3h, target: {image: "registry.example.com/web:1", repository: shop/web}}
                - {kind: RegistrySlow, at: 4h, delay: 1s, speed: 5%, target: {registry: docker.io}}
                - {kind: BadRollout, at: 5h, trouble: leaks, leakPerHour: 1Gi, revision: next, target: {name: web}}
                - {kind: ContainerOOM, at: 6h, target: {namespace: default, kind: Deployment, labels: {app: web}, count: 1}}
                - {kind: StockOut, at: 7h, target: {zone: us-east-1a}}
                - {kind: RackOutage, at: 8h, target: {rack: us-east-1a-rack-2}}

            """, pools: "  pools: [{name: a, machineType: m6i.large, count: 4, racks: 2, region: home}]\n")
        #expect(
            faults.map { $0.kind.effect($0.settings) } == [
                .reclaim(ReclaimPlan(notice: .minutes(2), advice: .minutes(10))),
                .maintenance(MaintenancePlan(atATime: 2, surges: false, drainTimeout: .hours(1), failing: 250_000, waits: true)),
                .missingImages, .slowRegistry(delay: .seconds(1), permille: 50),
                .badRollout(BadRevision(trouble: .leaks, rollsOut: false, delay: .seconds(10), leakPerHour: 1 << 30)),
                .containerKill(exitCode: 137, reason: "OOMKilled"), .stockOut, .powerLoss,
            ])
        #expect(faults[2].targets.images == ["registry.example.com/web:1", "shop/web:*"])
        #expect(faults[4].targets.names == ["web"])
        #expect(faults[5].targets.workloadKind == "Deployment" && faults[5].targets.choice == .count(1))
        #expect(faults[7].targets.racks == ["us-east-1a-rack-2"])
    }

    @Test("what a fault waits for, whom it takes along, and what strikes together with it")
    func occasions() throws {
        let faults = try faults(
            """
                - {name: rolls, kind: APIServerOutage, when: {rollout: {name: web, share: 25%}, delay: 1m}}
                - {name: waits, kind: NodeCrash, when: {pending: 3}, commonCause: {within: rack, probability: 20%}}
                - {name: follows, kind: NodeReboot, after: {fault: rolls, it: heals, delay: 5m, probability: 30%}}
                - name: storm
                  kind: ZoneOutage
                  at: 1h
                  together:
                    - {kind: RegistryOutage, duration: 5m}
                    - {name: dns, kind: APIServerSlow, delay: 2s}

            """)
        #expect(faults.map(\.name) == ["rolls", "waits", "follows", "storm", "storm+1", "dns"])
        let timings: [FaultTiming] = [
            .when(.rollout(namespace: "default", name: "web", permille: 250), delay: .minutes(1)),
            .when(.pending(pods: 3), delay: .zero),
            .when(.fault("rolls", .heals, partsPerMillion: 300_000), delay: .minutes(5)),
            .at(.start + .hours(1)),
            .when(.fault("storm", .strikes, partsPerMillion: 1_000_000), delay: .zero),
            .when(.fault("storm", .strikes, partsPerMillion: 1_000_000), delay: .zero),
        ]
        #expect(faults.map(\.timing) == timings)
        #expect(faults[1].commonCause == CommonCause(within: .rack, partsPerMillion: 200_000))
        #expect(faults[4].duration == .lasting(.constant(300)))
    }

    @Test("every kind, option and default stands in the article")
    func article() throws {
        let root = try #require(ScenarioFixtures.root)
        let text = try String(
            contentsOfFile: root + "/Sources/Scenarios/Scenarios.docc/Scenario.md", encoding: .utf8)
        for kind in FaultRegistry.kinds {
            let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("| `\(kind.name)` |") }, "\(kind.name)")
            for option in kind.options { #expect(row.contains("`\(option.rawValue)"), "\(kind.name) \(option)") }
        }
    }
}
