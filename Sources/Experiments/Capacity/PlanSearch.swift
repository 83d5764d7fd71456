import Costs
import KubernetesAPI
import Machines
package import Scenarios
package import Simulation

/// Looks for the best set of machines on which everything runs that is given; each set is tried in a simulation.
///
/// It begins with sets of one kind, from the number that holds the sum of all pods upwards, or where no kind admits all pods
/// with a kind for each group of them (`PodGroups`). The
/// better sets that could do by their sums are then put in order: a bisection finds better ones quickly, and the rest of
/// the trials go from the best one on, so that each of them proves something.
package struct PlanSearch {
    /// How the search is bounded.
    package struct Limits: Sendable {
        package var trials = 200
        package var kinds = 2
        package var machines = 1_000
        package init() {}
    }

    package let run: CapacityRun
    package let mold: MachineMold
    /// Pools that stay as they are.
    package let others: [NodePool]
    package let objective: PlanObjective
    package let survival: Survival?
    package let limits: Limits
    /// In order of price, then of name; none has another one that costs no more and has no less, and
    /// that no pod tells from it by its labels.
    package let offers: [MachineOffer]
    private let shares: [MachineShare]
    /// Whether all pods may be on a machine of the offer.
    private let takesAll: [Bool]
    let groups: PodGroups
    /// Tries sets in processes beside this one; nil for none.
    package var ahead: TrialsAhead?
    /// Hears of each set that was tried.
    package var tell: ((MachinePlan) -> Void)?
    var plan: MachinePlan
    /// For each kind of machine whether it takes pods like the one that waited last.
    var admitsWaiting: [Bool] = []
    /// What ran at the same time on the last set that did.
    var peaks: PeakDemands?
    // Sets on which a pod waited; only asked about, never listed.
    var tried: Set<MachineSet> = []
    /// Whether there are more better sets than are kept: then nothing is said of them but the bound.
    private var isCut = false
    private static let incumbentKinds = 6
    /// How many times as many machines as the sums ask for are tried: what does not fit then, waits for something else.
    static let farthest = 8
    /// So many kinds can be asked for.
    package static let kindsMax = 2
    /// So many sets are named as likely to be asked for next.
    static let aheadMax = 256
    private static let rivalsMax = 400_000

    /// Prepares the search among `offers`.
    package init(
        _ run: CapacityRun, mold: MachineMold, others: [NodePool], offers: [MachineOffer], objective: PlanObjective,
        survival: Survival?, limits: Limits
    ) {
        self.run = run
        self.mold = mold
        self.others = others
        self.objective = objective
        self.survival = survival
        self.limits = limits
        let all = offers.sorted {
            ($0.pricePerHour.amount, $0.type.name) < ($1.pricePerHour.amount, $1.type.name)
        }
        let nodes = all.map { offer in
            World.template(of: 0, in: mold.pool(offer, count: 1, name: "plan", zones: mold.zones))
        }
        let rooms = nodes.map { MachineShare($0, daemons: run.setup.objects) }
        let wishes = NodeWishes(run.setup.objects)
        let kept = all.indices.filter { place in
            !all.indices.contains { other in
                guard other != place, rooms[other].covers(rooms[place]),
                    wishes.areAlike(nodes[other], nodes[place])
                else { return false }
                let (cost, rival) = (objective.cost(all[place]), objective.cost(all[other]))
                let isEqual = rival == cost && all[other].pricePerHour == all[place].pricePerHour
                if isEqual { return !rooms[place].covers(rooms[other]) || other < place }
                return rival <= cost && (objective == .cost || all[other].pricePerHour <= all[place].pricePerHour)
            }
        }
        self.offers = kept.map { all[$0] }
        shares = kept.map { rooms[$0] }
        takesAll = kept.map { wishes.areMet(by: nodes[$0]) }
        groups = PodGroups(
            run.setup.objects, nodes: kept.map { nodes[$0] }, shares: shares,
            rules: DemandRules(run.setup.scheduler))
        plan = MachinePlan(objective: objective, kindsMax: limits.kinds)
        plan.considered = all.count
        plan.dominated = all.count - kept.count
    }

    /// Searches, and returns what was found.
    package mutating func search() -> MachinePlan {
        // Pools that stay may have what no new machine has.
        if groups.haveCommonMachine || !others.isEmpty { findFirst() }
        if plan.best == nil, groups.groups.count > 1 { findUnion() }
        guard let first = plan.best?.set, let peaks = peaks?.peaks, !peaks.isEmpty else { return plan }
        let filter = SetFilter(
            peaks: peaks, shares: shares,
            others: others.map { ($0, MachineShare($0, daemons: run.setup.objects)) }, zones: mold.zones,
            survival: survival)
        plan.bound = filter.bound(offers.map(objective.cost))
        plan.demand = peaks.max { ($0[.cpu], $0[.memory], $0.pods) < ($1[.cpu], $1[.memory], $1.pods) }
        if first.parts.count > limits.kinds {
            // Of sets of so many kinds nothing is said but the bound.
            isCut = true
            prove([])
            return plan
        }
        var rivals = rivals(below: first, filter)
        bisect(&rivals)
        prove(rivals)
        return plan
    }

    // MARK: - The first set

    /// Whether the search for sets of one kind has had its share of the trials.
    private var isSpent: Bool {
        let isUnionLeft = groups.groups.count > 1
        return plan.trials * 2 >= limits.trials && (plan.best != nil || isUnionLeft)
    }

    /// Looks for sets of one kind, the ones that look best by their sums first.
    private mutating func findFirst() {
        let requests = StaticDemand(run.setup.objects, DemandRules(run.setup.scheduler))
        let starts = offers.indices.compactMap { place -> MachineSet? in
            requests.leastCount(on: shares[place]).flatMap { count in
                guard count <= limits.machines else { return nil }
                return MachineSet([MachineSet.Part(offer: place, count: max(1, count))], of: offers)
            }
        }
        let order = starts.sorted { left, right in
            let (first, second) = (takesAll(left), takesAll(right))
            return first == second ? isBetter(left, right) : first
        }.prefix(Self.incumbentKinds)
        for start in order {
            guard let part = start.parts.first else { continue }
            var count = part.count
            var step = 1
            let last = min(limits.machines, part.count * Self.farthest + 16)
            while count <= last, !isSpent {
                guard plan.trials < limits.trials else { return }
                let set = MachineSet([MachineSet.Part(offer: part.offer, count: count)], of: offers)
                if let best = plan.best, !isBetter(set, best.set) { break }
                let offers = self.offers
                let (first, tried) = (part.count, (count: count, step: step))
                func next() -> [MachineSet] {
                    sequence(first: Self.next(tried, from: first)) { Self.next($0, from: first) }
                        .prefix { $0.count <= last }.prefix(Self.aheadMax)
                        .map { MachineSet([MachineSet.Part(offer: part.offer, count: $0.count)], of: offers) }
                }
                if fits(set, next: next) { break }
                (count, step) = Self.next(tried, from: first)
            }
        }
    }

    /// What did not do a few times is far off.
    private static func next(_ tried: (count: Int, step: Int), from first: Int) -> (count: Int, step: Int) {
        let count = tried.count + tried.step
        return (count, count - first >= 4 ? tried.step * 2 : tried.step)
    }

    private func takesAll(_ set: MachineSet) -> Bool { set.parts.allSatisfy { takesAll[$0.offer] } }

    private func isBetter(_ left: MachineSet, _ right: MachineSet) -> Bool {
        let (first, second) = (objective.rank(left), objective.rank(right))
        if first != second { return first < second }
        let (a, b) = (left.parts.map { [$0.offer, $0.count] }, right.parts.map { [$0.offer, $0.count] })
        return a.lexicographicallyPrecedes(b) { $0.lexicographicallyPrecedes($1) }
    }

    // MARK: - Better sets

    /// All sets of at most two kinds that are better than `best` and could do by their sums, in order.
    private mutating func rivals(below best: MachineSet, _ filter: SetFilter) -> [MachineSet] {
        var found: [MachineSet] = []
        let places = Array(offers.indices)
        for first in places {
            for second in limits.kinds > 1 ? Array(places[first...]) : [first] {
                // Sets of the first kind alone belong to the round in which both are the same.
                var count = 1
                while found.count < Self.rivalsMax {
                    let lone = MachineSet([MachineSet.Part(offer: first, count: count)], of: offers)
                    guard count <= limits.machines, isBetter(lone, best) else { break }
                    if first == second {
                        if couldDo(lone, filter) { found.append(lone) }
                    } else {
                        var other = 1
                        while other + count <= limits.machines {
                            let parts = [
                                MachineSet.Part(offer: first, count: count),
                                MachineSet.Part(offer: second, count: other),
                            ]
                            let set = MachineSet(parts, of: offers)
                            guard isBetter(set, best) else { break }
                            if couldDo(set, filter) { found.append(set) }
                            other += 1
                        }
                    }
                    count += 1
                }
            }
        }
        isCut = found.count >= Self.rivalsMax
        return found.sorted { isBetter($0, $1) }
    }

    /// Whether a set could do by its sums, and has a machine for each group of pods; those may be at home on pools that stay.
    private func couldDo(_ set: MachineSet, _ filter: SetFilter) -> Bool {
        filter.couldDo(set) && (!others.isEmpty || groups.areAdmitted(by: set.parts.map(\.offer)))
    }

    /// Halves the list again and again, as if what is better were less likely to do; leaves what is better than the best.
    private mutating func bisect(_ rivals: inout [MachineSet]) {
        var low = 0
        while low < rivals.count, plan.trials * 4 < limits.trials * 3 {
            let middle = (low + rivals.count) / 2
            let (first, count) = (low, rivals.count)
            func next() -> [MachineSet] { Self.middles(first, count).map { rivals[$0] } }
            if fits(rivals[middle], next: next) { rivals.removeSubrange(middle...) } else { low = middle + 1 }
        }
        plan.rivals = rivals.count
    }

    /// The places that halving may come to after the first, the sooner ones first, and those where that did not do.
    private static func middles(_ low: Int, _ high: Int) -> [Int] {
        var ranges = [(low, high)]
        var middles: [Int] = []
        var place = 0
        while place < ranges.count, middles.count <= aheadMax {
            let (low, high) = ranges[place]
            place += 1
            guard low < high else { continue }
            let middle = (low + high) / 2
            middles.append(middle)
            ranges += [(middle + 1, high), (low, middle)]
        }
        return Array(middles.dropFirst())
    }

    /// Tries the better sets from the best one on.
    private mutating func prove(_ rivals: [MachineSet]) {
        if isCut { plan.firstUntried = plan.bound }
        for (place, rival) in rivals.enumerated() {
            if tried.contains(rival) {
                plan.refuted += 1
                continue
            }
            guard plan.trials < limits.trials, !isCut else {
                plan.firstUntried = plan.firstUntried ?? objective.rank(rival).0
                plan.refuted += rivals[place...].count { tried.contains($0) }
                return
            }
            if fits(rival, next: { Array(rivals[(place + 1)...].prefix(Self.aheadMax)) }) {
                plan.rivals = place
                return
            }
            plan.refuted += 1
        }
    }
}
