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

extension DynamicResources: PostFilterPlugin {
    package func postFilter(_ pod: PodInfo, state: CycleState, host: any PostFilterHost) -> PostFilterOutcome {
        PostFilterOutcome(.unschedulable(Self.reason))
    }
}
