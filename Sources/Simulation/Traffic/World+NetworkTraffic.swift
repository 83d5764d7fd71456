import Chronology
import Costs
import Machines
import Observations
import Workloads

// Counterpart: kube-proxy's random choice among all endpoints, without topology-aware routing; OpenCost's network costs.
// Deliberate differences: load balancers reach pods in every zone without a charge, as Application Load Balancers do;
// headers, handshakes and what a refused request says count nothing.

extension World {
    /// Begins to bill traffic that has a price.
    mutating func openNetwork() {
        let prices = setup.trafficPrices
        guard prices.concernsServices || prices.concernsImages else { return }
        accounts.network = NetworkDesk(prices, startDate: setup.startDate)
    }

    /// Meters what services send from now on; called when the call graph was worked out anew.
    mutating func meterTraffic() {
        guard accounts.network?.prices.concernsServices == true, let flow = traffic.flow else { return }
        let services = flow.graph.services
        let shares = services.indices.map { zoneShares(of: $0) }
        let admitted = shares.map { $0.reduce(0) { $0 + $1.admitted } }
        var rates: [TrafficMeter.Rate] = []
        for (callee, spec) in services.enumerated() {
            let requests = traffic.states[callee].requests
            guard requests > 0, admitted[callee] > 0, !spec.payload.isEmpty else { continue }
            let part = traffic.supplies[callee].traffic / requests
            for share in shares[callee] {
                enter(spec.payload, part * share.admitted, at: share, &rates)
            }
        }
        for (caller, spec) in services.enumerated() where admitted[caller] > 0 {
            let made = flow.callRates(of: caller, traffic.supplies[caller], traffic.states)
            for (call, rate) in zip(spec.calls, made) {
                let payload = call.payload ?? services[call.callee].payload
                let requests = traffic.states[call.callee].requests
                guard rate > 0, requests > 0, !payload.isEmpty else { continue }
                for from in shares[caller] {
                    let part = rate / requests * from.admitted / admitted[caller]
                    for to in shares[call.callee] { pass(payload, part * to.admitted, from, to, &rates) }
                }
            }
        }
        accounts.network?.meter.setRates(rates, at: now)
    }

    /// Requests of users: the answers leave for the internet, through a load balancer.
    private func enter(
        _ payload: ServiceSpec.Payload, _ requests: Double, at share: ZoneShare, _ rates: inout [TrafficMeter.Rate]
    ) {
        let answers = Self.milliBytes(requests, payload.response)
        let asked = Self.milliBytes(requests, payload.request)
        if answers > 0 { rates.append(TrafficMeter.Rate(.internet, payer: share.controller, bytes: answers)) }
        if answers + asked > 0 {
            rates.append(TrafficMeter.Rate(.loadBalancer, payer: share.controller, bytes: answers + asked))
        }
    }

    /// Requests from one workload to another: each pays for what it sends.
    private func pass(
        _ payload: ServiceSpec.Payload, _ requests: Double, _ from: ZoneShare, _ to: ZoneShare,
        _ rates: inout [TrafficMeter.Rate]
    ) {
        let isWithin = from.zone == to.zone
        for (sender, bytes) in [(from.controller, payload.request), (to.controller, payload.response)] {
            let rate = Self.milliBytes(requests, bytes)
            guard rate > 0 else { continue }
            for line in isWithin ? [TrafficLine.withinZone] : [.zoneOut, .zoneIn] {
                rates.append(TrafficMeter.Rate(line, payer: sender, bytes: rate))
            }
        }
    }

    private static func milliBytes(_ requests: Double, _ bytes: Int64) -> Int64 {
        let rate = requests * Double(bytes) * 1_000
        return rate.isFinite ? Int64(min(9e17, max(0, rate.rounded()))) : 0
    }

    /// What the workloads behind a service answer in each zone, in the order of the list of endpoints.
    private func zoneShares(of service: Int) -> [ZoneShare] {
        let (supply, state) = (traffic.supplies[service], traffic.states[service])
        var shares: [ZoneShare] = []
        for place in traffic.listed[service] {
            let endpoint = traffic[place]
            guard endpoint.isServing, let kind = replicas(of: endpoint, in: supply), kind < state.admitted.count else {
                continue
            }
            let controller = profiles[endpoint.profile].controller
            let zone = nodes[Int(endpoint.node)].zone
            if let known = shares.firstIndex(where: { $0.controller == controller && $0.zone == zone }) {
                shares[known].admitted += state.admitted[kind]
            } else {
                shares.append(ZoneShare(controller: controller, zone: zone, admitted: state.admitted[kind]))
            }
        }
        return shares
    }

    /// The place, among the replicas of a supply, of those that are like an endpoint.
    private func replicas(of endpoint: Endpoint, in supply: ServiceFlow.Supply) -> Int? {
        let (share, speed) = (cpuShare(of: endpoint), nodes[Int(endpoint.node)].speed)
        return supply.replicas.firstIndex { $0.cores == endpoint.cores && $0.share == share && $0.speed == speed }
    }

    // MARK: - Images

    /// Counts what a pull has fetched, for the workload whose pod waited for it.
    mutating func meterPull(_ bytes: ImageTraffic, controller: Int32) {
        guard accounts.network?.prices.concernsImages == true else { return }
        for (line, count) in [
            (TrafficLine.imageRegistry, bytes.registry), (.imageCache, bytes.cache), (.imagePeer, bytes.peer),
            (.imageCrossZone, bytes.crossZone),
        ] where count > 0 {
            accounts.network?.meter.add(count, on: line, payer: controller, at: now)
        }
    }

    // MARK: - The bill

    /// Writes what traffic cost since the last settlement.
    mutating func settleNetwork(from: Instant) {
        guard let charges = accounts.network?.meter.settle(at: now) else { return }
        var sums: [(line: TrafficLine, amount: NanoDollars)] = []
        for charge in charges {
            observer?.networkTraffic(
                NetworkTrafficRow(
                    line: charge.line.rawValue, controller: charge.payer, from: from, to: now, bytes: charge.bytes,
                    amount: charge.amount.amount))
            guard charge.amount > .zero else { continue }
            if sums.last?.line == charge.line {
                sums[sums.count - 1].amount += charge.amount
            } else {
                sums.append((charge.line, charge.amount))
            }
            observer?.costAllocation(
                CostAllocationRow(
                    account: charge.line.account, node: -1, controller: charge.payer, pod: -1, from: from, to: now,
                    cpu: 0, memory: 0, gpu: 0, other: charge.amount.amount))
        }
        for (line, amount) in sums {
            accounts.network?.total += amount
            let account = accounts.ledger.account(line.account)
            accounts.ledger.post(debit: account, credit: accounts.provider, amount: amount, at: now)
            observer?.costAsset(
                CostAssetRow(
                    kind: line.account, node: -1, name: line.rawValue, from: from, to: now, amount: amount.amount))
        }
    }
}
