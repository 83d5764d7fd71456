package import KubernetesAPI

extension Karpenter {
    /// Labels of which nodes have values that nobody has to list.
    private static let madeLabels: Set<String> = [PoolPlan.poolLabel, "kubernetes.io/hostname"]

    /// Returns what of a pool's requirements cannot be met, or is met otherwise than it says, in words.
    package static func remarks(on pool: KarpenterNodePool, _ market: MachineMarket) -> [String] {
        let table = OfferTable(market)
        let known = Set(table.models.flatMap { $0.labels.pairs.map(\.key) })
        var remarks: [String] = []
        for requirement in pool.requirements.map(\.selector)
        where !known.contains(requirement.key) && !OfferTable.isOfOffer(requirement.key) {
            if madeLabels.contains(requirement.key) { continue }
            let key = requirement.key
            if key.hasPrefix("karpenter.k8s.aws/") {
                remarks.append("the label \(key) is not known of machine types, and a requirement takes it as absent")
            } else if requirement.operator == .in, requirement.values.count > 1 {
                remarks.append("of the values of \(key), its nodes get the first: \(requirement.values[0])")
            }
        }
        if PoolPlan(pool, table).cells.allSatisfy({ $0 == 0 }) {
            remarks.append("no machine type on sale meets its requirements")
        }
        return remarks
    }
}
