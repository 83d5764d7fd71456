import KubernetesAPI

/// Where machines may come that no pool of the scenario names.
struct NodePoolNames {
    /// The NodePools of Karpenter.
    let pools: [String]
    /// The zones in which it is to buy, as far as the scenario says so.
    let zones: [String]

    init(_ objects: [LoadedObject], _ document: ScenarioDocument) {
        self.pools = objects.compactMap { loaded in
            if case .other(let object) = loaded.object { object.nodePool?.name } else { nil }
        }
        zones = self.pools.isEmpty ? [] : document.autoscaler?.karpenter?.zones ?? []
    }
}
