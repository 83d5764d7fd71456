import ControlPlane
import KubernetesAPI

/// What the pods of manifests want of a node by its labels.
struct NodeWishes {
    private var placements: [DaemonSetPlacement] = []
    /// The labels that any pod asks about, each once.
    private var keys: [String] = []

    /// Reads the wishes of all workloads among `objects`; those of DaemonSets only tell which labels matter.
    init(_ objects: [KubernetesObject]) {
        for object in objects {
            if let (spec, count) = WorkloadPods.pods(of: object), count > 0 {
                placements.append(DaemonSetPlacement(PodTemplateSpec(spec: spec)))
                add(spec)
            } else if case .daemonSet(let set) = object {
                add(set.spec.template.spec)
            }
        }
    }

    private mutating func add(_ spec: PodSpec) {
        let rules = spec.affinity?.nodeAffinity
        let terms = (rules?.required?.terms ?? []) + (rules?.preferred ?? []).map(\.preference)
        let asked = spec.nodeSelector.pairs.map(\.key) + terms.flatMap(\.matchExpressions).map(\.key)
        for key in asked where !keys.contains(key) { keys.append(key) }
    }

    /// Whether no pod tells the nodes apart by their labels.
    func areAlike(_ left: Node, _ right: Node) -> Bool {
        keys.allSatisfy { left.metadata.labels[$0] == right.metadata.labels[$0] }
    }

    /// Whether every pod may be on the node, by its labels and taints.
    func areMet(by node: Node) -> Bool { placements.allSatisfy { $0.verdict(node) == .runs } }
}
