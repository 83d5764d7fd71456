import KubernetesAPI
import SchedulingFramework

/// Pods whose place depends on other pods, on zones or on volumes: each is asked of the scheduler's filters by itself.
extension ProvisioningPlan {
    mutating func placeOneByOne(_ group: PendingGroup) {
        let kind = group.kind
        let answers = offers.plans.indices.map { offers.answer($0, for: kind.sample) }
        let keys = OfferDomains.keys(of: kind.shape)
        // A claim that has no room for the kind does not get any.
        var isFull: Set<Int> = []
        // Where one of the kind found no place, the next finds none until something is placed.
        var isHopeless = false
        for pod in group.pods {
            // Each pod with volumes is of a kind of its own, and so is the question.
            let isHeld = held.contains(pod.uid)
            if let found = trial.firstRoom(kind, isClosed: isHeld ? isYoung : []) {
                put(pod, inSlot: found)
                isHopeless = false
                continue
            }
            if isHopeless {
                failures.append((pod, reason(for: pod, answers)))
                continue
            }
            let order = claims.indices.filter { !isFull.contains($0) }.sorted {
                (claims[$0].pods.count, $0) < (claims[$1].pods.count, $1)
            }
            var isPlaced = false
            for index in order where !isPlaced {
                let claim = claims[index]
                let answer = answers[claim.place]
                // What is tied to a zone is asked of the scheduler first, which is quicker.
                if claim.zone != nil, keys.isEmpty, let node = claim.shown?.node, isRefused(kind, by: node) { continue }
                guard claim.narrowed(by: answer, adding: 1, of: pod.shape.requests) != nil else {
                    isFull.insert(index)
                    continue
                }
                isPlaced = join(claim, pod, kind, keys, answer)
            }
            for place in offers.plans.indices where !isPlaced {
                guard let draft = draft(place, for: pod, answers[place]) else { continue }
                isPlaced = join(draft, pod, kind, keys, answers[place])
                guard isPlaced else { continue }
                charge(draft, pod, answers[place])
                claims.append(draft)
                if isGivenUp { return }
            }
            isHopeless = !isPlaced
            if !isPlaced { failures.append((pod, reason(for: pod, answers))) }
        }
    }

    /// Whether a claim's node refuses the kind for a reason other than the labels of the offer that it happens to show.
    private func isRefused(_ kind: PodKind, by node: NodeInfo) -> Bool {
        guard let verdict = trial.verdict(kind, on: node) else { return false }
        return verdict.plugin != NodeAffinity.name
    }

    /// Puts `pod` on a claim, if the scheduler's filters let it; ties the claim to a zone, and to one value of each of `keys`.
    private mutating func join(
        _ claim: ClaimDraft, _ pod: PodInfo, _ kind: PodKind, _ keys: [String], _ answer: ShapeOffers.Answer
    ) -> Bool {
        var mustMatch = !keys.isEmpty
        if case .some = answer { mustMatch = true }
        let groups = keys.isEmpty ? nil : groupsByLoad(of: kind, claim, keys)
        for zone in claim.zone.map({ [$0] }) ?? zonesByLoad(of: kind, claim.plan) {
            // Whether a domain without pods was refused for the pods of others: so is every other such domain.
            var refusesFresh = false
            for index in 0..<(groups?.count ?? 1) {
                let group = groups?[index]
                let isFresh = group?.isFresh ?? false
                if isFresh, refusesFresh { continue }
                let part = group?.part(of: claim.plan.table.models.count) ?? OfferPart()
                guard
                    let rest = claim.narrowed(
                        by: answer, adding: 1, of: pod.shape.requests, within: part.inZone(zone))
                else { continue }
                let shown = claim.shown
                trial.fork()
                show(claim, zone: zone, as: rest, mustMatch: mustMatch)
                guard let node = claim.shown?.node else { preconditionFailure("a claim that is shown has a node") }
                if let verdict = trial.verdict(kind, on: node) {
                    refusesFresh = refusesFresh || isFresh && Self.isAboutPods(verdict)
                    trial.revert()
                    claim.shown = shown
                    continue
                }
                trial.commit()
                var load = kindLoad[kind.number] ?? counted(kind, claim.plan.table)
                trial.add(pod, to: node)
                claim.zone = zone
                claim.take([pod], leaving: rest)
                load[zone] += 1
                kindLoad[kind.number] = load
                return true
            }
        }
        return false
    }

    /// Shows a claim as a node of the trial that stands in `zone` and has the labels of the first of `options`, with the room
    /// of its largest types. One that is shown there already stays, unless it must be of an offer among them.
    mutating func show(_ claim: ClaimDraft, zone: Int, as options: [ClaimDraft.Option], mustMatch: Bool) {
        let plan = claim.plan
        let bits = OfferTable.bits(ofZone: zone)
        if let (node, offer) = claim.shown {
            let isThere = offer.cell & bits != 0
            if isThere, !mustMatch || options.contains(where: { $0.type == offer.type && $0.cell & offer.cell != 0 }) {
                return
            }
            trial.removeNode(node)
        }
        let option = options.first { $0.cell & bits != 0 } ?? options[0]
        let capacityType: CapacityType = option.cell & OfferTable.bit(zone, .spot) != 0 ? .spot : .onDemand
        serial += 1
        var node = plan.node(":claim-\(serial)", option.type, zone: zone, capacityType)
        node.status.allocatable = Self.largest(claim)
        let offer = ClaimDraft.Option(type: option.type, cell: OfferTable.bit(zone, capacityType))
        claim.shown = (trial.addNode(node, pods: claim.pods), offer)
    }

    private static func largest(_ claim: ClaimDraft) -> ResourceList {
        var list = ResourceList()
        for option in claim.options {
            for entry in claim.plan.table.models[option.type].allocatable.entries
            where entry.amount > list[entry.name] ?? .zero {
                list[entry.name] = entry.amount
            }
        }
        return list
    }

    /// The zones in the order in which a kind is to go there: where fewest of its pods are, then fewest machines.
    private mutating func zonesByLoad(of kind: PodKind, _ plan: PoolPlan) -> [Int] {
        let load = kindLoad[kind.number] ?? counted(kind, plan.table)
        kindLoad[kind.number] = load
        return plan.table.zones.indices.sorted { (load[$0], zoneLoad[$0], $0) < (load[$1], zoneLoad[$1], $1) }
    }

    /// Whether the scheduler refused a node for what other pods there are, and where.
    private static func isAboutPods(_ verdict: NodeVerdict) -> Bool {
        verdict.plugin == PodTopologySpread.name || verdict.plugin == InterPodAffinity.name
    }

    /// The parts of a claim by the values of labels, those first in which fewest pods of the kind are.
    private func groupsByLoad(of kind: PodKind, _ claim: ClaimDraft, _ keys: [String]) -> [OfferGroup] {
        var groups = claim.plan.groups(of: claim.options, by: keys)
        if groups.count < 2 { return groups }
        var load = [Int](repeating: 0, count: groups.count)
        // Only looked up.
        var places: [[String?]: Int] = [:]
        for (place, group) in groups.enumerated() { places[group.values] = place }
        var taken = keys.map { _ in Set<String?>() }
        let (namespace, labels) = (kind.sample.pod.metadata.namespace, kind.sample.pod.metadata.labels)
        for node in trial.nodes where !node.pods.isEmpty {
            let values = keys.map { node.labels[$0] }
            for (index, value) in values.enumerated() { taken[index].insert(value) }
            guard let place = places[values] else { continue }
            load[place] += node.pods.count {
                $0.pod.metadata.namespace == namespace && $0.pod.metadata.labels == labels
            }
        }
        for place in groups.indices {
            // A node without the label at all is refused for that.
            groups[place].isFresh = !zip(groups[place].values, taken).contains { $0 == nil || $1.contains($0) }
        }
        return groups.indices.sorted { (load[$0], $0) < (load[$1], $1) }.map { groups[$0] }
    }

    private func counted(_ kind: PodKind, _ table: OfferTable) -> [Int] {
        var load = [Int](repeating: 0, count: table.zones.count)
        let counts = trial.countAlike(kind.sample, by: OfferTable.zoneLabel)
        for (place, zone) in table.zones.enumerated() { load[place] = counts[zone] ?? 0 }
        return load
    }
}
