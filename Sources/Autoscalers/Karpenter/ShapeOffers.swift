import KubernetesAPI
import SchedulingFramework

/// Which offers of which pools pods may run on by their node selectors, affinities and tolerations: asked of the scheduler's
/// filters once for each shape.
final class ShapeOffers {
    let plans: [PoolPlan]
    /// What can be had of each plan now: its cells without those that are sold out.
    let available: [[OfferTable.Cell]]
    private let taintRule: (any FilterPlugin)?
    private let labelRule: (any FilterPlugin)?
    private let templates: [NodeInfo]
    /// By shape, for each plan; only looked up.
    private var known: [ObjectIdentifier: [Answer]] = [:]
    /// The domains over which pods of a shape can be spread, and the nodes that stand for them; only looked up.
    var knownDomains: [ObjectIdentifier: [Domain]] = [:]
    var standIns: [Domain: NodeInfo] = [:]

    /// What a plan has for pods of a shape.
    enum Answer {
        case nothing
        /// Everything that can be had of it.
        case everything
        case some([OfferTable.Cell])
    }

    init(_ plans: [PoolPlan], unavailable: UnavailableOffers, rules: PlacementRules) {
        self.plans = plans
        available = plans.map { plan in
            var cells = plan.cells
            unavailable.subtract(from: &cells)
            return cells
        }
        taintRule = rules.filter(named: TaintToleration.name)
        labelRule = rules.filter(named: NodeAffinity.name)
        templates = plans.map { plan in
            var node = Node(metadata: ObjectMeta(name: "template", labels: plan.labels))
            node.spec.taints = plan.pool.taints
            return NodeInfo(node)
        }
    }

    /// Returns what the plan in a place has for pods like `pod`.
    func answer(_ place: Int, for pod: PodInfo) -> Answer {
        let key = ObjectIdentifier(pod.shape)
        if let answers = known[key] { return answers[place] }
        let answers = plans.indices.map { work($0, pod) }
        known[key] = answers
        return answers[place]
    }

    private func work(_ place: Int, _ pod: PodInfo) -> Answer {
        if let rule = taintRule, !plans[place].pool.taints.isEmpty,
            rule.filter(pod, on: templates[place], state: CycleState()).code != .success
        {
            return .nothing
        }
        if pod.spec.nodeSelector.isEmpty && pod.shape.requiredNodes == nil { return .everything }
        guard let rule = labelRule else { return .everything }
        let cells = plans[place].cells(for: pod, by: rule)
        return cells.contains { $0 != 0 } ? .some(cells) : .nothing
    }
}
