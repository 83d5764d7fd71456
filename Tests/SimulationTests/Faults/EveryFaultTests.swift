import Chronology
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

/// Every kind of fault strikes a small cluster that works, twice and at once: all invariants hold, and all is well again.
@Suite("Every fault heals") struct EveryFaultTests {
    private func setup(_ kind: any FaultKind.Type, seed: UInt64) -> WorldSetup {
        var setup = Fixture.setup(machines: 6, horizon: .hours(5), seed: seed)
        setup.pools[0].zones = ["us-east-1a", "us-east-1b", "us-west-1a"]
        setup.pools[0].racks = 2
        var rule = WorkloadRule(WorkloadRule.Match(name: "measured"))
        rule.usage.cpu = .permilleOfRequest(.constant(700))
        rule.usage.memory = .permilleOfRequest(.constant(600))
        setup.workloads.rules = [rule]
        setup.objects = [
            Fixture.deployment("web", replicas: 6), Fixture.deployment("measured", replicas: 6),
            FaultFixture.budget("web", minAvailable: 5),
        ]
        // Somebody rolls something out, so that there is something to pull and to start.
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.changes = [
            ScheduledChange(at: .start + .minutes(70), act: .setImage(key, container: "main", image: "shop/web:2"))
        ]
        var targets = TargetSelector()
        if kind.scope == .images { targets.images = ["docker.io/shop/web:*"] }
        if kind.scope == .nodes || kind.scope.domain != nil { targets.choice = .count(2) }
        setup.faults = [60, 65].map { minute in
            FaultFixture.fault(kind, targets, at: .minutes(minute), lasting: .minutes(20), name: "f\(minute)") {
                if kind.options.contains(.failing) { $0.failing = 400_000 }
                if kind.options.contains(.trouble) { $0.trouble = .leaks }
            }
        }
        return setup
    }

    @Test("all pods run and all machines are ready in the end", arguments: FaultRegistry.kinds.indices)
    func heals(index: Int) {
        let kind = FaultRegistry.kinds[index]
        let notes = FaultFixture.run(setup(kind, seed: 7))
        #expect(notes.value("pods.running") == 12, "\(kind.name)")
        #expect(notes.value("pods.pending") == 0, "\(kind.name)")
        #expect(notes.value("nodes.ready") == 6, "\(kind.name)")
        #expect(notes.faults.count == 2 && notes.faults.allSatisfy { $0.to != .never }, "\(kind.name)")
    }

    @Test("a run with faults of every kind repeats itself to the byte", arguments: [1, 2] as [UInt64])
    func repeats(seed: UInt64) {
        func run() -> Notebook {
            var all = setup(NodeCrash.self, seed: seed)
            all.faults = FaultRegistry.kinds.enumerated().map { place, kind in
                var spec = setup(kind, seed: seed).faults[0]
                spec.name = kind.name
                spec.timing = .lifetime(.exponential(mean: 7_200), perTarget: kind.scope == .nodes && place % 2 == 0)
                spec.limit = 2
                return spec
            }
            return FaultFixture.run(all)
        }
        let (first, second) = (run(), run())
        #expect(first.footer?.digest == second.footer?.digest)
        #expect(first.podIntervals == second.podIntervals && first.faults == second.faults)
        #expect(Set(first.faults.map(\.kind)).count > 20)
    }
}
