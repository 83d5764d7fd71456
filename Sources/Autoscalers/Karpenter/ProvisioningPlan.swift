import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: provisioning/scheduling/scheduler.go (karpenter).
// Deliberate differences: pods of one kind that ask for the same amounts come one after the other, whatever their age;
// which pods a pod prefers to be near to or far from plays no part.

/// Where pods go: to nodes that are there or on their way, else to machines that are to be bought.
///
/// It tries the nodes in `trial`, whose state it changes: callers fork it first.
struct ProvisioningPlan {
    /// A pod with the node that takes it.
    struct Placement {
        let pod: PodInfo
        let node: String
    }

    let trial: TrialCluster
    let offers: ShapeOffers
    /// How many machines stand in each zone.
    var zoneLoad: [Int]
    /// What each plan may still buy by its pool's limits.
    var limits: [PoolLimits]
    let preferences: Karpenter.PreferencePolicy
    /// The offers that are shown as domains over which pods can be spread; only looked up.
    var domains: Set<ShapeOffers.Domain> = []
    private(set) var placements: [Placement] = []
    var claims: [ClaimDraft] = []
    var failures: [(pod: PodInfo, reason: String)] = []
    /// Whether claims stand as nodes in the trial.
    var showsClaims = false
    var serial = 0
    /// How many pods of a kind are in each zone, by kind; only looked up.
    var kindLoad: [Int: [Int]] = [:]
    /// Whether a node takes no pods of `held`, as pods came to it or left it not long ago, by its slot in the trial; empty
    /// when all do.
    var isYoung: [Bool] = []
    var held: Set<UID> = []
    /// With more claims than this nobody wants the plan: it is given up.
    var claimsMax = Int.max

    init(
        _ trial: TrialCluster, _ offers: ShapeOffers, zoneLoad: [Int], limits: [PoolLimits],
        preferences: Karpenter.PreferencePolicy = .respect
    ) {
        self.preferences = preferences
        self.trial = trial
        self.offers = offers
        self.zoneLoad = zoneLoad
        self.limits = limits
        trial.keepRooms()
    }

    /// Whether there are more claims already than anybody wants.
    var isGivenUp: Bool { claims.count > claimsMax }

    /// Places `pods`, the largest first; those that find no place with all that they prefer come once more without a part
    /// of it, after the others.
    mutating func place(_ pods: [PodInfo]) {
        var left = pods
        var level = 0
        while !left.isEmpty, !isGivenUp {
            var wishful: [UID: PodInfo] = [:]
            let wanted = left.map { pod in
                let wishes = trial.wishes(of: pod, preferences == .respect ? .all : .alternatives)
                guard level < wishes.count else { return pod }
                if level + 1 < wishes.count { wishful[pod.uid] = pod }
                return PodInfo(pod.pod, shape: wishes[level])
            }
            placeAsTheyAre(wanted)
            left = failures.compactMap { wishful[$0.pod.uid] }
            failures.removeAll { wishful[$0.pod.uid] != nil }
            level += 1
        }
    }

    private mutating func placeAsTheyAre(_ pods: [PodInfo]) {
        let groups = Self.groups(pods, in: trial)
        showsClaims = showsClaims || groups.contains { !trial.isPlain($0.kind) }
        for group in groups where !group.kind.shape.spec.topologySpreadConstraints.isEmpty {
            addDomains(for: group.kind)
        }
        for group in groups where !isGivenUp {
            if trial.isPlain(group.kind) { placePlain(group) } else { placeOneByOne(group) }
        }
    }

    private static func groups(_ pods: [PodInfo], in trial: TrialCluster) -> [PendingGroup] {
        var groups: [PendingGroup] = []
        var places: [Int: Int] = [:]
        for pod in pods {
            let kind = trial.kind(of: pod)
            if let place = places[kind.number] {
                groups[place].pods.append(pod)
            } else {
                places[kind.number] = groups.count
                groups.append(PendingGroup(kind: kind, pods: [pod]))
            }
        }
        for place in groups.indices {
            // As upstream, the older ones come first among equals, and their identities decide for those of one age.
            groups[place].pods.sort { left, right in
                let (first, second) = (left.pod.metadata, right.pod.metadata)
                return (first.creationTimestamp, first.uid.high, first.uid.low)
                    < (second.creationTimestamp, second.uid.high, second.uid.low)
            }
        }
        return groups.enumerated().sorted { left, right in
            let (first, second) = (left.element.kind.shape.requests, right.element.kind.shape.requests)
            if first.milliCPU != second.milliCPU { return first.milliCPU > second.milliCPU }
            return first.memory != second.memory ? first.memory > second.memory : left.offset < right.offset
        }.map(\.element)
    }

    // MARK: - Plain pods

    private mutating func placePlain(_ group: PendingGroup) {
        var left = settle(group)[...]
        guard let sample = left.first else { return }
        let answers = offers.plans.indices.map { offers.answer($0, for: sample) }
        var rooms = claims.map { $0.capacity(for: sample, answers[$0.place]) }
        var counts = claims.map(\.pods.count)
        var shares = [Int](repeating: 0, count: claims.count)
        var placed = 0
        for _ in left {
            // The claim with the fewest pods takes the next one.
            var best = -1
            for index in rooms.indices where rooms[index] > 0 && (best < 0 || counts[index] < counts[best]) {
                best = index
            }
            if best < 0 {
                guard let draft = open(for: sample, answers) else { break }
                claims.append(draft)
                if isGivenUp { return }
                rooms.append(draft.capacity(for: sample, answers[draft.place]))
                counts.append(0)
                shares.append(0)
                best = claims.count - 1
            }
            rooms[best] -= 1
            counts[best] += 1
            shares[best] += 1
            placed += 1
        }
        for index in claims.indices where shares[index] > 0 {
            let part = left.prefix(shares[index])
            left = left.dropFirst(shares[index])
            fill(claims[index], with: part, answers[claims[index].place])
        }
        for pod in left { failures.append((pod, reason(for: pod, answers))) }
    }

    /// Puts pods of a plain kind on nodes; returns those that fit on none.
    private mutating func settle(_ group: PendingGroup) -> [PodInfo] {
        var left: [PodInfo] = []
        // A node that refused the kind once refuses it again; those that are held may not go everywhere.
        var starts: [Int?] = [0, 0]
        for pod in group.pods {
            let isHeld = held.contains(pod.uid)
            guard let start = starts[isHeld ? 1 : 0],
                let found = trial.firstRoom(group.kind, from: start, isClosed: isHeld ? isYoung : [])
            else {
                starts[isHeld ? 1 : 0] = nil
                left.append(pod)
                continue
            }
            put(pod, inSlot: found)
            starts[isHeld ? 1 : 0] = found
        }
        return left
    }

    private mutating func fill(_ claim: ClaimDraft, with pods: ArraySlice<PodInfo>, _ answer: ShapeOffers.Answer) {
        guard let sample = pods.first else { return }
        let part = OfferPart().inZone(claim.zone)
        guard let rest = claim.narrowed(by: answer, adding: pods.count, of: sample.shape.requests, within: part) else {
            preconditionFailure("a claim has no room for what it was given")
        }
        claim.take(pods, leaving: rest)
        guard showsClaims else { return }
        guard let node = claim.shown?.node else {
            return show(claim, zone: claim.choice(load: zoneLoad)?.zone ?? 0, as: claim.options, mustMatch: false)
        }
        for pod in pods { trial.add(pod, to: node) }
    }

    // MARK: - New claims

    /// Opens a claim of the first pool that has something for pods like `pod`.
    private mutating func open(for pod: PodInfo, _ answers: [ShapeOffers.Answer]) -> ClaimDraft? {
        for place in offers.plans.indices {
            if let draft = draft(place, for: pod, answers[place]) {
                charge(draft, pod, answers[place])
                return draft
            }
        }
        return nil
    }

    /// Returns a claim of a plan on which `pod` fits by itself; it is empty still.
    func draft(_ place: Int, for pod: PodInfo, _ answer: ShapeOffers.Answer) -> ClaimDraft? {
        if case .nothing = answer { return nil }
        let plan = offers.plans[place]
        let limits = self.limits[place]
        var options: [ClaimDraft.Option] = []
        for (type, cell) in offers.available[place].enumerated() where cell != 0 {
            guard limits.isEmpty || limits.allow(plan.table.models[type].capacity) else { continue }
            options.append(ClaimDraft.Option(type: type, cell: cell))
        }
        let draft = ClaimDraft(place, plan, options: options)
        return draft.narrowed(by: answer, adding: 1, of: pod.shape.requests) == nil ? nil : draft
    }

    /// Counts the largest machine that a new claim can become against the limits of its pool.
    mutating func charge(_ draft: ClaimDraft, _ pod: PodInfo, _ answer: ShapeOffers.Answer) {
        guard !limits[draft.place].isEmpty else { return }
        let rest = draft.narrowed(by: answer, adding: 1, of: pod.shape.requests) ?? draft.options
        limits[draft.place].subtractLargest(rest.map { draft.plan.table.models[$0.type] })
    }

    /// Puts a pod on a node that was there to begin with.
    mutating func put(_ pod: PodInfo, inSlot slot: Int) {
        guard let node = trial.rooms?.nodes[slot] else { return }
        trial.add(pod, to: node)
        placements.append(Placement(pod: pod, node: node.name))
    }

    func reason(for pod: PodInfo, _ answers: [ShapeOffers.Answer]) -> String {
        let isRefused = answers.allSatisfy { if case .nothing = $0 { true } else { false } }
        if answers.isEmpty { return "there is no NodePool" }
        if isRefused { return "incompatible with the requirements or taints of every NodePool" }
        return "no instance type of a NodePool that can be had within its limits has room where it may run"
    }
}
