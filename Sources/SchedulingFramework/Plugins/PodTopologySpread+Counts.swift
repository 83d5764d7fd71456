extension PodTopologySpread {
    /// How many pods count in each domain of one constraint, and the lowest of these numbers.
    struct Counts {
        private var places: [String: Int] = [:]
        private var counts: [Int64] = []
        /// How many of the places are of domains that are there no more; what stands in them is `closed`.
        private var closedCount = 0
        private static let closed = Int64.max
        /// Of no domains it is as high as can be, as upstream; no pod fits nowhere then, since `minDomains` is at least 1.
        private(set) var lowest = Int64.max
        /// How many domains have it.
        private var lowestCount = 0

        /// Domains taken into account, empty ones among them.
        var domains: Int { counts.count - closedCount }

        /// Creates counts with room for so many domains.
        init(capacity: Int = 0) {
            places.reserveCapacity(capacity)
            counts.reserveCapacity(capacity)
        }

        /// The count of `domain`, or nil when it is not taken into account.
        func known(_ domain: String) -> Int64? {
            places[domain].flatMap { counts[$0] == Self.closed ? nil : counts[$0] }
        }

        /// Adds to a domain, which is taken into account from now on; call `findLowest` once all has been added.
        mutating func collect(_ change: Int64, in domain: String) {
            if let place = places[domain] {
                counts[place] += change
            } else {
                places[domain] = counts.count
                counts.append(change)
            }
        }

        /// Adds to a domain that is taken into account; to no other.
        mutating func collectIfKnown(_ domain: String, _ change: () -> Int64) {
            if let place = places[domain] { counts[place] += change() }
        }

        mutating func findLowest() {
            lowest = counts.min() ?? Int64.max
            lowestCount = counts.count { $0 == lowest }
        }

        /// Adds to a domain and keeps the lowest count right.
        mutating func add(_ change: Int64, in domain: String) {
            guard let place = places[domain] else {
                collect(change, in: domain)
                findLowest()
                return
            }
            let old = counts[place]
            if old == Self.closed {
                open(domain)
                return add(change, in: domain)
            }
            let new = old + change
            counts[place] = new
            if old == lowest { lowestCount -= 1 }
            if new < lowest {
                (lowest, lowestCount) = (new, 1)
            } else if new == lowest {
                lowestCount += 1
            } else if lowestCount == 0 {
                findLowest()
            }
        }

        /// Takes an empty domain into account.
        mutating func open(_ domain: String) {
            if let place = places[domain] {
                guard counts[place] == Self.closed else { return }
                counts[place] = 0
                closedCount -= 1
            } else {
                collect(0, in: domain)
            }
            if lowest > 0 {
                (lowest, lowestCount) = (0, 1)
            } else if lowest == 0 {
                lowestCount += 1
            }
        }

        /// Leaves a domain out of account until it is opened again.
        mutating func close(_ domain: String) {
            guard let place = places[domain], counts[place] != Self.closed else { return }
            let old = counts[place]
            counts[place] = Self.closed
            closedCount += 1
            if old == lowest { lowestCount -= 1 }
            if lowestCount == 0 { findLowest() }
        }
    }

    /// What the plugin keeps during a cycle.
    final class State: CycleData {
        /// For the filter: with the hard constraints.
        struct Hard {
            let constraints: [Constraint]
            /// 1 where the constraint selects the incoming pod, else 0.
            let selfMatches: [Int64]
            var counts: [Counts]
        }

        /// For the scores: with the soft constraints.
        struct Soft {
            let constraints: [Constraint]
            let counters: [PodCounter]
            /// Whether some feasible node lacks a key that it needs.
            let hasIgnored: Bool
            /// Empty for constraints over hostnames, which are counted node by node.
            var counts: [Counts]
            let weights: [Double]
        }

        var hard: Hard?
        var soft: Soft?

        init(hard: Hard? = nil, soft: Soft? = nil) {
            self.hard = hard
            self.soft = soft
        }

        func copied() -> any CycleData { State(hard: hard, soft: soft) }
    }
}
