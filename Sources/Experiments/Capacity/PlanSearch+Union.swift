import Scenarios

// Where no kind of machine admits all pods: sets of a kind for each group of them.

extension PlanSearch {
    /// Begins with a kind of machine for each group, adds machines for what waits, and takes away what was too many.
    mutating func findUnion() {
        let start = groups.union(kindsMax: limits.kinds) { objective.cost(offers[$0]) }
        guard !start.isEmpty else { return }
        if start.count > limits.kinds {
            plan.kindsNeeded = start.count
            // Who wants one kind gets no other answer; more than two are looked for where the pods need them.
            if limits.kinds < Self.kindsMax { return }
        }
        var counts = [Int](repeating: 0, count: offers.count)
        for part in start { counts[part.offer] = part.count }
        let first = counts
        while plan.trials < limits.trials {
            let set = Self.set(of: counts, offers)
            guard set.machines <= limits.machines else { return }
            if fits(set) { return trim(counts) }
            guard let offer = offer(among: counts) else { return }
            // What did not do a few times is far off.
            let added = counts[offer] - first[offer]
            counts[offer] += max(1, added / 3)
            if counts[offer] > max(1, first[offer]) * Self.farthest + 16 { return }
        }
    }

    private static func set(of counts: [Int], _ offers: [MachineOffer]) -> MachineSet {
        MachineSet(counts.indices.map { MachineSet.Part(offer: $0, count: counts[$0]) }, of: offers)
    }

    /// The cheapest kind for one more machine that takes the pod that waits, of those that are in the set if there is any.
    private func offer(among counts: [Int]) -> Int? {
        let all = counts.indices.filter { admitsWaiting[$0] }
        let present = all.filter { counts[$0] > 0 }
        let most = max(limits.kinds, plan.kindsNeeded ?? 0)
        let isFull = counts.count { $0 > 0 } >= most
        let choice = present.isEmpty && !isFull ? all : present
        return choice.min { (objective.cost(offers[$0]), $0) < (objective.cost(offers[$1]), $1) }
    }

    /// Takes machines away one by one, of the dearest kind first, for as long as everything still runs.
    private mutating func trim(_ enough: [Int]) {
        var counts = enough
        let order = counts.indices.filter { counts[$0] > 0 }.sorted {
            (objective.cost(offers[$1]), $0) < (objective.cost(offers[$0]), $1)
        }
        for offer in order {
            while counts[offer] > 1, plan.trials * 2 < limits.trials {
                var fewer = counts
                fewer[offer] -= 1
                let offers = self.offers
                func next() -> [MachineSet] {
                    (1..<max(1, fewer[offer])).prefix(Self.aheadMax).map { less in
                        var other = fewer
                        other[offer] -= less
                        return Self.set(of: other, offers)
                    }
                }
                guard fits(Self.set(of: fewer, offers), next: next) else { break }
                counts = fewer
            }
        }
    }
}
