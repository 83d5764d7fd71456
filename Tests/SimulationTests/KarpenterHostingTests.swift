import Autoscalers
import Chronology
import ControlPlane
import Costs
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import Testing
import VirtualTime

@Suite struct KarpenterHostingTests {
    private static let hour: Int64 = 3_600_000_000_000

    private func setup(replicas: Int64, faults: [FaultSpec] = []) -> WorldSetup {
        var setup = Fixture.setup(machines: 0, horizon: .hours(3))
        let types = [("s.large", 2, 36), ("s.xlarge", 4, 72), ("s.2xlarge", 8, 144)].map { name, cpu, price in
            let type = MachineType.custom(name: name, cpu: Quantity(Int64(cpu)), memory: Quantity(Int64(cpu) << 33))
            let price = NanoDollars(Int64(price) * 1_000_000_000)
            return MachineModel(type, onDemand: price, spot: NanoDollars(price.amount / 3))
        }
        setup.market = MachineMarket(models: types, zones: ["z-a", "z-b"], regions: ["z", "z"])
        var pool = UnmodelledObject(
            apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: ObjectMeta(name: "general"))
        pool.nodePool = KarpenterNodePool(name: "general")
        setup.objects = [.other(pool), Fixture.deployment("web", replicas: replicas, cpu: 1000)]
        setup.autoscalers = [AutoscalerSetup { Karpenter() }]
        setup.faults = faults
        return setup
    }

    private func run(_ setup: WorldSetup) -> (notes: Notebook, digest: String) {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        while world.run(events: 1_000) {}
        return (notes, "\(world.digest)")
    }

    private func cost(_ notes: Notebook) -> Int64 { notes.assets.filter { $0.node > 0 }.reduce(0) { $0 + $1.amount } }

    @Test("three pods of a CPU get one spot machine of four, which costs its price from the order on")
    func one() {
        let (notes, digest) = run(setup(replicas: 3))
        #expect(notes.nodes.map(\.machineType) == ["s.xlarge"] && notes.nodes.map(\.purchase) == ["spot"])
        #expect(notes.scalings.map(\.reason) == ["Provision"] && notes.scalings.map(\.toSize) == [1])
        let launched = notes.nodes[0].launchedAt
        #expect(launched > .start && launched < .start + .seconds(3))
        let lived = (Instant.start + .hours(3) - launched).nanoseconds
        let due = Int64(Int128(24_000_000_000) * Int128(lived) / Int128(Self.hour))
        // To the second.
        #expect(abs(cost(notes) - due) < 24_000_000_000 / 3_600)
        #expect(run(setup(replicas: 3)).digest == digest)
    }

    @Test("a spot machine that is taken back has another in its place before it is gone")
    func reclaimed() throws {
        let reclaim = FaultSpec(name: "back", kind: SpotReclaim.self, timing: .at(.start + .hours(1)))
        let notes = run(setup(replicas: 3, faults: [reclaim])).notes
        #expect(notes.scalings.map(\.reason) == ["Provision", "Provision", "Interrupted"])
        // It is told by whom, and not by the kubelet or the cloud.
        let name = try #require(notes.scalings.first).component
        for kind in [.podDeleted, .machineLaunched] as [CauseKind] {
            let steps = notes.causes.filter { $0.kind == kind && $0.fault > 0 }
            #expect(!steps.isEmpty && steps.allSatisfy { $0.actor == name }, "\(kind)")
        }
        #expect(notes.scalings.map(\.fromSize) == [0, 1, 2] && notes.scalings.map(\.toSize) == [1, 2, 1])
        #expect(notes.nodes.count == 2 && notes.nodes.map(\.zone) == ["z-a", "z-b"])
        let second = try #require(notes.nodes.last?.launchedAt)
        #expect(second >= .start + .hours(1) && second < .start + .hours(1) + .seconds(5))
        #expect(notes.events.contains { $0.reason == "SpotInterrupted" })
    }

    @Test("what a zone does not have comes from another at the same instant, and nothing is written of what was refused")
    func soldOut() {
        var stockOut = FaultSpec(name: "none", kind: StockOut.self, timing: .at(.start))
        stockOut.targets.zones = ["z-a"]
        let notes = run(setup(replicas: 3, faults: [stockOut])).notes
        #expect(notes.scalings.map(\.reason) == ["Provision"])
        #expect(notes.scalings[0].message.hasSuffix("1 offer(s) before it could not be had"))
        #expect(notes.nodes.map(\.zone) == ["z-b"])
        #expect(notes.scalings[0].at < .start + .seconds(3))
        let price = Int128(24_000_000_000)
        #expect(Int128(cost(notes)) < price * 3)
    }

    @Test("a cloud without machines is asked for spot, then on demand, and again when three minutes are over")
    func nothingToBeHad() throws {
        let stockOut = FaultSpec(
            name: "none", kind: StockOut.self, timing: .at(.start), duration: .lasting(.constant(1800)))
        let notes = run(setup(replicas: 3, faults: [stockOut])).notes
        #expect(notes.nodes.count == 1)
        let launched = try #require(notes.nodes.first?.launchedAt)
        #expect(launched >= .start + .minutes(30) && launched < .start + .minutes(34))
        let refusals = notes.scalings.filter { $0.reason == "InsufficientCapacity" }
        #expect(refusals.allSatisfy { $0.fromSize == 0 && $0.toSize == 0 && $0.pricePerHour == nil })
        #expect(refusals.count == notes.scalings.count - 1)
        // In each of ten rounds four times: one machine for all, spot and on demand, then several of the smallest.
        #expect(Set(refusals.map(\.at)).count == 40)
        #expect(refusals.count <= 80)
        #expect(notes.nodeIntervals.allSatisfy { $0.node == 1 })
    }

    @Test("a launch that fails is repeated, by the same draws in every run")
    func failing() {
        var failure = FaultSpec(
            name: "bad", kind: LaunchFailure.self, timing: .at(.start), duration: .lasting(.constant(7200)))
        failure.targets.zones = ["z-a", "z-b"]
        let first = run(setup(replicas: 3, faults: [failure]))
        #expect(first.digest == run(setup(replicas: 3, faults: [failure])).digest)
        #expect(first.notes.nodes.count == first.notes.scalings.count { $0.toSize > $0.fromSize })
        #expect(first.notes.nodes.count >= 1)
    }
}
