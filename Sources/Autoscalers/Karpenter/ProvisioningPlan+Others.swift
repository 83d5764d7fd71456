import KubernetesAPI
import SchedulingFramework

/// Pods whose place depends on other pods, on zones or on volumes: each is asked of the scheduler's filters by itself.
extension ProvisioningPlan {
    mutating func placeOneByOne(_ group: PendingGroup) {
        let kind = group.kind
        let answers = offers.plans.indices.map { offers.answer($0, for: kind.sample) }
        // A claim that has no room for the kind does not get any.
        var isFull: Set<Int> = []
        for pod in group.pods {
            // Each pod with volumes is of a kind of its own, and so is the question.
            if let found = trial.firstFit(kind, where: { nodes.contains(ObjectIdentifier($0)) }) {
                put(pod, on: trial.nodes[found])
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
                if claim.zone != nil, let node = claim.node, !trial.fits(kind, on: node) { continue }
                guard claim.narrowed(by: answer, adding: 1, of: pod.shape.requests) != nil else {
                    isFull.insert(index)
                    continue
                }
                isPlaced = join(claim, pod, kind, answer)
            }
            for place in offers.plans.indices where !isPlaced {
                guard let draft = draft(place, for: pod, answers[place]) else { continue }
                isPlaced = join(draft, pod, kind, answers[place])
                guard isPlaced else { continue }
                charge(draft, pod, answers[place])
                claims.append(draft)
            }
            if !isPlaced { failures.append((pod, reason(for: pod, answers))) }
        }
    }

    /// Puts `pod` on a claim, if the scheduler's filters let it; ties the claim to a zone.
    private mutating func join(
        _ claim: ClaimDraft, _ pod: PodInfo, _ kind: PodKind, _ answer: ShapeOffers.Answer
    ) -> Bool {
        let requests = pod.shape.requests
        let zones = claim.zone.map { [$0] } ?? zonesByLoad(of: kind, claim.plan)
        for zone in zones {
            guard let rest = claim.narrowed(by: answer, adding: 1, of: requests, zone: zone) else { continue }
            let shown = claim.node
            trial.fork()
            show(claim, zone: zone)
            guard let node = claim.node, trial.fits(kind, on: node) else {
                trial.revert()
                claim.node = shown
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
        return false
    }

    /// Shows a claim as a node of the trial that stands in `zone`, with the room of its largest types.
    mutating func show(_ claim: ClaimDraft, zone: Int) {
        let plan = claim.plan
        if let old = claim.node {
            if old.labels[OfferTable.zoneLabel] == plan.table.zones[zone] { return }
            trial.removeNode(old)
        }
        let bits = OfferTable.bits(ofZone: zone)
        let option = claim.options.first { $0.cell & bits != 0 } ?? claim.options[0]
        let isSpot = option.cell & OfferTable.bit(zone, .spot) != 0
        serial += 1
        var node = plan.node(":claim-\(serial)", option.type, zone: zone, isSpot ? .spot : .onDemand)
        node.status.allocatable = Self.largest(claim)
        claim.node = trial.addNode(node, pods: claim.pods)
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

    private func counted(_ kind: PodKind, _ table: OfferTable) -> [Int] {
        var load = [Int](repeating: 0, count: table.zones.count)
        let (namespace, labels) = (kind.sample.pod.metadata.namespace, kind.sample.pod.metadata.labels)
        for node in trial.nodes {
            guard let zone = node.labels[OfferTable.zoneLabel].flatMap({ table.zone(named: $0) }) else { continue }
            load[zone] += node.pods.count {
                $0.pod.metadata.namespace == namespace && $0.pod.metadata.labels == labels
            }
        }
        return load
    }
}
