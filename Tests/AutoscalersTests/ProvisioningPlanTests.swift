import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

/// Equal pods that are counted together must go where they would go one by one.
@Suite struct ProvisioningPlanTests {
    private struct Draws {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static func models(_ draws: inout Draws) -> [MachineModel] {
        (0..<12).map { number in
            let cpu = Int64(2 + draws.below(15))
            return Fixtures.model(
                "m\(number).x", cpu: cpu, onDemand: Int64(100 + draws.below(400)),
                spot: draws.below(2) == 0 ? nil : Int64(50 + draws.below(200)),
                arch: draws.below(3) == 0 ? "arm64" : "amd64", pods: Int64(3 + draws.below(20)))
        }
    }

    private static func pods(_ draws: inout Draws) -> [Pod] {
        var pods: [Pod] = []
        for kind in 0..<6 {
            let milli = Int64(100 * (1 + draws.below(30)))
            let arch = ["amd64", "arm64", nil][draws.below(3)]
            for number in 0..<draws.below(30) {
                pods.append(
                    Fixtures.pod("k\(kind)-\(number)", milli: milli, labels: ["kind": "\(kind)"]) {
                        if let arch { $0.nodeSelector = ["kubernetes.io/arch": arch] }
                    })
            }
        }
        return pods
    }

    /// The claims by the plain rule: each pod to the claim with the fewest pods on which some type still holds all.
    private static func naive(_ pods: [Pod], _ models: [MachineModel]) -> [[String]] {
        struct Claim {
            var pods: [Pod] = []
            var types: [MachineModel]
        }
        func fitting(_ claim: Claim, _ pod: Pod) -> [MachineModel] {
            let all = claim.pods + [pod]
            let milli = all.reduce(Int64(0)) { $0 + ($1.spec.containers[0].requests[.cpu]?.milliValue ?? 0) }
            let bytes = all.reduce(Int64(0)) { $0 + ($1.spec.containers[0].requests[.memory]?.value ?? 0) }
            return claim.types.filter { type in
                (pod.spec.nodeSelector["kubernetes.io/arch"].map { $0 == type.labels["kubernetes.io/arch"] } ?? true)
                    && milli <= type.allocatable[.cpu]?.milliValue ?? 0
                    && bytes <= type.allocatable[.memory]?.value ?? 0
                    && Int64(all.count) <= type.allocatable[.pods]?.value ?? 0
            }
        }
        var claims: [Claim] = []
        let order = pods.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            let amounts = [first, second].map { $0.spec.containers[0].requests[.cpu]?.milliValue ?? 0 }
            if amounts[0] != amounts[1] { return amounts[0] > amounts[1] }
            let kinds = [first, second].map { $0.metadata.labels["kind"] ?? "" }
            return kinds[0] != kinds[1] ? kinds[0] < kinds[1] : left.offset < right.offset
        }.map(\.element)
        for pod in order {
            let turns = claims.indices.sorted { (claims[$0].pods.count, $0) < (claims[$1].pods.count, $1) }
            if let place = turns.first(where: { !fitting(claims[$0], pod).isEmpty }) {
                claims[place].types = fitting(claims[place], pod)
                claims[place].pods.append(pod)
            } else {
                let empty = Claim(types: models)
                let types = fitting(empty, pod)
                if !types.isEmpty { claims.append(Claim(pods: [pod], types: types)) }
            }
        }
        return claims.map { claim in claim.pods.map { $0.metadata.labels["kind"] ?? "" } + claim.types.map(\.name).sorted() }
    }

    @Test(arguments: 0..<40)
    func equalPodsGoWhereTheyWouldGoOneByOne(seed: Int) {
        var draws = Draws(state: UInt64(seed))
        let models = Self.models(&draws)
        let pods = Self.pods(&draws)
        let trial = TrialCluster(FakeView(), rules: PlacementRules())
        let pool = PoolPlan(KarpenterNodePool(name: "p"), OfferTable(Fixtures.market(models)))
        let offers = ShapeOffers([pool], unavailable: UnavailableOffers(), rules: PlacementRules())
        var plan = ProvisioningPlan(trial, offers, zoneLoad: [0, 0], limits: [PoolLimits(pool.pool)])
        plan.place(pods.map { trial.info($0) })
        let claims = plan.claims.map { claim in
            claim.pods.map { $0.pod.metadata.labels["kind"] ?? "" }
                + claim.options.map { pool.table.models[$0.type].name }.sorted()
        }
        #expect(claims == Self.naive(pods, models))
        #expect(plan.claims.reduce(plan.failures.count) { $0 + $1.pods.count } == pods.count)
    }

    /// No claim holds more than the cheapest of its types has room for, and that type is the cheapest that there is for it.
    @Test(arguments: 0..<20)
    func whatIsBoughtHoldsItsPods(seed: Int) {
        var draws = Draws(state: UInt64(seed + 1000))
        let models = Self.models(&draws)
        let pods = Self.pods(&draws)
        let cloud = FakeCloud(models, pools: [Fixtures.pool()])
        for pod in pods { cloud.view.add(.pod(pod)) }
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        let waiting = PendingPods.unschedulable(cloud.view)
        let selectable = Set(models.compactMap { $0.labels["kubernetes.io/arch"] })
        for pod in waiting {
            let arch = pod.spec.nodeSelector["kubernetes.io/arch"]
            let largest =
                models.filter { arch == nil || $0.labels["kubernetes.io/arch"] == arch }
                .compactMap { $0.allocatable[.cpu]?.milliValue }.max() ?? 0
            let wanted = pod.spec.containers[0].requests[.cpu]?.milliValue ?? 0
            #expect(wanted > largest || !selectable.contains(arch ?? "amd64"))
        }
    }
}
