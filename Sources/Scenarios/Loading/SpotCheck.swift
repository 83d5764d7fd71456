import Costs
import Faults
import KubernetesAPI

/// Notes that machines are bought on the spot market and nothing takes them back: the forecast has their price without
/// their interruptions.
struct SpotCheck {
    /// The label of nodes by which Karpenter tells how they are paid for.
    private static let capacityType = "karpenter.sh/capacity-type"

    let diagnostics: Diagnostics
    let faults: [FaultSpec]

    /// Looks at the pools of a scenario and at the NodePools among the manifests.
    func check(_ drafts: [PoolDraft], _ objects: [LoadedObject]) {
        guard !faults.contains(where: { $0.kind == SpotReclaim.self }) else { return }
        if let draft = drafts.first(where: { $0.purchase == .spot && ($0.count > 0 || $0.autoscaling != nil) }) {
            return note("the machines of the pool \(draft.name)", draft.place.file, draft.place.position)
        }
        for loaded in objects {
            guard case .other(let object) = loaded.object, let pool = object.nodePool, buysSpot(pool) else { continue }
            return note("spot machines of the NodePool \(pool.name)", loaded.place.file, loaded.place.position)
        }
    }

    private func buysSpot(_ pool: KarpenterNodePool) -> Bool {
        pool.requirements.contains {
            $0.selector.key == Self.capacityType && $0.selector.operator == .in
                && $0.selector.values.contains(Purchase.spot.rawValue)
        }
    }

    private func note(_ whose: String, _ file: String, _ position: Position?) {
        diagnostics.add(
            Diagnostic(
                .note, file: file, position: position,
                message: "nothing takes \(whose) back: they have the price of spot and none of its interruptions",
                expected: "a fault of the kind \(SpotReclaim.name), where interruptions matter"))
    }
}
