import Chronology
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

/// Machines that the control plane does not hear of, while what runs on them runs on.
@Suite("Partitions") struct PartitionTests {
    private let strike = Instant.start + .hours(1)

    private func run(
        machines: Int, _ kind: any FaultKind.Type = NetworkPartition.self, zones: [String] = [], names: [String] = [],
        lasting: Duration = .minutes(20), replicas: Int64 = 8
    ) -> Notebook {
        var setup = Fixture.setup(machines: machines, horizon: .hours(3))
        setup.objects = [Fixture.deployment("web", replicas: replicas, cpu: 200)]
        setup.faults = [
            FaultFixture.fault(kind, TargetSelector(names: names, zones: zones), lasting: lasting)
        ]
        return FaultFixture.run(setup)
    }

    @Test("a node that is not heard is found out after 50 s, and its pods are replaced after five minutes more")
    func one() throws {
        let notes = run(machines: 4, names: ["box-1"])
        let away = try #require(notes.intervals(of: 1, .notReady).first)
        #expect(away.from - strike > .seconds(40) && away.from - strike <= .seconds(61))
        // It is back with the first heartbeat after the partition.
        #expect(away.to - (strike + .minutes(20)) <= .seconds(11))
        #expect(notes.value("pods.evicted") == 2)
        #expect(notes.value("pods.running") == 8)
        #expect(notes.value("nodes.ready") == 4)
    }

    @Test("pods on the far side run on and cost until the kubelet hears that they are to go")
    func farSide() throws {
        let notes = run(machines: 4, names: ["box-1"])
        let evicted = notes.podEnds.filter { $0.reason == "DeletionByTaintManager" }
        #expect(evicted.count == 2)
        for pod in evicted {
            // Deleted six minutes after the strike, gone when the partition has healed.
            #expect(pod.endedAt > strike + .minutes(20) && pod.endedAt < strike + .minutes(21))
            let leaving = try #require(notes.podIntervals.last { $0.pod == pod.pod && $0.state == .terminating })
            #expect(leaving.to - leaving.from > .minutes(13))
            #expect(pod.restarts == 0)
        }
        let paid = notes.allocations.filter { evicted.map(\.pod).contains($0.pod) }.reduce(0) { $0 + $1.cpu + $1.memory }
        // Two pods of a twentieth of the CPU and a sixteenth of the memory for 80 minutes, at a dollar an hour.
        #expect(paid > 0)
        // Of the node and of both pods.
        #expect(notes.events("NodeNotReady").count == 3)
    }

    @Test("a partition shorter than the grace period is noticed by nobody")
    func short() {
        let notes = run(machines: 4, names: ["box-1"], lasting: .seconds(20))
        #expect(notes.intervals(of: 1, .notReady).isEmpty)
        #expect(notes.value("pods.created") == 8 && notes.value("pods.evicted") == 0)
    }

    @Test("a whole zone that is lost is emptied at the usual rate: one node in ten seconds")
    func zone() throws {
        // Zone z-a has three of six nodes.
        let notes = run(machines: 6, zones: ["z-a"], replicas: 12)
        let lost = [1, 3, 5].flatMap { notes.intervals(of: $0, .notReady) }
        #expect(lost.count == 3)
        let evicted = notes.podEnds.filter { $0.reason == "DeletionByTaintManager" }
        #expect(evicted.count == 6)
        // The taints of the three nodes are ten seconds apart (rate 0.1/s), and so are the evictions.
        let pods = Set(evicted.map(\.pod))
        let told = notes.podIntervals.filter { pods.contains($0.pod) && $0.state == .terminating }.map(\.from).sorted()
        #expect(told.count == 6)
        let spread = try #require(told.last) - (try #require(told.first))
        #expect(spread >= .seconds(19) && spread <= .seconds(31), "\(spread)")
        #expect(notes.value("pods.running") == 12)
    }

    @Test("when most of a small zone is lost, and not all of it, no more nodes are emptied once that is known")
    func partial() {
        // Three of four nodes of z-a: above the threshold of 55 %, in a zone of no more than 50 nodes.
        let notes = run(machines: 8, names: ["box-1", "box-3", "box-5"], replicas: 16)
        #expect([1, 3, 5].flatMap { notes.intervals(of: $0, .notReady) }.count == 3)
        // Leases end at different times: the third node to be found makes the disruption, and is not tainted.
        #expect(notes.value("pods.evicted") > 0 && notes.value("pods.evicted") <= 4)
        #expect(notes.value("pods.created") <= 20 && notes.value("pods.running") == 16)
    }

    @Test("when no node of any zone is heard, nothing is evicted however long that lasts")
    func all() {
        let notes = run(machines: 6, lasting: .minutes(60), replicas: 12)
        #expect((1...6).flatMap { notes.intervals(of: $0, .notReady) }.count == 6)
        #expect(notes.value("pods.evicted") == 0)
        #expect(notes.value("pods.created") == 12)
        #expect(notes.value("pods.running") == 12)
        #expect(notes.value("restarts") == 0)
        #expect(notes.value("nodes.ready") == 6)
    }

    @Test("a machine that loses power behind a partition, or reboots there, comes back when both are over")
    func power() {
        var setup = Fixture.setup(machines: 3, horizon: .hours(3))
        setup.objects = [Fixture.deployment("web", replicas: 6)]
        let one = TargetSelector(names: ["box-1"])
        setup.faults = [
            FaultFixture.fault(NetworkPartition.self, one, lasting: .minutes(15), name: "cut"),
            FaultFixture.fault(NodeReboot.self, one, at: .minutes(62), lasting: .minutes(1), name: "boot"),
        ]
        let notes = FaultFixture.run(setup)
        #expect(notes.value("nodes.ready") == 3 && notes.value("pods.running") == 6)
        #expect(notes.intervals(of: 1, .notReady).count == 1)
        #expect(notes.faults.map(\.kind) == ["NodeReboot", "NetworkPartition"])
    }

    // MARK: - Kubelets that hang

    @Test("a kubelet that hangs is lost as behind a partition, and its containers run on")
    func hang() throws {
        let notes = run(machines: 4, KubeletHang.self, names: ["box-1"])
        let away = try #require(notes.intervals(of: 1, .notReady).first)
        #expect(away.from - strike <= .seconds(61))
        #expect(notes.value("pods.evicted") == 2)
        #expect(notes.value("restarts") == 0)
        #expect(notes.value("pods.running") == 8 && notes.value("nodes.ready") == 4)
    }

    @Test("nobody restarts what ends while the kubelet hangs; behind a partition somebody does")
    func restarts() {
        func restarts(_ kind: any FaultKind.Type) -> Int {
            var setup = Fixture.setup(machines: 1, horizon: .hours(2))
            setup.objects = [Fixture.deployment("web", replicas: 1)]
            // Ends every four minutes, and is restarted; the fault is there for half of the second hour.
            var rule = WorkloadRule()
            rule.runTime = .after(.constant(240))
            rule.outcome = Behavior.Outcome(exitCode: 1)
            setup.workloads.rules = [rule]
            // A back-off that is forgotten while the kubelet hangs would make up for what it missed.
            setup.kubelet.crashBackOffMax = .seconds(10)
            setup.faults = [FaultFixture.fault(kind, lasting: .minutes(30))]
            return Int(FaultFixture.run(setup).value("restarts"))
        }
        let undisturbed = restarts(ContainerCrash.self)
        let (cut, hung) = (restarts(NetworkPartition.self), restarts(KubeletHang.self))
        #expect(abs(undisturbed - cut) <= 1, "\(undisturbed) \(cut)")
        #expect(hung < cut - 2 && hung > cut / 2, "\(cut) \(hung)")
    }
}
