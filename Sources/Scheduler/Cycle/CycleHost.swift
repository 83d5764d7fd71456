import SchedulingFramework

/// What a post-filter may ask of a cycle that failed.
struct CycleHost: PostFilterHost {
    let run: FilterRun
    let verdicts: VerdictSource
    /// Said of every node without a verdict of its own.
    let fallback: NodeVerdict?
    /// Plugins whose pre-filter was not asked.
    var unasked: [PluginName] = []

    var snapshot: Snapshot { run.snapshot }

    func verdict(at place: Int) -> NodeVerdict? { fallback ?? verdicts.verdict(at: place) }

    func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        run.filterWithNominated(pod, on: node, state: state)?.verdict ?? .success
    }

    func wasPreFiltered(by plugin: PluginName) -> Bool { !unasked.contains(plugin) }

    func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        run.podAdded(other, to: node, whenFiltering: pod, state: state)
    }

    func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        run.podRemoved(other, from: node, whenFiltering: pod, state: state)
    }
}
