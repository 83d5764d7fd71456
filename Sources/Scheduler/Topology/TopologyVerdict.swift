import SchedulingFramework

/// What the two plugins say of a node, as a number.
enum TopologyVerdict: UInt8, CaseIterable {
    case fits, missingLabel, tooSkewed, affinity, antiAffinity, existing

    /// As the plugins word it; nil when the node fits.
    var nodeVerdict: NodeVerdict? {
        switch self {
        case .fits: nil
        case .missingLabel: NodeVerdict(plugin: PodTopologySpread.name, verdict: PodTopologySpread.missingLabel)
        case .tooSkewed: NodeVerdict(plugin: PodTopologySpread.name, verdict: PodTopologySpread.tooSkewed)
        case .affinity: NodeVerdict(plugin: InterPodAffinity.name, verdict: InterPodAffinity.affinityRejection)
        case .antiAffinity:
            NodeVerdict(plugin: InterPodAffinity.name, verdict: InterPodAffinity.antiAffinityRejection)
        case .existing: NodeVerdict(plugin: InterPodAffinity.name, verdict: InterPodAffinity.existingRejection)
        }
    }

    /// The position of the filter that speaks it.
    func position(_ profile: TopologyProfile) -> Int {
        switch self {
        case .fits: Int.max
        case .missingLabel, .tooSkewed: profile.spreadFilter
        case .affinity, .antiAffinity, .existing: profile.affinityFilter
        }
    }
}

// The filters, asked about the node whose values were loaded.
extension TopologyPlan {
    /// What a cycle works out once, before it asks about nodes.
    struct Cycle {
        /// By hard constraint.
        var minima: [Int64]
        /// Whether the pod may be the first of its group.
        var isFirst: Bool
    }

    func cycle() -> Cycle {
        var minima: [Int64] = []
        var hasMatch = false
        for index in tallies.indices {
            switch tallies[index].role {
            case .hard:
                let rule = rules.hard[tallies[index].place]
                minima.append(
                    PodTopologySpread.globalMinimum(
                        lowest: tallies[index].levels.lowest, domains: tallies[index].levels.total,
                        minDomains: rule.minDomains))
            case .affinity: if tallies[index].total > 0 { hasMatch = true }
            case .soft, .antiAffinity, .existing, .weight: break
            }
        }
        return Cycle(minima: minima, isFirst: !hasMatch && rules.affinityMeansItself)
    }

    /// Returns what the plugins say of the node whose values were loaded.
    func judge(_ cycle: Cycle, _ profile: TopologyProfile) -> TopologyVerdict {
        if profile.spreadFilter < profile.affinityFilter {
            let verdict = judgeSpread(cycle)
            return verdict == .fits ? judgeAffinity(cycle) : verdict
        }
        let verdict = judgeAffinity(cycle)
        return verdict == .fits ? judgeSpread(cycle) : verdict
    }

    private func judgeSpread(_ cycle: Cycle) -> TopologyVerdict {
        // Hard constraints come first among the tallies.
        for place in rules.hard.indices {
            let value = values[place]
            if value == DomainTally.absent { return .missingLabel }
            let isTooSkewed = PodTopologySpread.isTooSkewed(
                count: value, selfMatch: rules.hard[place].selfMatch, minimum: cycle.minima[place],
                maxSkew: rules.hard[place].maxSkew)
            if isTooSkewed { return .tooSkewed }
        }
        return .fits
    }

    private func judgeAffinity(_ cycle: Cycle) -> TopologyVerdict {
        var verdict = TopologyVerdict.fits
        var check = InterPodAffinity.AffinityCheck()
        for index in rules.hard.count + rules.soft.count..<tallies.count {
            let value = values[index]
            switch tallies[index].role {
            case .hard, .soft, .weight: break
            case .affinity: check.see(value == DomainTally.absent ? nil : value)
            case .antiAffinity: if value > 0, verdict != .antiAffinity { verdict = .antiAffinity }
            case .existing: if value > 0, verdict == .fits { verdict = .existing }
            }
        }
        return check.passes(isFirst: cycle.isFirst) ? verdict : .affinity
    }

    // MARK: - Scores

    /// Whether the node whose values were loaded lacks a key that scoring asks for.
    var isIgnored: Bool {
        guard rules.requiresAll else { return false }
        for place in rules.soft.indices where values[rules.hard.count + place] == DomainTally.absent { return true }
        return false
    }

    /// The raw score for spreading, given the weights of the soft constraints.
    func spreadScore(_ weights: [Double]) -> Int64 {
        var credits = 0.0
        for place in rules.soft.indices {
            let value = values[rules.hard.count + place]
            if value == DomainTally.absent { continue }
            credits += PodTopologySpread.credit(
                count: value, maxSkew: rules.soft[place].maxSkew, weight: weights[place])
        }
        return PodTopologySpread.rawScore(credits)
    }

    /// The raw score for affinity.
    var affinityScore: Int64 {
        var sum: Int64 = 0
        for index in rules.hard.count + rules.soft.count..<tallies.count
        where tallies[index].role == .weight && values[index] != DomainTally.absent {
            sum += values[index]
        }
        return sum
    }
}
