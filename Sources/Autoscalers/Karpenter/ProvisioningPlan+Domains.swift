import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: provisioning/scheduling/topology.go and topologydomaingroup.go (karpenter).

extension ProvisioningPlan {
    /// Makes known the zones and other domains in which there could be nodes for a kind: its pods are to be spread over them
    /// as well. What is sold out is a domain still.
    mutating func addDomains(for kind: PodKind) {
        for domain in offers.domains(for: kind) where domains.insert(domain).inserted {
            trial.addNode(offers.standIn(domain))
        }
    }
}

extension ShapeOffers {
    /// An offer of a plan that is shown as a domain.
    struct Domain: Hashable {
        let place: Int
        let type: Int
        let bit: OfferTable.Cell
    }

    /// Returns the domains in which there could be nodes for a kind.
    func domains(for kind: PodKind) -> [Domain] {
        let key = ObjectIdentifier(kind.shape)
        if let domains = knownDomains[key] { return domains }
        let domains = findDomains(for: kind)
        knownDomains[key] = domains
        return domains
    }

    /// Returns the node that stands for a domain: always the same, without pods.
    func standIn(_ domain: Domain) -> NodeInfo {
        if let node = standIns[domain] { return node }
        let node = NodeInfo(plans[domain.place].standIn(ofType: domain.type, bit: domain.bit))
        standIns[domain] = node
        return node
    }

    private func findDomains(for kind: PodKind) -> [Domain] {
        var domains: [Domain] = []
        let keys = OfferDomains.spreadKeys(of: kind.shape)
        let typeKeys = keys.filter { !OfferTable.isOfOffer($0) }
        for (place, plan) in plans.enumerated() {
            let answer = answer(place, for: kind.sample)
            // What differs in no value that is asked for from an offer that is shown.
            var shown: [[String?]: OfferTable.Cell] = [:]
            for (type, sold) in plan.cells.enumerated() where sold != 0 {
                // Taints of nodes do not keep them from being domains, and other labels do so by themselves.
                var cell = sold
                if case .some(let cells) = answer { cell &= cells[type] }
                let values = typeKeys.map { plan.table.models[type].labels[$0] ?? plan.labels[$0] }
                cell &= ~(shown[values] ?? 0)
                while cell != 0 {
                    let bit = cell & ~(cell - 1)
                    let alike = plan.table.bits(like: bit, in: keys)
                    cell &= ~alike
                    shown[values, default: 0] |= alike
                    domains.append(Domain(place: place, type: type, bit: bit))
                }
            }
        }
        return domains
    }
}

extension OfferTable {
    /// The bits that have the same values of `keys` as one of them.
    fileprivate func bits(like bit: Cell, in keys: [String]) -> Cell {
        var alike = Cell.max
        if keys.contains(Self.capacityTypeLabel) { alike &= bit & spotBits != 0 ? spotBits : onDemandBits }
        let zone = bit.trailingZeroBitCount / 2
        if keys.contains(Self.zoneLabel) {
            alike &= Self.bits(ofZone: zone)
        } else if keys.contains(Self.regionLabel) {
            var region: Cell = 0
            for other in zones.indices where regions[other] == regions[zone] { region |= Self.bits(ofZone: other) }
            alike &= region
        }
        return alike
    }
}
