import Autoscalers
import Chronology
import Costs
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import Testing
import VirtualTime

@Suite("Quotas of the cloud")
struct QuotaTests {
    @Test(
        "machine types are of the classes that Amazon counts",
        arguments: [
            ("m6i.large", .standard), ("c7gn.large", .standard), ("i4i.large", .standard), ("im4gn.large", .standard),
            ("is4gen.medium", .standard), ("t3.micro", .standard), ("h1.2xlarge", .standard), ("a1.large", .standard),
            ("g4dn.xlarge", .g), ("gr6.4xlarge", .g), ("vt1.3xlarge", .g), ("p4d.24xlarge", .p), ("f1.2xlarge", .f),
            ("inf1.xlarge", .inf), ("trn1.2xlarge", .trn), ("dl1.24xlarge", .dl), ("x2idn.metal", .x),
            ("hpc6a.48xlarge", .hpc), ("u-6tb1.metal", .highMemory), ("u7i-12tb.224xlarge", .highMemory),
            ("mac1.metal", nil), ("n2-standard-4", nil),
        ] as [(String, QuotaClass?)])
    func classes(type: String, expected: QuotaClass?) {
        #expect(QuotaClass.of(type) == expected)
    }

    @Test("a quota counts machines of its class, purchase and region")
    func counts() {
        let quota = CloudQuota(.standard, .spot, region: "us-east-1", vcpus: 32)
        #expect(quota.counts("m5.large", purchase: "spot", region: "us-east-1"))
        #expect(!quota.counts("m5.large", purchase: "on-demand", region: "us-east-1"))
        #expect(!quota.counts("m5.large", purchase: "spot", region: "us-east-2"))
        #expect(!quota.counts("p3.2xlarge", purchase: "spot", region: "us-east-1"))
        #expect(CloudQuota(.all, vcpus: 8).counts("n2-standard-4", purchase: "on-demand", region: "us-central1"))
    }

    private func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil && world.isFinished)
        return notes
    }

    /// Three machines of four processors each that boot.
    private func pool(_ vcpus: Int64?, faults: [FaultSpec] = []) -> WorldSetup {
        var setup = Fixture.setup(machines: 3)
        setup.pools[0].isRunningAtStart = false
        setup.objects = [Fixture.deployment("web", replicas: 3, cpu: 3_000)]
        setup.quotas = vcpus.map { [CloudQuota(.all, vcpus: $0)] } ?? []
        setup.faults = faults
        return setup
    }

    @Test(
        "a pool has as many machines as the quota lets it, and the rest of the pods wait",
        arguments: [(0, 0), (4, 1), (11, 2), (12, 3), (100, 3)] as [(Int64, Int)])
    func pools(vcpus: Int64, machines: Int) {
        let notes = run(pool(vcpus))
        #expect(notes.value("nodes.ready") == machines && notes.value("pods.running") == machines)
        let refused = notes.events.filter { $0.reason == "VcpuLimitExceeded" }
        #expect(refused.count == 3 - machines)
        // What is refused costs nothing.
        let paid = Set(notes.assets.filter { $0.kind == "node" && $0.amount > 0 }.map(\.node))
        #expect(paid.count == machines)
    }

    @Test("what waits is launched when there is room, and never more than fits")
    func room() {
        var back = FaultSpec(name: "back", kind: SpotReclaim.self, timing: .at(.start + .minutes(30)))
        back.targets.names = ["box-1"]
        let notes = run(pool(8, faults: [back]))
        let ready = notes.nodeIntervals.filter { $0.state == .ready }
        #expect(notes.value("nodes.ready") == 2)
        let seen = Set(ready.map(\.node))
        #expect(seen.count == 3)
        for row in ready {
            let together = ready.filter { $0.from <= row.from && $0.to > row.from }
            #expect(together.count <= 2)
        }
    }

    @Test("quotas that bind nobody change no event")
    func digest() {
        func digest(_ vcpus: Int64?) -> String {
            var world = World(pool(vcpus))
            world.run()
            return world.digest.description
        }
        #expect(digest(nil) == digest(12) && digest(nil) != digest(8))
    }

    @Test("Karpenter takes a refused spot machine as a failed launch and buys on demand, as far as that is given")
    func karpenter() {
        func bought(_ quotas: [CloudQuota]) -> Notebook {
            var setup = Fixture.setup(machines: 0)
            let type = MachineType.custom(name: "s.xlarge", cpu: Quantity(4), memory: Quantity(32 << 30))
            setup.market = MachineMarket(
                models: [MachineModel(type, onDemand: .dollars(9), spot: .dollars(3))], zones: ["z-a"], regions: ["z"])
            var pool = UnmodelledObject(
                apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: ObjectMeta(name: "general"))
            pool.nodePool = KarpenterNodePool(name: "general")
            setup.objects = [.other(pool), Fixture.deployment("web", replicas: 3, cpu: 1000)]
            setup.autoscalers = [AutoscalerSetup { Karpenter() }]
            setup.quotas = quotas
            return run(setup)
        }
        let free = bought([])
        #expect(free.nodes.map(\.purchase) == ["spot"])
        let spot = bought([CloudQuota(.all, .spot, vcpus: 3)])
        #expect(spot.nodes.map(\.purchase) == ["on-demand"])
        #expect(spot.value("pods.running") == 3)
        #expect(spot.events.contains { $0.reason == "MaxSpotInstanceCountExceeded" })
        let none = bought([CloudQuota(.all, .spot, vcpus: 0), CloudQuota(.all, vcpus: 3)])
        #expect(none.nodes.isEmpty && none.value("pods.running") == 0 && none.value("pods.pending") == 3)
        #expect(none.value("cost.total") == 0)
        #expect(none.events.contains { $0.reason == "VcpuLimitExceeded" })
    }
}
