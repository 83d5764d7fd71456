import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

@Suite struct KarpenterOrderTests {
    private static let sizes = [
        Fixtures.model("a.2", cpu: 2, onDemand: 200), Fixtures.model("a.4", cpu: 4, onDemand: 400),
        Fixtures.model("a.8", cpu: 8, onDemand: 800),
    ]

    /// An order names the sixty cheapest types of one capacity type in all zones, by price, and no spot machine that costs
    /// more than one on demand.
    @Test(arguments: [(100, 60), (20, 20), (1, 1)])
    func ordersNameFallbacks(types: Int, named: Int) throws {
        let models = (0..<types).map { Fixtures.model("t\($0).4", cpu: 4, onDemand: 1000, spot: 900 - Int64($0)) }
        let dear = Fixtures.model("dear.4", cpu: 4, spot: 1001)
        let cloud = FakeCloud(models + [dear], pools: [Fixtures.pool()])
        cloud.wait(["p"])
        cloud.view.now = .start + .seconds(5)
        var karpenter = Karpenter()
        let step = karpenter.step(cloud.view, cloud)
        guard case .launch(let order)? = step.requests.first else { throw CancellationError() }
        #expect(Set(order.offers.map(\.model.name)).count == named)
        #expect(order.offers.count == named * 2 && order.offers.allSatisfy { $0.capacityType == .spot })
        #expect(order.offers.map(\.pricePerHour) == order.offers.map(\.pricePerHour).sorted())
        #expect(order.offers.prefix(2).map(\.zone) == ["z1", "z2"])
        let node = order.node(order.offers.count - 1)
        #expect(node.metadata.labels["node.kubernetes.io/instance-type"] == order.offers.last?.model.name)
        #expect(node.metadata.labels["topology.kubernetes.io/zone"] == "z2" && node.metadata.name == "p-00001")
    }

    /// Spot machines are bought as long as none on demand costs less.
    @Test(arguments: [(Int64(299), "a.8"), (300, "a.8"), (301, "a.4")])
    func spotThatCostsMoreIsNotBought(price: Int64, type: String) {
        let models = [
            Fixtures.model("a.4", cpu: 4, onDemand: 300), Fixtures.model("a.8", cpu: 8, onDemand: 900, spot: price),
        ]
        let cloud = FakeCloud(models, pools: [Fixtures.pool()])
        cloud.wait(["p"])
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(cloud.types == [type])
    }

    /// Other prices do not make what is sold out available, whatever the order of types is by then.
    @Test func whatIsSoldOutStaysSoAtOtherPrices() {
        func table(_ prices: [Int64], _ zones: [String]) -> OfferTable {
            let models = prices.enumerated().map { Fixtures.model("m\($0)", cpu: 4, spot: $1) }
            return OfferTable(Fixtures.market(models, zones: zones))
        }
        let (former, now) = (table([1, 2, 3], ["z1", "z2"]), table([3, 2, 1], ["z0", "z1", "z2"]))
        var unavailable = UnavailableOffers()
        unavailable.add(type: 0, bit: OfferTable.bit(1, .spot), until: .never)
        unavailable.relocate(from: former, to: now)
        var cells = now.cells
        unavailable.subtract(from: &cells)
        #expect(cells == [now.cells[0], now.cells[1], now.cells[2] & ~OfferTable.bit(2, .spot)])
        unavailable.relocate(from: now, to: table([1], ["z9"]))
        #expect(unavailable.isEmpty)
    }

    /// An order that goes wrong is repeated after 1, 2, 4, ... seconds, and given up after five minutes.
    @Test(arguments: [(0, 1), (1, 2), (3, 8), (6, 64)] as [(Int, Int64)])
    func launchesThatFailAreRepeated(failures: Int, second: Int64) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.failures = failures
        cloud.wait(["p"])
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 4, tick: 1)
        #expect(result.decisions == ["\(second) Provision p 1"])
        #expect(cloud.asked == failures + 1)
    }

    @Test func launchesThatAlwaysFailAreGivenUp() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.failures = 10_000
        cloud.wait(["p"])
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 9, tick: 1)
        #expect(result.decisions == ["301 LaunchTimeout p 0"])
        #expect(cloud.machines.isEmpty && karpenter.claims.count == 1)
    }

    /// As long as nothing cheaper can be had, the machine stays, and Karpenter asks once in three minutes.
    @Test(arguments: [true, false])
    func replacementsThatCannotBeHadDisturbNobody(isSoldOut: Bool) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool { $0.disruption.budgets = [] }])
        cloud.revives = true
        cloud.wait(["a"])
        cloud.wait(["x"], milli: 6000)
        if isSoldOut {
            cloud.soldOut = Set(["a.2", "a.4"].flatMap { ["\($0) z1 on-demand", "\($0) z2 on-demand"] })
        }
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 31, tick: 1) { time, cloud in
            if time == 60 { cloud.view.remove(ObjectKey(.pod, namespace: "d", name: "x")) }
        }
        guard isSoldOut else {
            #expect(result.decisions.contains { $0.contains("Replacement") })
            return
        }
        #expect(cloud.types == ["a.8"])
        let refusals = result.decisions.count { $0.contains("InsufficientCapacity") }
        #expect(result.decisions.count == refusals + 1 && (7...10).contains(refusals))
        #expect(cloud.view.nodes().allSatisfy { $0.spec.taints.isEmpty })
        #expect(cloud.view.pods.map(\.metadata.name) == ["a"])
    }
}
