import KubernetesAPI

/// What the pods of a benchmark ask for.
package enum BenchmarkMix: String, Hashable, Sendable, CaseIterable {
    /// CPU, memory, labels and taints of nodes; nothing about other pods.
    case resources
    /// Mostly the spreading that every pod of a ReplicaSet gets; a third of the templates have constraints of their own.
    case spread
    /// Affinity and anti-affinity to other pods, required and preferred.
    case affinity
    /// Four of ten templates spread by default, two by their own constraints, two with affinity, two with nothing.
    case mixed
}

/// Pods that are made after one pattern.
struct BenchmarkTemplate {
    var box: PodSpecBox
    var labels: StringMap
    var owner: ReplicaSet?

    private static let zone = "topology.kubernetes.io/zone"
    private static let hostname = "kubernetes.io/hostname"

    init(_ index: Int, mix: BenchmarkMix) {
        var spec = Self.spec(index)
        labels = ["app": "app-\(index)", "tier": "tier-\(index % 4)"]
        let selector = LabelSelector(matchLabels: ["app": "app-\(index)"])
        var isOwned = false
        switch mix {
        case .resources: break
        case .spread:
            isOwned = true
            if index % 3 == 2 { Self.spread(&spec, index / 3, selector) }
        case .affinity: Self.relate(&spec, index, selector)
        case .mixed:
            switch index % 10 {
            case 0, 3, 5, 8: isOwned = true
            case 1, 6: Self.spread(&spec, index / 5, selector)
            case 2, 7: Self.relate(&spec, index / 5, selector)
            default: break
            }
        }
        box = PodSpecBox(spec)
        guard isOwned else { return }
        var set = ReplicaSet.Spec()
        set.selector = selector
        owner = ReplicaSet(metadata: ObjectMeta(name: "set-\(index)", namespace: "default"), spec: set)
        owner?.metadata.uid = UID(high: 3, low: UInt64(index))
    }

    private static func spec(_ index: Int) -> PodSpec {
        var container = Container(name: "main", image: "registry.example/app-\(index):1")
        container.requests = [
            .cpu: Quantity(milli: Int64(100 + 150 * (index % 13))),
            .memory: Quantity(Int64(128 + 64 * (index % 17)) << 20),
        ]
        var spec = PodSpec(containers: [container])
        if index % 5 == 0 { spec.nodeSelector = ["disk": "ssd"] }
        if index % 6 == 0 { spec.tolerations = [Toleration(key: "dedicated", operator: .exists)] }
        if index % 4 == 1 {
            let requirement = NodeSelectorRequirement(key: zone, operator: .in, values: ["zone-\(index % 3)"])
            let term = PreferredSchedulingTerm(
                weight: 50, preference: NodeSelectorTerm(matchExpressions: [requirement]))
            spec.affinity = Affinity(nodeAffinity: NodeAffinityRules(preferred: [term]))
        }
        return spec
    }

    private static func spread(_ spec: inout PodSpec, _ index: Int, _ selector: LabelSelector) {
        func constraint(_ skew: Int64, _ key: String, isHard: Bool) -> TopologySpreadConstraint {
            TopologySpreadConstraint(
                maxSkew: skew, topologyKey: key, whenUnsatisfiable: isHard ? .doNotSchedule : .scheduleAnyway,
                labelSelector: selector)
        }
        spec.topologySpreadConstraints =
            index % 2 == 0
            ? [constraint(1, zone, isHard: true), constraint(2, hostname, isHard: false)]
            : [constraint(2, hostname, isHard: true), constraint(1, zone, isHard: false)]
    }

    private static func relate(_ spec: inout PodSpec, _ index: Int, _ selector: LabelSelector) {
        var affinity = spec.affinity ?? Affinity()
        let own = PodAffinityTerm(labelSelector: selector, topologyKey: hostname)
        let tier = LabelSelector(matchLabels: ["tier": "tier-\((index + 1) % 4)"])
        let neighbours = PodAffinityTerm(labelSelector: tier, topologyKey: zone)
        switch index % 4 {
        case 0: affinity.podAntiAffinity = PodAffinityRules(required: [own])
        case 1:
            let wish = WeightedPodAffinityTerm(weight: 100, term: own)
            affinity.podAntiAffinity = PodAffinityRules(preferred: [wish])
        case 2: affinity.podAffinity = PodAffinityRules(required: [neighbours])
        default:
            affinity.podAffinity = PodAffinityRules(preferred: [WeightedPodAffinityTerm(weight: 50, term: neighbours)])
            affinity.podAntiAffinity = PodAffinityRules(preferred: [WeightedPodAffinityTerm(weight: 20, term: own)])
        }
        spec.affinity = affinity
    }
}
