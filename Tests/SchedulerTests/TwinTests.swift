import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

/// Whatever happens to a cluster, the fast search decides like the one that asks every plugin about every node.
@Suite struct TwinTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var seed: UInt64
        var nodes = 8
        var mode = SchedulerConfiguration.Mode.exhaustive
        /// How many decisions are compared at least.
        var decisions = 10_000
        /// Whether pods without constraints get the administrator's instead of the built-in ones.
        var hasListedDefaults = false

        var testDescription: String { "seed \(seed), \(nodes) nodes, \(mode)" }
    }

    private static let rows =
        (1...16).map { Row(seed: $0) }
        + (17...20).map { Row(seed: $0, nodes: 14, decisions: 5_000) }
        + [
            Row(seed: 21, nodes: 60, decisions: 1_500), Row(seed: 22, nodes: 60, decisions: 1_500),
            Row(seed: 23, nodes: 3, decisions: 8_000), Row(seed: 24, nodes: 1, decisions: 4_000),
            Row(seed: 25, nodes: 130, mode: .upstream, decisions: 700),
            Row(seed: 26, nodes: 120, mode: .upstream, decisions: 700),
            Row(seed: 27, nodes: 10, mode: .upstream, decisions: 6_000),
            Row(seed: 28, nodes: 10, decisions: 5_000, hasListedDefaults: true),
        ]

    @Test("a fast search decides like a full scan", arguments: rows)
    func agrees(row: Row) {
        var configuration = SchedulerConfiguration()
        configuration.mode = row.mode
        configuration.tieBreak = [.upstream136, .seeded, .first][Int(row.seed % 3)]
        if row.hasListedDefaults {
            configuration.profiles[0].arguments.topologySpread.defaultingType = .list
            configuration.profiles[0].arguments.topologySpread.defaultConstraints = [
                TopologySpreadConstraint(maxSkew: 1, topologyKey: "rack", whenUnsatisfiable: .doNotSchedule),
                TopologySpreadConstraint(maxSkew: 2, topologyKey: "disk", whenUnsatisfiable: .scheduleAnyway),
            ]
        }
        var twins = Twins(seed: row.seed, nodes: row.nodes, configuration: configuration)
        var steps = 0
        while twins.decisions < row.decisions && steps < 10 * row.decisions && twins.difference == nil {
            steps += 1
            twins.step()
        }
        #expect(twins.difference == nil)
        #expect(twins.decisions >= row.decisions)
        #expect(twins.bound > row.decisions / 20)
    }

    @Test("the rows compare 200,000 decisions")
    func enough() {
        #expect(Self.rows.map(\.decisions).reduce(0, +) >= 200_000)
    }
}
