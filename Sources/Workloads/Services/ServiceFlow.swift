import Chronology

/// What every service of a call graph does at given arrivals and replicas.
///
/// Loads go from callers to callees, failures and latencies back; retries tie both together, so that the graph is gone
/// through until nothing changes, from the state without retries: of several steady states the one without a storm.
package struct ServiceFlow {
    package let graph: ServiceGraph

    /// Replicas of one service that are alike.
    package struct Replicas: Hashable, Sendable {
        /// Thousandths of a core that each may use.
        package var cores: Int64
        /// What each gets of the processors that it wants, in thousandths.
        package var share: Int64
        /// How fast those processors are, in thousandths.
        package var speed: Int64
        package var count: Int

        /// Creates a number of replicas.
        package init(cores: Int64, share: Int64 = 1_000, speed: Int64 = 1_000, count: Int) {
            self.cores = cores
            self.share = share
            self.speed = speed
            self.count = count
        }

        /// Returns how long the replicas' processors take for work that takes `seconds` at full speed.
        package func time(for seconds: Double) -> Double {
            speed == 1_000 ? seconds : seconds * 1_000 / Double(speed)
        }
    }

    /// What comes to a service, and who is there for it.
    package struct Supply: Hashable, Sendable {
        /// Requests a second from outside.
        package var traffic = 0.0
        package var replicas: [Replicas] = []
        /// Endpoints that are listed, and refuse.
        package var refusing = 0
        /// Endpoints that are listed, and whose machine answers nothing.
        package var silent = 0

        /// Creates the supply of a service that nobody asks.
        package init() {}

        /// The endpoints among which requests are shared out.
        package var listed: Int { replicas.reduce(refusing + silent) { $0 + $1.count } }
    }

    /// How a service does.
    package struct State: Hashable, Sendable {
        /// Requests a second, without retries.
        package var requests = 0.0
        /// Retries a second.
        package var retries = 0.0
        /// The share of requests that fail for good.
        package var failed = 0.0
        /// From the first attempt to the answer, for requests that succeed.
        package var latency = LatencyLaw.zero
        /// From the beginning of an attempt that got in to its end, whether anybody still waits or not.
        package var stay = LatencyLaw.zero
        /// Requests a second that got in, by replicas as in the supply, for each of them.
        package var admitted: [Double] = []
        /// The share of an attempt's failures of which a caller hears only when its patience ends.
        var slowFailures = 0.0
        var attempts = 1.0
        var attemptFailed = 0.0
        // The mean of all replicas.
        var refused = 0.0
        var wait = LatencyLaw.zero

        /// Creates the state of a service that nobody asks.
        package init() {}
    }

    /// Rounds after which the graph is taken as it stands.
    static let roundsLimit = 64

    /// Creates the flow of a graph.
    package init(_ graph: ServiceGraph) { self.graph = graph }

    /// Returns the states of all services, in their order; `supplies` has one for each.
    package func settle(_ supplies: [Supply]) -> [State] {
        var states = [State](repeating: State(), count: supplies.count)
        let hasWorkers = graph.services.contains { $0.workers != nil }
        for round in 0..<Self.roundsLimit {
            var arrivals = supplies.map(\.traffic)
            for place in graph.order { load(place, supplies[place], &states, &arrivals) }
            var change = 0.0
            for place in graph.order.reversed() {
                let before = states[place]
                answer(place, &states)
                // Steps are halved when they go back and forth.
                if round > 16 { states[place].attempts = (states[place].attempts + before.attempts) / 2 }
                change = max(change, abs(states[place].attempts - before.attempts))
                change = max(change, abs(states[place].failed - before.failed))
                if hasWorkers { change = max(change, abs(states[place].stay.mean - before.stay.mean)) }
            }
            if change < 1e-9 { break }
        }
        return states
    }

    // MARK: - From callers to callees

    private func load(_ place: Int, _ supply: Supply, _ states: inout [State], _ arrivals: inout [Double]) {
        let spec = graph.services[place]
        states[place].requests = arrivals[place]
        states[place].retries = arrivals[place] * (states[place].attempts - 1)
        let attempts = arrivals[place] * states[place].attempts
        let each = supply.listed > 0 ? attempts / Double(supply.listed) : 0
        let calls = callsLaw(spec, states)
        var (alive, inside) = (0.0, 0.0)
        var (wait, work) = (Mixture(), Mixture())
        states[place].admitted.removeAll(keepingCapacity: true)
        for replicas in supply.replicas {
            let answer = station(spec, replicas, each, delay: spec.wait + calls).answer(arrivals: each)
            let count = Double(replicas.count)
            alive += count
            inside += count * (1 - answer.refused)
            states[place].admitted.append(each * (1 - answer.refused))
            wait.add(answer.wait, weight: count * (1 - answer.refused))
            work.add(answer.work, weight: count * (1 - answer.refused))
        }
        let listed = Double(max(1, supply.listed))
        states[place].refused = 1 - inside / listed
        // A full queue and a closed port answer at once; who waits for a turn that does not come finds out late.
        let late = (spec.queue == nil ? alive - inside : 0) + Double(supply.silent)
        states[place].slowFailures = late / listed
        states[place].wait = wait.law + work.law + spec.wait
        states[place].stay = states[place].wait + calls

        let sound = 1 - Double(spec.errorRate) / 1e9
        var reach = attempts * inside / listed * sound
        for call in spec.calls {
            let count = Double(call.perRequest) / 1_000
            guard spec.callMode == .sequential else {
                arrivals[call.callee] += reach * count
                continue
            }
            let sound = 1 - states[call.callee].failed
            arrivals[call.callee] += reach * Self.calls(sound, count)
            reach *= Self.success(sound, count)
        }
    }

    private func station(
        _ spec: ServiceSpec, _ replicas: Replicas, _ arrivals: Double, delay: LatencyLaw
    ) -> Station {
        var cores = Double(replicas.cores) / 1_000
        let work = replicas.time(for: spec.work.mean)
        if replicas.share < 1_000 {
            let wanted = min(cores, arrivals * work)
            cores = max(0.001, wanted * Double(replicas.share) / 1_000)
        }
        return Station(
            service: work, variability: spec.work.variability, cores: cores, delay: delay,
            workers: spec.workers, queue: spec.queue, patience: spec.timeout.inSeconds)
    }

    /// The law of all calls of a request that succeed.
    private func callsLaw(_ spec: ServiceSpec, _ states: [State]) -> LatencyLaw {
        let parts = spec.calls.map { (law: states[$0.callee].latency, count: Double($0.perRequest) / 1_000) }
        switch spec.callMode {
        case .sequential: return parts.reduce(LatencyLaw.zero) { $0 + $1.law.repeated($1.count) }
        case .parallel: return parts.isEmpty ? .zero : LatencyLaw.longest(of: parts)
        }
    }

    /// The chance that `count` calls succeed; a fraction is the chance of one more.
    static func success(_ chance: Double, _ count: Double) -> Double {
        let whole = count.rounded(.down)
        return Elementary.power(chance, Int64(whole)) * (1 - (count - whole) * (1 - chance))
    }

    /// The calls that are made of `count` in a row, each of which succeeds with a chance: the first that fails is the last.
    static func calls(_ chance: Double, _ count: Double) -> Double {
        guard chance < 1, count > 1 else { return count }
        let whole = count.rounded(.down)
        return GeometricSums(ratio: chance, count: Int64(whole)).zeroth
            + (count - whole) * Elementary.power(chance, Int64(whole))
    }

    // MARK: - From callees to callers

    private func answer(_ place: Int, _ states: inout [State]) {
        let spec = graph.services[place]
        let timeout = spec.timeout.inSeconds
        var state = states[place]
        state.stay = state.wait + callsLaw(spec, states)
        let late = state.stay.tail(timeout)
        var sound = 1 - Double(spec.errorRate) / 1e9
        for call in spec.calls {
            sound *= Self.success(1 - states[call.callee].failed, Double(call.perRequest) / 1_000)
        }
        let inside = 1 - state.refused
        let failed = 1 - inside * sound * (1 - late)
        state.attemptFailed = failed
        let outcome = RetryOutcome(failed: failed, spec.retries)
        state.failed = outcome.failed
        state.attempts = 1 + outcome.retries
        let slow = state.slowFailures + inside * sound * late
        let quick = inside * (1 - sound)
        let lost = failed > 0 ? (slow * timeout + quick * state.stay.mean) / failed : 0
        let answered = outcome.failed < 1 - 1e-9 ? state.stay.cut(at: timeout) : .zero
        state.latency = LatencyLaw(
            mean: answered.mean + outcome.before.mean * lost,
            variance: answered.variance + outcome.before.variance * lost * lost)
        states[place] = state
    }
}

/// A mixture of laws by its first two moments.
private struct Mixture {
    private var weight = 0.0
    private var first = 0.0
    private var second = 0.0

    mutating func add(_ law: LatencyLaw, weight: Double) {
        self.weight += weight
        first += weight * law.mean
        second += weight * (law.variance + law.mean * law.mean)
    }

    var law: LatencyLaw {
        guard weight > 0 else { return .zero }
        let mean = first / weight
        return LatencyLaw(mean: mean, variance: max(0, second / weight - mean * mean))
    }
}
