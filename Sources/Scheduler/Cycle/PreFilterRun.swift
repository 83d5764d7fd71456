import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: RunPreFilterPlugins (v1.36).

/// What the pre-filters of a profile say of one pod.
struct PreFilterRun {
    /// Set when the pod is refused on all nodes.
    var rejection: NodeVerdict?
    /// The only nodes worth looking at, in name order, or nil for all.
    var nodeNames: [String]?
    /// The plugins that named nodes, in name order.
    var naming: [PluginName] = []
    var skipped: Set<PluginName> = []
    /// The plugins that were not asked, because one before them refused the pod.
    var unasked: [PluginName] = []

    /// Asks the pre-filters; with `isLocal` only those whose answer follows from the pod's shape.
    init(
        _ pod: PodInfo, profile: CompiledProfile, snapshot: Snapshot, state: CycleState, isLocal: Bool = false
    ) {
        for (position, entry) in profile.preFilters.enumerated()
        where !isLocal || entry.plugin.preFilterScope(for: pod.shape) != .cluster {
            let outcome = entry.plugin.preFilter(pod, in: snapshot, state: state)
            switch outcome.verdict.code {
            case .skip:
                skipped.insert(entry.name)
                continue
            case .success, .wait: break
            case .unresolvable, .error:
                rejection = NodeVerdict(plugin: entry.name, verdict: outcome.verdict)
                unasked = profile.preFilters[(position + 1)...].map(\.name)
                return
            case .unschedulable, .pending:
                // Evictions may help: the others are asked too.
                rejection = NodeVerdict(plugin: entry.name, verdict: outcome.verdict)
                continue
            }
            guard let names = outcome.nodeNames else { continue }
            naming.append(entry.name)
            nodeNames = nodeNames.map { present in present.filter(names.contains) } ?? names
            if nodeNames?.isEmpty ?? false {
                naming.sort()
                let verdict = Verdict.unresolvable(Self.emptyText(naming))
                rejection = NodeVerdict(plugin: nil, verdict: verdict)
                unasked = profile.preFilters[(position + 1)...].map(\.name)
                return
            }
        }
        naming.sort()
    }

    /// What is said of a node that is not among `nodeNames`.
    var absence: NodeVerdict {
        let list = naming.map(\.text).joined(separator: " ")
        return NodeVerdict(plugin: nil, verdict: .unresolvable("node(s) didn't satisfy plugin(s) [\(list)]"))
    }

    private static func emptyText(_ plugins: [PluginName]) -> String {
        if plugins.count == 1 { return "node(s) didn't satisfy plugin \(plugins[0])" }
        let list = plugins.map(\.text).joined(separator: " ")
        return "node(s) didn't satisfy plugin(s) [\(list)] simultaneously"
    }
}
