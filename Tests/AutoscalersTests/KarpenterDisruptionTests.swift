import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

@Suite struct KarpenterDisruptionTests {
    private static let sizes = [
        Fixtures.model("a.2", cpu: 2, onDemand: 200), Fixtures.model("a.4", cpu: 4, onDemand: 400),
        Fixtures.model("a.8", cpu: 8, onDemand: 800),
    ]

    /// Takes pods away by name.
    private static func end(_ names: [String], _ cloud: FakeCloud) {
        for name in names { cloud.view.remove(ObjectKey(.pod, namespace: "d", name: name)) }
    }

    /// Evicted pods come back under other names, as their owner sees to it.
    private static func run(
        _ karpenter: inout Karpenter, _ cloud: FakeCloud, minutes: Int64,
        at event: @escaping (Int64, FakeCloud) -> Void = { _, _ in }
    ) -> [String] {
        var wanted: Set<String> = []
        var reborn = 0
        return cloud.run(&karpenter, minutes: minutes, tick: 1) { time, cloud in
            event(time, cloud)
            let present = Set(cloud.view.pods.map(\.metadata.name))
            let lost = wanted.subtracting(present).filter { !$0.hasPrefix("x") }.sorted()
            for name in lost where cloud.revives {
                reborn += 1
                cloud.wait([name + "-\(reborn)"], labels: ["app": "web"])
            }
            wanted = Set(cloud.view.pods.map(\.metadata.name))
        }.decisions
    }

    /// A machine that is empty from second 60 on goes on the next look and 15 s later, plus what the pool asks for; that its
    /// pod is forgotten meanwhile changes nothing.
    @Test(
        arguments: [
            (.seconds(0), "76 Empty p 1"), (.seconds(30), "106 Empty p 1"), (.minutes(5), "376 Empty p 1"), (nil, nil),
        ] as [(Duration?, String?)])
    func emptyMachinesGo(after: Duration?, decision: String?) {
        let pool = Fixtures.pool { $0.disruption.consolidateAfter = after }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        cloud.wait(["x"], milli: 2000)
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 10) { time, cloud in
            if time == 60 {
                cloud.view.changePod(ObjectKey(.pod, namespace: "d", name: "x")) { $0.status.phase = .succeeded }
            }
            if time == 80 { Self.end(["x"], cloud) }
        }
        #expect(decisions == ["1 Provision p 1"] + [decision].compactMap { $0 })
    }

    /// A pod that is told to end and gone before the next look is one that went all the same.
    @Test(arguments: [(.seconds(0), "86 Empty p 1"), (.minutes(5), "386 Empty p 1")] as [(Duration, String)])
    func podsThatGoAtOnceCount(after: Duration, decision: String) {
        let pool = Fixtures.pool { $0.disruption.consolidateAfter = after }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        cloud.wait(["x"], milli: 2000)
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 10) { time, cloud in
            if time == 61 { Self.end(["x"], cloud) }
        }
        #expect(decisions == ["1 Provision p 1", decision])
    }

    /// How many of ten empty machines have gone after two minutes under each budget.
    @Test(
        arguments: [
            ([.init(nodes: .percent(100))], 10), ([.init(nodes: .number(0))], 0),
            ([.init(nodes: .number(0), reasons: [.underutilized])], 10),
            ([.init(nodes: .number(0), reasons: [.empty])], 0),
            ([.init(nodes: .percent(15)), .init(nodes: .number(3))], 5), ([], 10),
        ] as [([KarpenterNodePool.Budget], Int)])
    func budgetsHold(budgets: [KarpenterNodePool.Budget], gone: Int) {
        let pool = Fixtures.pool {
            $0.disruption.budgets = budgets
            $0.requirements = [.init("node.kubernetes.io/instance-type", .in, ["a.2"])]
        }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        let names = (0..<10).map { "x\($0)" }
        cloud.wait(names, milli: 2000)
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 2) { time, cloud in
            if time == 60 { Self.end(names, cloud) }
        }
        #expect(decisions.count { $0.contains("Empty") } == gone)
    }

    /// From minute five on for ten minutes, the last instant not among them.
    @Test func budgetsHoldByTheClock() throws {
        var budget = KarpenterNodePool.Budget(nodes: .number(0))
        budget.schedule = try CronSchedule(parsing: "5 0 * * *")
        budget.duration = .minutes(10)
        let clock = WallClock(startDate: StartDate(unixSeconds: 0))
        let minutes = [0, 4, 5, 14, 15, 16].map { Instant.start + .minutes(Int64($0)) }
        #expect(minutes.map { budget.holds(at: $0, on: clock) } == [false, false, true, true, false, false])
        #expect(budget.changes(after: .start, on: clock) == .start + .minutes(5))
        #expect(budget.changes(after: .start + .minutes(6), on: clock) == .start + .minutes(15))
    }

    /// What keeps an empty-looking or underused machine: (what is done at second 60, whether it goes within three minutes).
    @Test(
        arguments: [
            ("nothing", true), ("pod", false), ("node", false), ("budget", false), ("whenEmpty", false), ("1h", false),
            ("90s", true), ("-1h", true), ("tolerates", false), ("unhealthy", true), ("healthy", false),
        ])
    func protectedMachinesStay(what: String, goes: Bool) {
        let pool = Fixtures.pool { if what == "whenEmpty" { $0.disruption.policy = .whenEmpty } }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        cloud.wait(["a", "x0", "x1"], milli: 1000) {
            if what == "tolerates" { $0.tolerations = [Toleration(operator: .exists)] }
        }
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 4) { time, cloud in
            guard time == 60 else { return }
            Self.end(["x0", "x1"], cloud)
            switch what {
            case "pod", "tolerates", "1h", "90s", "-1h":
                cloud.view.changePod(ObjectKey(.pod, namespace: "d", name: "a")) {
                    let isLength = what.hasSuffix("h") || what.hasSuffix("0s")
                    $0.metadata.annotations["karpenter.sh/do-not-disrupt"] = isLength ? what : "true"
                    $0.status.startTime = cloud.view.now
                }
            case "node":
                cloud.view.change(ObjectKey(.node, name: "p-00001")) { object in
                    var metadata = object.metadata
                    metadata.annotations["karpenter.sh/do-not-disrupt"] = "true"
                    object.metadata = metadata
                }
            case "budget", "unhealthy", "healthy":
                var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "b", namespace: "d"))
                budget.selector = LabelSelector(matchLabels: ["app": "web"])
                budget.unhealthyPodEvictionPolicy = what == "budget" ? nil : .alwaysAllow
                cloud.view.add(.podDisruptionBudget(budget))
                cloud.view.changePod(ObjectKey(.pod, namespace: "d", name: "a")) {
                    let ready = Condition(Condition.ready, what == "unhealthy" ? .false : .true, at: cloud.view.now)
                    $0.status.conditions = [ready]
                }
            default: break
            }
        }
        #expect(decisions.contains { $0.contains("Underutilized") } == goes)
    }

    /// One pod on a machine of eight: a machine of two takes its place, and is ready before the old one is drained.
    @Test func oneMachineIsReplacedByACheaperOne() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.revives = true
        cloud.wait(["a", "x"], milli: 1000)
        cloud.wait(["x1"], milli: 4000)
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 5) { time, cloud in
            if time == 60 { Self.end(["x", "x1"], cloud) }
        }
        #expect(decisions == ["1 Provision p 1", "75 Replacement p 1", "77 Underutilized p 1"])
        #expect(cloud.types == ["a.2"] && PendingPods.unschedulable(cloud.view).isEmpty)
    }

    /// When the replacement cannot be had, the old machine stays as it was.
    @Test func aReplacementThatDoesNotComeCallsItOff() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.wait(["a", "x"], milli: 2000)
        cloud.soldOut = ["a.2 z1 on-demand", "a.2 z2 on-demand"]
        var karpenter = Karpenter()
        _ = Self.run(&karpenter, cloud, minutes: 5) { time, cloud in if time == 60 { Self.end(["x"], cloud) } }
        #expect(cloud.types == ["a.4"])
        #expect(cloud.view.nodes().allSatisfy { $0.spec.taints.isEmpty })
    }

    /// Several machines whose pods fit on fewer go together: cost falls, and no pod is left without a place.
    @Test(arguments: [(2, 200), (5, 800), (12, 1600)] as [(Int, Int64)])
    func manyMachinesAreConsolidated(count: Int, least: Int64) {
        let pool = Fixtures.pool {
            $0.requirements = [.init("node.kubernetes.io/instance-type", .in, ["a.2", "a.8"])]
            $0.disruption.budgets = []
        }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        cloud.revives = true
        cloud.wait((0..<count).flatMap { ["a\($0)"] })
        cloud.wait((0..<count).map { "x\($0)" }, labels: ["app": "other"])
        var karpenter = Karpenter()
        var before: Int64 = 0
        func price(_ karpenter: Karpenter) -> Int64 { karpenter.claims.reduce(0) { $0 + $1.price } }
        _ = Self.run(&karpenter, cloud, minutes: 1)
        before = price(karpenter)
        Self.end((0..<count).map { "x\($0)" }, cloud)
        _ = Self.run(&karpenter, cloud, minutes: 20)
        // No machine is turned into several smaller ones.
        #expect(price(karpenter) == least && least < before)
        #expect(PendingPods.unschedulable(cloud.view).isEmpty)
        #expect(cloud.view.pods.count == count)
    }

    /// A spot machine is replaced by another only with the gate, and with fifteen cheaper types to choose from.
    @Test(arguments: [(14, true, false), (15, true, true), (15, false, false)])
    func spotIsReplacedBySpotRarely(cheaper: Int, isAllowed: Bool, isReplaced: Bool) {
        let small = (0..<cheaper).map { Fixtures.model("s\($0).2", cpu: 2, spot: 20 + Int64($0)) }
        let cloud = FakeCloud(small + [Fixtures.model("big.8", cpu: 8, spot: 100)], pools: [Fixtures.pool()])
        cloud.revives = true
        cloud.wait(["a"])
        cloud.wait(["x"], milli: 5000)
        var parameters = Karpenter.Parameters()
        parameters.consolidatesSpotToSpot = isAllowed
        var karpenter = Karpenter(parameters)
        _ = Self.run(&karpenter, cloud, minutes: 3) { time, cloud in if time == 60 { Self.end(["x"], cloud) } }
        #expect(cloud.types == [isReplaced ? "s0.2" : "big.8"])
    }

    @Test func machinesExpire() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool { $0.expireAfter = .minutes(10) }])
        cloud.revives = true
        cloud.wait(["a"], milli: 2000)
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 12)
        #expect(decisions.contains("602 Expired p 1"))
        #expect(cloud.machines.count == 1 && PendingPods.unschedulable(cloud.view).isEmpty)
    }

    /// A pool that asks for something else by now has its machines replaced one after the other.
    @Test(arguments: ["labels", "requirements", "weight"])
    func machinesDrift(what: String) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.revives = true
        cloud.wait(["a"])
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 4) { time, cloud in
            guard time == 60 else { return }
            cloud.edit(
                Fixtures.pool {
                    if what == "labels" { $0.labels = ["new": "yes"] }
                    if what == "weight" { $0.weight = 10 }
                    if what == "requirements" {
                        $0.requirements = [.init("node.kubernetes.io/instance-type", .notIn, ["a.2"])]
                    }
                })
        }
        #expect(decisions.contains { $0.contains("Drifted") } == (what != "weight"))
        #expect(cloud.types == [what == "requirements" ? "a.4" : "a.2"])
        #expect(cloud.labels("new") == (what == "labels" ? ["yes"] : []))
    }

    @Test func whatTheCloudTakesBackIsReplaced() {
        let cloud = FakeCloud([Fixtures.model("a.2", cpu: 2, onDemand: 200, spot: 50)], pools: [Fixtures.pool()])
        cloud.revives = true
        cloud.wait(["a"])
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 2) { time, cloud in
            if time == 60 { cloud.machines[0].isInterrupted = true }
            if time == 61 { cloud.view.add(.namespace(Namespace(metadata: ObjectMeta(name: "wake")))) }
        }
        #expect(decisions.contains { $0.contains("Interrupted") } && decisions.count { $0.contains("Provision") } == 2)
        #expect(cloud.labels("topology.kubernetes.io/zone") == ["z2"])
    }

    /// What the eviction of one pod counts, in millionths, beside its node.
    @Test(
        arguments: [
            (nil, 0, 1_000_000), ("134217728", 0, 2_000_000), ("-2147483647", 0, 0), ("-134217728", 0, 0),
            (nil, 1 << 25, 2_000_000), (nil, 2_000_000_000, 10_000_000),
        ] as [(String?, Int32, Int64)])
    func evictionsCostMoreOrLess(deletionCost: String?, priority: Int32, cost: Int64) {
        var pod = Fixtures.pod("a", node: "n") { $0.priority = priority }
        pod.metadata.annotations["controller.kubernetes.io/pod-deletion-cost"] = deletionCost
        #expect(DisruptionCandidate.cost(of: [pod]) - DisruptionCandidate.cost(of: []) == cost)
    }

    /// For the pod of a machine that the cloud takes back another is bought, unless its budget never lets it go.
    @Test(
        arguments: [
            (.number(1), nil, 2), (.number(0), nil, 1), (.percent(0), nil, 1), (nil, .percent(100), 1), (nil, .number(1), 2),
        ] as [(IntOrPercent?, IntOrPercent?, Int)])
    func podsThatABudgetKeepsForTheMomentGetAnotherMachine(most: IntOrPercent?, least: IntOrPercent?, bought: Int) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.wait(["a"])
        cloud.refusesEvictions = true
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "b", namespace: "d"))
        budget.selector = LabelSelector(matchLabels: ["app": "web"])
        (budget.maxUnavailable, budget.minAvailable) = (most, least)
        cloud.view.add(.podDisruptionBudget(budget))
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 3) { time, cloud in
            if time == 60 { cloud.machines[0].isInterrupted = true }
            if time == 61 { cloud.view.add(.namespace(Namespace(metadata: ObjectMeta(name: "wake")))) }
        }
        #expect(decisions.count { $0.contains("Provision") } == bought)
    }

    /// A machine whose pods just changed takes none of another's until that is long enough ago.
    @Test func podsAreNotMovedToMachinesWhosePodsJustChanged() {
        let pool = Fixtures.pool {
            $0.requirements = [.init("node.kubernetes.io/instance-type", .in, ["a.4"])]
            $0.disruption.consolidateAfter = .minutes(5)
        }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        cloud.revives = true
        cloud.wait(["x0", "x1"], milli: 3000)
        cloud.wait(["a", "b"])
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 12) { time, cloud in
            if time == 60 { Self.end(["x0", "x1"], cloud) }
            if time == 300 { cloud.wait(["c"]) }
        }
        let gone = decisions.first { $0.contains("Underutilized") }
        #expect(gone == "617 Underutilized p 1", "\(decisions)")
    }

    /// A pod that should have ended a minute ago holds its machine no longer.
    @Test func podsThatDoNotEndAreWaitedForAMinute() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool { $0.expireAfter = .minutes(2) }])
        cloud.wait(["x"])
        cloud.refusesEvictions = true
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 8) { time, cloud in
            guard time == 130 else { return }
            cloud.view.changePod(ObjectKey(.pod, namespace: "d", name: "x")) {
                $0.metadata.deletionTimestamp = Instant.start + .seconds(160)
            }
        }
        #expect(decisions.contains("220 Expired p 1"), "\(decisions)")
    }

    /// After something was done, the next thing is looked for at once.
    @Test func oneCommandFollowsTheOther() {
        let pool = Fixtures.pool {
            $0.requirements = [.init("node.kubernetes.io/instance-type", .in, ["a.2"])]
            $0.disruption.budgets = []
        }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        cloud.revives = true
        cloud.wait(["a", "b", "c"], milli: 2000)
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 3) { time, cloud in
            guard time == 60 else { return }
            var changed = pool
            changed.labels = ["new": "yes"]
            cloud.edit(changed)
        }
        let times = decisions.filter { $0.contains("Replacement") }.map { $0.prefix { $0 != " " } }
        #expect(times == ["60", "61", "62"])
    }

    /// A machine that is to take another's place has ten minutes to come; its pool waits for it for five more.
    @Test func commandsAreCalledOffInTheEnd() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.wait(["a", "x"], milli: 1000)
        cloud.wait(["x1"], milli: 4000)
        var karpenter = Karpenter()
        var tainted: [Int64] = []
        _ = Self.run(&karpenter, cloud, minutes: 13) { time, cloud in
            if time == 60 { Self.end(["x", "x1"], cloud) }
            if time == 61 { cloud.silent = ["p"] }
            if cloud.view.nodes().contains(where: { !$0.spec.taints.isEmpty }) { tainted.append(time) }
        }
        #expect(tainted.first == 76 && tainted.last == 675, "\(tainted.first ?? 0) \(tainted.last ?? 0)")
        #expect(cloud.view.nodes().map(\.metadata.name) == ["p-00001"])
    }

    /// A pool that wants a balance is left alone where a consolidation saves less than half of the share that it disturbs.
    @Test(
        arguments: [
            (.balanced, 1000, true), (.balanced, 3000, true), (.balanced, 5000, false),
            (.whenEmptyOrUnderutilized, 5000, true),
        ] as [(KarpenterNodePool.Disruption.Policy, Int64, Bool)])
    func balancedPoolsAreDisturbedForEnoughOnly(
        policy: KarpenterNodePool.Disruption.Policy, milli: Int64, isReplaced: Bool
    ) {
        let six = Fixtures.model("a.6", cpu: 6, onDemand: 600)
        let cloud = FakeCloud(Self.sizes + [six], pools: [Fixtures.pool { $0.disruption.policy = policy }])
        cloud.revives = true
        cloud.wait(["a"], milli: milli)
        cloud.wait(["x"], milli: 7500 - milli)
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 5) { time, cloud in if time == 60 { Self.end(["x"], cloud) } }
        #expect(decisions.contains { $0.contains("Replacement") } == isReplaced)
    }

    /// A pod that a budget keeps holds its machine until the grace period of the pool is over.
    @Test(arguments: [(nil, false), (.minutes(5), true)] as [(Duration?, Bool)])
    func drainsEndWithTheGracePeriod(grace: Duration?, isGone: Bool) {
        let pool = Fixtures.pool {
            $0.expireAfter = .minutes(2)
            $0.terminationGracePeriod = grace
        }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        cloud.wait(["a"])
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "b", namespace: "d"))
        budget.selector = LabelSelector(matchLabels: ["app": "web"])
        cloud.view.add(.podDisruptionBudget(budget))
        cloud.refusesEvictions = true
        var karpenter = Karpenter()
        let decisions = Self.run(&karpenter, cloud, minutes: 8)
        #expect(decisions.contains("421 Expired p 1") == isGone)
        #expect(cloud.machines.isEmpty == isGone)
    }
}
