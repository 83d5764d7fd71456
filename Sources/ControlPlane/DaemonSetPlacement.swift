// Kubernetes counterpart: NodeShouldRunDaemonPod of pkg/controller/daemon, and pkg/controller/daemon/util (v1.36).
// Deliberate differences: a node name in the template is not modelled.

package import KubernetesAPI

/// On which nodes the pods of a daemon set belong, and what such a pod looks like on each of them.
///
/// Only labels and taints of a node count: a node that is too full still wants its pod, which then waits for room.
package struct DaemonSetPlacement: Sendable {
    /// What a daemon set does with a node.
    package enum Verdict: UInt8, Hashable, Sendable {
        /// No pod of it belongs there.
        case excluded
        /// A pod that runs there may stay, a new one is not made.
        case keeps
        /// One pod of it belongs there.
        case runs
    }

    /// The tolerations of the template with those that every daemon pod gets.
    package let tolerations: [Toleration]
    private let template: PodTemplateSpec
    private let nodeSelector: StringMap
    private let required: NodeSelector?

    /// Reads the rules of placement from `template`.
    package init(_ template: PodTemplateSpec) {
        self.template = template
        let spec = template.spec
        nodeSelector = spec.nodeSelector
        required = spec.affinity?.nodeAffinity?.required
        tolerations = Self.tolerations(of: spec)
    }

    /// Returns what the daemon set does with `node`.
    package func verdict(_ node: Node) -> Verdict {
        let labels = node.metadata.labels
        for pair in nodeSelector.pairs where labels[pair.key] != pair.value { return .excluded }
        if let required, !required.matches(name: node.metadata.name, labels: labels) { return .excluded }
        if node.spec.taints.isEmpty { return .runs }
        var verdict = Verdict.runs
        for taint in node.spec.taints where taint.effect != .preferNoSchedule {
            if tolerations.contains(where: { $0.tolerates(taint) }) { continue }
            if taint.effect == .noExecute { return .excluded }
            verdict = .keeps
        }
        return verdict
    }
}

// MARK: - The pods

extension DaemonSetPlacement {
    /// The field by which a daemon pod names its node.
    private static let nameField = "metadata.name"

    /// Returns the template for a pod on `node`: the scheduler binds it, but can choose that node only.
    package func template(for node: String, labels: StringMap) -> PodTemplateSpec {
        let name = NodeSelectorRequirement(key: Self.nameField, operator: .in, values: [node])
        var spec = template.spec
        spec.tolerations = tolerations
        var affinity = spec.affinity ?? Affinity()
        var nodes = affinity.nodeAffinity ?? NodeAffinityRules()
        nodes.required = NodeSelector(terms: [NodeSelectorTerm(matchFields: [name])])
        affinity.nodeAffinity = nodes
        spec.affinity = affinity
        var result = PodTemplateSpec(labels: labels, annotations: template.annotations, spec: spec)
        result.finalizers = template.finalizers
        return result
    }

    /// Returns the node that a daemon pod is on or waits for, or nil when it names none (`GetTargetNodeName`).
    package static func target(of pod: Pod) -> String? {
        if let name = pod.nodeName { return name }
        for term in pod.spec.affinity?.nodeAffinity?.required?.terms ?? [] {
            for field in term.matchFields where field.key == nameField && field.operator == .in {
                return field.values.count == 1 ? field.values[0] : nil
            }
        }
        return nil
    }

    private static func tolerations(of spec: PodSpec) -> [Toleration] {
        var added: [(String, TaintEffect)] = [
            ("node.kubernetes.io/not-ready", .noExecute), ("node.kubernetes.io/unreachable", .noExecute),
            ("node.kubernetes.io/disk-pressure", .noSchedule), ("node.kubernetes.io/memory-pressure", .noSchedule),
            ("node.kubernetes.io/pid-pressure", .noSchedule), ("node.kubernetes.io/unschedulable", .noSchedule),
        ]
        if spec.hostNetwork { added.append(("node.kubernetes.io/network-unavailable", .noSchedule)) }
        var tolerations = spec.tolerations
        for (key, effect) in added {
            let wanted = Toleration(key: key, operator: .exists, effect: effect)
            let place = tolerations.firstIndex {
                $0.key == key && $0.effect == effect && $0.operator == .exists && $0.value.isEmpty
            }
            if let place { tolerations[place] = wanted } else { tolerations.append(wanted) }
        }
        return tolerations
    }
}
