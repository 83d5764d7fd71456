import Chronology
import ControlPlane
import KubernetesAPI

/// What the pods of a scale-up benchmark ask for beside resources.
package enum ScaleUpMix: String, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case resources
    /// Every other template asks for an architecture.
    case selectors
    /// Every other template wants its pods spread over the zones.
    case spread
}

/// Pods that all wait at once, and what each autoscaler of machines decides for them.
package struct ScaleUpBenchmark {
    /// What a decision comes to.
    package struct Outcome: Sendable {
        package var machines = 0
        /// Nano-dollars an hour.
        package var pricePerHour: Int64 = 0
        /// Pods for which no machine was asked.
        package var left = 0
    }

    private let view: StillCluster
    private let cloud: StillCloud
    private let pods: Int

    /// Prepares so many pods of so many templates, and the market: every type is a group of the Cluster Autoscaler too.
    package init(pods: Int, templates: Int, mix: ScaleUpMix, market: MachineMarket) {
        self.pods = pods
        let boxes = (0..<templates).map { Pod(metadata: ObjectMeta(), spec: Self.spec($0, mix)).specBox }
        let since = Condition(Condition.podScheduled, .false, reason: "Unschedulable", at: .start)
        let waiting = (0..<pods).map { number in
            let metadata = ObjectMeta(name: "pod-\(number)", namespace: "bench")
            var pod = Pod(metadata: metadata, specBox: boxes[number % templates])
            pod.metadata.uid = UID(text: "pod-\(number)")
            pod.metadata.labels = ["template": "t\(number % templates)"]
            pod.status.conditions = [since]
            return pod
        }
        var pool = UnmodelledObject(
            apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: ObjectMeta(name: "default"))
        pool.nodePool = KarpenterNodePool(name: "default")
        view = StillCluster(now: .start + .minutes(1), waiting: waiting, others: [.other(pool)])
        let plan = PoolPlan(KarpenterNodePool(name: "default"), OfferTable(market))
        let groups = market.models.map { model in
            let place = plan.table.place(of: model.name) ?? 0
            let templates = market.zones.indices.map { plan.node("template", place, zone: $0, .onDemand) }
            return NodeGroup(
                name: model.name, minSize: 0, maxSize: 10_000, targetSize: 0, machineType: model.name,
                pricePerHour: model.onDemandPrice, zones: market.zones, templates: templates)
        }
        cloud = StillCloud(groups: groups, market: market)
    }

    private static func spec(_ number: Int, _ mix: ScaleUpMix) -> PodSpec {
        var container = Container(name: "c", image: "app:\(number)")
        // From a tenth of a CPU to four, with one to eight GiB for each.
        let milli = Int64(100 + number * 397 % 3900)
        container.requests = [
            .cpu: Quantity(milli: milli), .memory: Quantity(milli * Int64(1 + number % 8) << 20, format: .binarySI),
        ]
        var spec = PodSpec(containers: [container])
        guard number % 2 == 1 else { return spec }
        switch mix {
        case .resources: break
        case .selectors: spec.nodeSelector = ["kubernetes.io/arch": number % 4 == 1 ? "amd64" : "arm64"]
        case .spread:
            spec.topologySpreadConstraints = [
                TopologySpreadConstraint(
                    maxSkew: 1, topologyKey: OfferTable.zoneLabel, whenUnsatisfiable: .doNotSchedule,
                    labelSelector: LabelSelector(matchLabels: ["template": "t\(number)"]))
            ]
        }
        return spec
    }

    // MARK: - Decisions

    /// Lets Karpenter decide `times` times, each as if for the first time but for what it knows of the market.
    package func karpenter(times: Int, measure: (() -> Void) -> Void) -> Outcome {
        var outcome = Outcome()
        var known = Karpenter()
        for _ in 0..<times {
            var karpenter = known
            var step = AutoscalerStep()
            measure { step = karpenter.step(view, cloud) }
            outcome = Self.outcome(step)
            outcome.left = step.events.count { $0.reason == "FailedScheduling" }
            known = Karpenter()
            known.market = karpenter.market
            known.table = karpenter.table
            known.plans = karpenter.plans
            known.plansVersion = karpenter.plansVersion
            known.daemonMarks = karpenter.daemonMarks
        }
        return outcome
    }

    /// Lets the Cluster Autoscaler decide `times` times, each for the first time; one decision grows one group.
    package func clusterAutoscaler(times: Int, measure: (() -> Void) -> Void) -> Outcome {
        var outcome = Outcome()
        for _ in 0..<times {
            var autoscaler = ClusterAutoscaler()
            var step = AutoscalerStep()
            measure { step = autoscaler.step(view, cloud) }
            outcome = Self.outcome(step)
            outcome.left = pods - step.events.count { $0.reason == "TriggeredScaleUp" }
        }
        return outcome
    }

    private static func outcome(_ step: AutoscalerStep) -> Outcome {
        var outcome = Outcome()
        for decision in step.decisions where decision.direction == .up {
            outcome.machines += decision.count
            outcome.pricePerHour += decision.pricePerHour ?? 0
        }
        return outcome
    }
}
