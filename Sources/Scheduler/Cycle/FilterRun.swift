import KubernetesAPI
import SchedulingFramework

/// Runs the filters of a profile for one pod; the same in a real cycle and in a dry run.
struct FilterRun {
    let profile: CompiledProfile
    let snapshot: Snapshot
    let nominator: Nominator
    /// Filters whose pre-filter had nothing to do.
    var skipped: Set<PluginName> = []
    /// The extenders that are interested in the pod, or nil when there are none.
    var extenders: ExtenderChain?

    /// Runs the filters in order up to the first that refuses.
    func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> NodeVerdict? {
        for entry in profile.filters where !skipped.contains(entry.name) {
            let verdict = entry.plugin.filter(pod, on: node, state: state)
            if verdict.code != .success { return NodeVerdict(plugin: entry.name, verdict: verdict) }
        }
        return nil
    }

    /// Runs the filters with the pods nominated to the node that `pod` must yield to, and again without them
    /// (`RunFilterPluginsWithNominatedPods`).
    func filterWithNominated(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> NodeVerdict? {
        let guests =
            nominator.isEmpty
            ? []
            : nominator.pods(on: node.name).filter {
                $0.priority >= pod.priority && $0.uid != pod.uid
            }
        guard !guests.isEmpty else { return filter(pod, on: node, state: state) }
        let full = node.copied()
        let fullState = state.copied()
        for guest in guests {
            full.add(guest)
            podAdded(guest, to: full, whenFiltering: pod, state: fullState)
        }
        return filter(pod, on: full, state: fullState) ?? filter(pod, on: node, state: state)
    }

    func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        for entry in profile.preFilters where !skipped.contains(entry.name) {
            entry.plugin.podAdded(other, to: node, whenFiltering: pod, state: state)
        }
    }

    func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        for entry in profile.preFilters where !skipped.contains(entry.name) {
            entry.plugin.podRemoved(other, from: node, whenFiltering: pod, state: state)
        }
    }
}
