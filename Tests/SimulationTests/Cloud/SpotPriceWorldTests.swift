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

@Suite("Spot machines while prices change")
struct SpotPriceWorldTests {
    private func prices(
        _ type: String, zone: String = "", _ billing: SpotPrices.Billing, _ steps: [(minute: Int64, dollars: Int64)]
    ) -> SpotPrices {
        let path = SpotPricePath(
            steps.map { SpotPricePath.Step(at: .start + .minutes($0.minute), hourly: .dollars($0.dollars)) })!
        return SpotPrices([(.init(type: type, zone: zone), path)], billing: billing, source: "test")
    }

    private func run(_ change: (inout WorldSetup) -> Void) -> (notes: Notebook, digest: String) {
        var setup = Fixture.setup(machines: 1, horizon: .hours(3))
        setup.pools[0].purchase = "spot"
        setup.pools[0].zones = ["z-a"]
        change(&setup)
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil && world.isFinished)
        return (notes, world.digest.description)
    }

    private func cost(_ notes: Notebook) -> Int64 {
        notes.assets.filter { $0.kind == "node" }.reduce(0) { $0 + $1.amount }
    }

    @Test(
        "three hours cost the price at the beginning of each, or each price for its time",
        arguments: [
            // 1 + 2 + 4.
            (SpotPrices.Billing.instanceHour, 7_000),
            // 0.5 x 1 + 1 x 2 + 1.5 x 4.
            (.continuous, 8_500),
        ] as [(SpotPrices.Billing, Int64)])
    func hours(billing: SpotPrices.Billing, milli: Int64) {
        let (notes, _) = run {
            $0.objects = [Fixture.deployment("web", replicas: 2)]
            $0.spotPrices = prices("box", billing, [(0, 1), (30, 2), (90, 4)])
        }
        #expect(cost(notes) == milli * 1_000_000)
        #expect(notes.nodes.map(\.pricePerHour) == [NanoDollars.dollars(1).amount])
        let spent = notes.allocations.reduce(0) { $0 + $1.cpu + $1.memory + $1.gpu + $1.other }
        #expect(spent == notes.assets.reduce(0) { $0 + $1.amount })
    }

    @Test("another zone's price, a price of the pool's own and a machine on demand stay as they are")
    func others() {
        let plain = run { _ in }
        let elsewhere = run { $0.spotPrices = prices("box", zone: "z-b", .continuous, [(0, 1), (30, 2)]) }
        let own = run {
            $0.spotPrices = prices("box", .continuous, [(0, 1), (30, 2)])
            $0.pools[0].hasOwnPrice = true
        }
        let onDemand = run {
            $0.spotPrices = prices("box", .continuous, [(0, 1), (30, 2)])
            $0.pools[0].purchase = "on-demand"
        }
        #expect([plain, elsewhere, own, onDemand].allSatisfy { cost($0.notes) == 72_000_000_000 })
        #expect(plain.digest == elsewhere.digest && plain.digest == own.digest)
    }

    @Test("Karpenter buys what is cheapest when it looks, and pays the price of the zone")
    func karpenter() {
        func bought(_ dear: Int64) -> Notebook {
            run {
                $0.pools = []
                let types = ["s.xlarge", "t.xlarge"].map { name in
                    let type = MachineType.custom(name: name, cpu: Quantity(4), memory: Quantity(32 << 30))
                    return MachineModel(type, onDemand: .dollars(9), spot: .dollars(3))
                }
                $0.market = MachineMarket(models: types, zones: ["z-a"], regions: ["z"])
                var pool = UnmodelledObject(
                    apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: ObjectMeta(name: "general"))
                pool.nodePool = KarpenterNodePool(name: "general")
                $0.objects = [.other(pool)]
                $0.changes = [
                    ScheduledChange(
                        at: .start + .hours(1), act: .apply([Fixture.deployment("web", replicas: 3, cpu: 1000)]))
                ]
                $0.autoscalers = [AutoscalerSetup { Karpenter() }]
                $0.spotPrices = prices("s.xlarge", zone: "z-a", .instanceHour, [(0, 3), (50, dear), (80, 1)])
            }.notes
        }
        let (cheap, dear) = (bought(2), bought(4))
        #expect(cheap.nodes.map(\.machineType).first == "s.xlarge" && dear.nodes.map(\.machineType).first == "t.xlarge")
        #expect(cheap.nodes.map(\.pricePerHour).first == NanoDollars.dollars(2).amount)
        #expect(dear.nodes.map(\.pricePerHour).first == NanoDollars.dollars(3).amount)
    }
}
