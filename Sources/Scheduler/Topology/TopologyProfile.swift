import SchedulingFramework

/// Where the two plugins about other pods stand in a profile, when they stand there in the usual way: with all their
/// extension points, or with none.
struct TopologyProfile: Sendable {
    let spread: PodTopologySpread?
    let affinity: InterPodAffinity?
    /// Positions among the filters.
    let spreadFilter: Int
    let affinityFilter: Int
    let spreadWeight: Int64
    let affinityWeight: Int64
    /// Whether every other filter but those about the cluster comes before the two.
    let comesLast: Bool
    /// Other plugins that look at the whole cluster: what they skip needs no asking.
    let otherPreFilters: [Int]
    let otherPreScores: [Int]

    static let names: [PluginName] = [PodTopologySpread.name, InterPodAffinity.name]

    /// nil when neither plugin takes part, or one does so in an unusual way.
    init?(
        preFilters: [CompiledProfile.PreFilterEntry], filters: [CompiledProfile.FilterEntry],
        preScores: [CompiledProfile.PreScoreEntry], scores: [CompiledProfile.ScoreEntry]
    ) {
        func presence(_ name: PluginName) -> Int {
            (preFilters.contains { $0.name == name } ? 1 : 0) + (filters.contains { $0.name == name } ? 1 : 0)
                + (preScores.contains { $0.name == name } ? 1 : 0) + (scores.contains { $0.name == name } ? 1 : 0)
        }
        let counts = Self.names.map(presence)
        guard counts.allSatisfy({ $0 == 0 || $0 == 4 }), counts.contains(4) else { return nil }
        func filter(_ name: PluginName) -> Int { filters.firstIndex { $0.name == name } ?? Int.max }
        func weight(_ name: PluginName) -> Int64 { scores.first { $0.name == name }?.weight ?? 0 }
        let first = filter(PodTopologySpread.name)
        let second = filter(InterPodAffinity.name)
        spreadFilter = first
        affinityFilter = second
        spread = first == Int.max ? nil : filters[first].plugin as? PodTopologySpread
        affinity = second == Int.max ? nil : filters[second].plugin as? InterPodAffinity
        spreadWeight = weight(PodTopologySpread.name)
        affinityWeight = weight(InterPodAffinity.name)
        comesLast = !filters.indices.contains { $0 > min(first, second) && filters[$0].scope != .cluster }
        otherPreFilters = preFilters.indices.filter {
            preFilters[$0].scope == .cluster && !Self.names.contains(preFilters[$0].name)
        }
        otherPreScores = preScores.indices.filter {
            preScores[$0].scope == .cluster && !Self.names.contains(preScores[$0].name)
        }
        // A plugin that nothing skips has to be asked about every node.
        for entry in filters where entry.scope == .cluster && !Self.names.contains(entry.name) {
            if !preFilters.contains(where: { $0.name == entry.name }) { return nil }
        }
        for entry in scores where entry.scope == .cluster && !Self.names.contains(entry.name) {
            if !preScores.contains(where: { $0.name == entry.name }) { return nil }
        }
    }
}
