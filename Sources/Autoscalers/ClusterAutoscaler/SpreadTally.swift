import SchedulingFramework

/// How many pods count in each domain by one rule while machines are added.
struct SpreadTally {
    private let rule: SpreadRule
    private var counts: [Int64]
    private var isKnown: [Bool]
    /// For a rule by host, the new machines only; the others get no pods.
    private let hostLowest: Int64
    private var domains: Int
    private var lowest: Int64
    /// The count above which a domain takes no pod.
    private(set) var limit: Int64 = 0

    /// Begins with the cluster, where `domains` are those that there can be.
    init(_ rule: SpreadRule, domains: Int) {
        self.rule = rule
        if rule.isByHost {
            counts = []
            isKnown = []
            hostLowest = rule.counts.min() ?? Int64.max
        } else {
            counts = rule.counts + [Int64](repeating: 0, count: domains - rule.counts.count)
            isKnown = [Bool](repeating: true, count: rule.counts.count)
            isKnown += [Bool](repeating: false, count: domains - rule.counts.count)
            hostLowest = Int64.max
        }
        self.domains = rule.counts.count
        lowest = rule.counts.min() ?? Int64.max
        limit = rule.limit(lowest: lowest, domains: self.domains)
    }

    /// Adds machines that hold `count` pods together, or pods on machines that were added.
    mutating func add(_ count: Int64, _ seat: GroupShape.Seat, node: Int) {
        guard seat.counts else { return }
        let place = rule.isByHost ? node : seat.domain
        let before = counts[place]
        counts[place] += count
        let wasKnown = isKnown[place]
        if !wasKnown {
            isKnown[place] = true
            domains += 1
        }
        // Only the emptiest domain, when it fills, moves the lowest count up.
        if !wasKnown {
            lowest = min(lowest, counts[place])
        } else if before == lowest, count > 0, hostLowest > lowest {
            findLowest()
        }
        limit = rule.limit(lowest: lowest, domains: domains)
    }

    /// Makes room for one more machine.
    mutating func append() {
        guard rule.isByHost else { return }
        counts.append(0)
        isKnown.append(false)
    }

    private mutating func findLowest() {
        var least = hostLowest
        for place in counts.indices where isKnown[place] && counts[place] < least { least = counts[place] }
        lowest = least
    }

    /// Whether one more pod is too many where a machine stands.
    func isTooSkewed(_ seat: GroupShape.Seat, node: Int) -> Bool {
        let place = rule.isByHost ? node : seat.domain
        return (isKnown[place] ? counts[place] : 0) > limit
    }
}
