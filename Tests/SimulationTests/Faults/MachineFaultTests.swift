import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

/// Disks that are full, machines that are slow, and machines that fail together.
@Suite("Faults of machines") struct MachineFaultTests {
    private let strike = Instant.start + .hours(1)

    @Test("a full disk drives every pod off its machine, and lets them back when it is cleaned up")
    func disk() throws {
        var setup = Fixture.setup(machines: 3, horizon: .hours(3))
        setup.objects = [Fixture.deployment("web", replicas: 6)]
        setup.faults = [
            FaultFixture.fault(DiskFull.self, TargetSelector(names: ["box-1"]), lasting: .minutes(30))
        ]
        let notes = FaultFixture.run(setup)
        #expect(notes.value("pods.evicted") == 2)
        #expect(notes.kills.count == 2 && notes.kills.allSatisfy { $0.node == 1 && $0.reason == "Evicted" })
        #expect(notes.kills.allSatisfy { $0.at - strike < .minutes(1) })
        #expect(notes.events("NodeHasDiskPressure").count == 1 && notes.events("NodeHasNoDiskPressure").count == 1)
        // The pressure counts for five minutes after it was last seen.
        let over = try #require(notes.events("NodeHasNoDiskPressure").first)
        #expect(over.at - (strike + .minutes(30)) >= .minutes(4) && over.at - (strike + .minutes(30)) < .minutes(6))
        #expect(notes.value("pods.running") == 6)
        // Nothing began to serve there meanwhile; a pod that was bound before the taint was there is refused.
        let there = notes.podIntervals.filter { $0.node == 1 && $0.state == .ready && $0.from > strike }
        #expect(there.allSatisfy { $0.from > over.at })
    }

    @Test("work takes as much longer as its machine is slower, whether or not its usage is known", arguments: [true, false])
    func slow(isMeasured: Bool) throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(6))
        var rule = WorkloadRule(WorkloadRule.Match(kind: "Pod"))
        rule.runTime = .after(.constant(3_600))
        rule.startDelay = .constant(0)
        if isMeasured { rule.usage.cpu = .absolute(.constant(100)) }
        setup.workloads.rules = [rule]
        var spec = PodSpec(containers: [Container(name: "main", image: "shop/job:1")])
        spec.restartPolicy = .never
        setup.objects = [.pod(Pod(metadata: ObjectMeta(name: "job", namespace: "default"), spec: spec))]
        setup.faults = [
            FaultFixture.fault(NodeSlow.self, at: .minutes(30), lasting: .hours(1)) { $0.speed = 250 }
        ]
        let notes = FaultFixture.run(setup)
        // Half an hour of work, an hour at a quarter of the speed, and what is left: 30 + 60 + 15 minutes.
        let end = try #require(notes.podEnds.first ?? nil)
        #expect(notes.value("pods.succeeded") == 1)
        let ran = notes.podIntervals.filter { $0.state == .ready || $0.state == .unready }
        let length = ran.reduce(Duration.zero) { $0 + ($1.to - $1.from) }
        #expect(length > .minutes(104) && length < .minutes(106), "\(length) \(end)")
    }

    @Test("a rack fails as a whole, a region with all its zones")
    func domains() {
        func run(_ fault: FaultSpec) -> [Int32] {
            var setup = Fixture.setup(machines: 8, horizon: .hours(2))
            setup.pools[0].zones = ["us-east-1a", "us-east-1b", "us-west-1a", "us-west-1b"]
            setup.pools[0].racks = 2
            setup.faults = [fault]
            let notes = FaultFixture.run(setup)
            return (1...8).filter { !notes.intervals(of: $0, .notReady).isEmpty }
        }
        var rack = TargetSelector()
        rack.racks = ["us-east-1b-rack-2"]
        #expect(run(FaultFixture.fault(RackOutage.self, rack, lasting: .minutes(30))) == [6])
        var region = TargetSelector()
        region.regions = ["us-west-1"]
        #expect(run(FaultFixture.fault(RegionOutage.self, region, lasting: .minutes(30))) == [3, 4, 7, 8])
        var spec = FaultFixture.fault(NodeCrash.self, TargetSelector(names: ["box-1"]), lasting: .minutes(30))
        spec.commonCause = CommonCause(within: .region, partsPerMillion: 1_000_000)
        #expect(run(spec) == [1, 2, 5, 6])
    }

    @Test("each zone has a lifetime of its own, and all of its machines go with it")
    func lifetimes() {
        var setup = Fixture.setup(machines: 8, horizon: .hours(2))
        setup.pools[0].zones = ["us-east-1a", "us-east-1b", "us-west-1a", "us-west-1b"]
        var spec = FaultFixture.fault(ZoneOutage.self, lasting: .minutes(10))
        spec.timing = .lifetime(.constant(3_000), perTarget: true)
        setup.faults = [spec]
        let notes = FaultFixture.run(setup)
        // After 50 minutes, and 50 minutes after the repair.
        #expect(notes.faults.map(\.target).sorted() == setup.pools[0].zones.flatMap { [$0, $0] })
        let down = (1...8).map { notes.intervals(of: $0, .notReady).count }
        #expect(down.allSatisfy { $0 > 0 }, "\(down)")
    }
}
