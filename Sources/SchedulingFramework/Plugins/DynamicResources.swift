// Kubernetes counterpart: plugins/dynamicresources (v1.36).
// Deliberate differences: resource claims are not modelled; only what the plugin says of pods without claims is here.

/// The place of the plugin for resource claims: it finds nothing to score and nothing to deallocate.
package struct DynamicResources: SchedulerPlugin {
    package static let name: PluginName = "DynamicResources"
    static let reason = "no new claims to deallocate"

    package init() {}
}

extension DynamicResources: ScorePlugin {
    package var scoreScope: PluginScope { .nodeObject }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 { 0 }
}

extension DynamicResources: PreFilterPlugin {
    package var preFilterScope: PluginScope { .nodeObject }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome { .skip }
}

extension DynamicResources: PostFilterPlugin {
    /// Upstream misses what its pre-filter would have left, and ends the search for a way out.
    package func postFilter(_ pod: PodInfo, state: CycleState, host: any PostFilterHost) -> PostFilterOutcome {
        if !host.wasPreFiltered(by: Self.name) { return PostFilterOutcome(Verdict(.error, reasons: ["not found"])) }
        return PostFilterOutcome(.unschedulable(Self.reason))
    }
}
