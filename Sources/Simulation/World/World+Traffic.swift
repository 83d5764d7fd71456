import Chronology
import KubernetesAPI
import Observations
import VirtualTime
import Workloads

extension World {
    /// Lays out the services under traffic, before anything else is there.
    mutating func beginTraffic() {
        traffic = TrafficDesk(setup.services, streams: streams)
        guard traffic.isOn else { return }
        for (index, spec) in traffic.services.enumerated() {
            observer?.service(ServiceRow(service: Int32(index + 1), namespace: spec.namespace, name: spec.name))
        }
        lookAtTraffic()
    }

    /// Has the call graph looked at, once at this instant however much changes.
    mutating func lookAtTraffic() {
        guard !traffic.isLookDue else { return }
        traffic.isLookDue = true
        enqueue(.traffic, at: now)
    }

    /// The share of the processors that a pod gets is another one (`PodTracker.Track.cpuSharePermille`).
    mutating func cpuShareChanged(_ slot: Int32) {
        guard traffic.isOn, let place = traffic.place(ofTrack: slot).place else { return }
        traffic.touch(place)
        if traffic.followsShares(at: now) { lookAtTraffic() }
    }

    /// A curve of traffic changes.
    mutating func trafficSteps() { lookAtTraffic() }

    /// Works out how all services do from now on, counts how they did, and charges what their pods use.
    mutating func trafficIsDue() {
        traffic.isLookDue = false
        guard let flow = traffic.flow else { return }
        if now >= traffic.stepAt {
            for (index, spec) in flow.graph.services.enumerated() {
                let rate = spec.traffic?.value(at: now, on: clock) ?? 0
                traffic.supplies[index].traffic = Double(rate) / 1_000
            }
            let next = flow.graph.services.compactMap { $0.traffic?.nextChange(after: now, on: clock) }.min()
            traffic.stepAt = next ?? .never
            if let next, next <= end { enqueue(.trafficStep, at: next) }
        }
        for index in traffic.isDirty.indices where traffic.isDirty[index] { countReplicas(of: index) }
        traffic.states = flow.settle(traffic.supplies)
        if meters.isOn { meters.beginLook() }
        for index in traffic.states.indices {
            let reading = reading(of: index)
            if meters.isOn { meterService(reading, index) }
            digest.absorb(reading.requests &- reading.failed)
            digest.absorb(reading.p99.nanoseconds)
            if let row = traffic.meters[index].change(to: reading, at: now) { observer?.serviceInterval(row) }
        }
        chargeTraffic()
        if accounts.network != nil { meterTraffic() }
    }

    /// Groups the endpoints that are listed by how much they can do.
    private mutating func countReplicas(of index: Int) {
        traffic.isDirty[index] = false
        var supply = ServiceFlow.Supply()
        supply.traffic = traffic.supplies[index].traffic
        for place in traffic.listed[index] {
            let endpoint = traffic[place]
            guard endpoint.isServing else {
                if endpoint.isSilent { supply.silent += 1 } else { supply.refusing += 1 }
                continue
            }
            let (share, speed) = (cpuShare(of: endpoint), nodes[Int(endpoint.node)].speed)
            let known = supply.replicas.firstIndex {
                $0.cores == endpoint.cores && $0.share == share && $0.speed == speed
            }
            if let known {
                supply.replicas[known].count += 1
            } else {
                supply.replicas.append(
                    ServiceFlow.Replicas(cores: endpoint.cores, share: share, speed: speed, count: 1))
            }
        }
        traffic.supplies[index] = supply
    }

    /// What an endpoint gets of the processors that it wants, in thousandths.
    func cpuShare(of endpoint: Endpoint) -> Int64 {
        endpoint.track < 0 ? 1_000 : tracker[endpoint.track].cpuSharePermille
    }

    // MARK: - What is counted

    /// How a service does, in whole numbers: rates in millionths, latencies in microseconds, rounded to the nearest.
    private func reading(of index: Int) -> ServiceMeter.Reading {
        let state = traffic.states[index]
        var reading = ServiceMeter.Reading()
        reading.requests = Self.whole(state.requests * 1e6)
        reading.users = min(reading.requests, Self.whole(traffic.supplies[index].traffic * 1e6))
        reading.failed = min(reading.requests, Self.whole(state.requests * state.failed * 1e6))
        reading.retries = Self.whole(state.retries * 1e6)
        reading.endpoints = Int32(clamping: traffic.supplies[index].replicas.reduce(0) { $0 + $1.count })
        let load = load(of: index)
        reading.cpu = load.cpu
        reading.inFlight = Self.whole(load.inFlight * 1_000)
        guard reading.requests > 0 else { return reading }
        if reading.failed < reading.requests {
            // A law by two moments has a tail that callers, who go when their patience ends, never see.
            let spec = traffic.services[index]
            let longest = spec.timeout.inSeconds * Double(1 + spec.retries.limit)
            func quantile(_ place: LatencyLaw.Place) -> Duration {
                .microseconds(Self.whole(min(longest, state.latency.quantile(place)) * 1e6))
            }
            (reading.p50, reading.p95, reading.p99) = (quantile(.p50), quantile(.p95), quantile(.p99))
        }
        reading.isViolated = Self.isViolated(traffic.services[index].objective, reading)
        return reading
    }

    private static func isViolated(_ objective: ServiceSpec.Objective, _ reading: ServiceMeter.Reading) -> Bool {
        if let availability = objective.availability,
            Int128(reading.failed) * 1_000_000 > Int128(reading.requests) * Int128(1_000_000 - availability)
        {
            return true
        }
        // An answer that never comes is late by any measure.
        if reading.failed >= reading.requests { return !objective.latency.isEmpty }
        return objective.latency.contains { bound in
            switch bound.place {
            case .p50: reading.p50 > bound.atMost
            case .p95: reading.p95 > bound.atMost
            case .p99: reading.p99 > bound.atMost
            }
        }
    }

    static func whole(_ value: Double) -> Int64 {
        value.isFinite ? Int64(min(9e18, max(0, value.rounded()))) : 0
    }

    /// Requests in flight on one replica of a service.
    func inFlight(_ service: Int) -> Double {
        let count = traffic.supplies[service].replicas.reduce(0) { $0 + $1.count }
        return count > 0 ? load(of: service).inFlight / Double(count) : 0
    }

    // MARK: - What is lost

    /// What is in flight on an endpoint is lost.
    mutating func loseInFlight(_ place: Int32) {
        for membership in traffic[place].memberships where membership.isListed {
            lose(inFlight(membership.service), of: membership.service)
        }
    }

    /// Counts requests that got in and were never answered, and those that wait for them in other services.
    mutating func lose(_ amount: Double, of service: Int) {
        guard amount > 0, let flow = traffic.flow else { return }
        let graph = flow.graph
        var amounts = [Double](repeating: 0, count: graph.services.count)
        amounts[service] = amount
        for callee in graph.order.reversed() where amounts[callee] > 0 {
            let state = traffic.states[callee]
            if graph.services[callee].retries.limit > 0 { amounts[callee] *= state.failed }
            traffic.meters[callee].lose(Self.whole(amounts[callee] * 1_000))
            guard state.requests > 0 else { continue }
            for caller in graph.services.indices {
                let calls = graph.services[caller].calls
                guard calls.contains(where: { $0.callee == callee }) else { continue }
                let made = flow.callRates(of: caller, traffic.supplies[caller], traffic.states)
                let rate = zip(calls, made).reduce(0) { $0 + ($1.0.callee == callee ? $1.1 : 0) }
                amounts[caller] += amounts[callee] * min(1, rate / state.requests)
            }
        }
        // The rows that tell of it are written at the next look.
        lookAtTraffic()
    }

    // MARK: - The end

    /// Closes the stretches of all services, and returns their metrics.
    mutating func closeTraffic() -> [MetricRow] {
        var rows: [MetricRow] = []
        for (index, spec) in traffic.services.enumerated() {
            for row in traffic.meters[index].finish(at: now) { observer?.serviceInterval(row) }
            let meter = traffic.meters[index]
            let values: [Int64] = [
                meter.totals.requests / 1_000, meter.totals.failed / 1_000, meter.totals.retries / 1_000,
                meter.worst.p50.nanoseconds, meter.worst.p95.nanoseconds, meter.worst.p99.nanoseconds,
                meter.violated.nanoseconds,
            ]
            for (metric, value) in zip(ServiceMetric.all, values) {
                rows.append(MetricRow(name: metric.name(of: spec.title), value: value, unit: metric.unit))
            }
        }
        tellBackends()
        return rows
    }

    /// Tells which workloads stood behind each service: those that it names, or that its selector means.
    private func tellBackends() {
        guard let observer else { return }
        for (index, spec) in traffic.services.enumerated() {
            var told = Set<Int32>()
            for place in 0..<Int32(profiles.count) {
                let profile = profiles[place]
                let isMeant: Bool
                switch spec.backing {
                case .workload: isMeant = profile.services.contains(index)
                case .service:
                    guard let selector = traffic.selectors[index], let labels = profile.labels?.of,
                        controllers[profile.controller].namespace == spec.namespace
                    else { continue }
                    isMeant = LabelSelector(matchLabels: selector).matches(labels)
                }
                guard isMeant, told.insert(profile.controller).inserted else { continue }
                observer.serviceBackend(ServiceBackendRow(service: Int32(index + 1), controller: profile.controller))
            }
        }
    }
}

/// A metric that every service under traffic has.
package struct ServiceMetric: Sendable {
    package let suffix: String
    /// As in `MetricRow`.
    package let unit: String

    /// All of them, in the order in which a run tells them.
    package static let all = [
        ServiceMetric(suffix: "requests", unit: "count"), ServiceMetric(suffix: "errors", unit: "count"),
        ServiceMetric(suffix: "retries", unit: "count"), ServiceMetric(suffix: "latency.p50.max", unit: "nanoseconds"),
        ServiceMetric(suffix: "latency.p95.max", unit: "nanoseconds"),
        ServiceMetric(suffix: "latency.p99.max", unit: "nanoseconds"),
        ServiceMetric(suffix: "slo.violated", unit: "nanoseconds"),
    ]

    /// Returns the metric's name for the service `namespace/name`.
    package func name(of service: String) -> String { "service.\(service).\(suffix)" }
}
