/// One replica of a service as a queue: arrivals are Poisson, processors are shared, and a bounded number get in.
///
/// The number of requests is a birth-death chain. Without workers it is the M/G/c queue with processor sharing, whose
/// mean is the same for every law of the work (for one processor E[S] / (1 - rho)). With workers that are not more than
/// the processors it is M/M/c, or M/M/c/K with a bounded queue; more workers than processors share them, and those that
/// wait for other services hold their worker meanwhile (`WorkerPool`).
///
/// | what | how |
/// |---|---|
/// | mean of processor sharing | exact for every law of the work |
/// | mean wait for a worker | exact for exponential work, else times (1 + variability) / 2 (Allen and Cunneen) |
/// | spread of processor sharing | exact for exponential work on one processor, and without and under full load |
package struct Station: Hashable, Sendable {
    /// Seconds of a processor that a request needs.
    package var service: Double
    /// The squared coefficient of variation of that need.
    package var variability: Double
    /// Processors; a part of one is a slower one.
    package var cores: Double
    /// How long a request waits for other things than a processor, once it has a worker.
    package var delay: LatencyLaw
    /// Requests that are handled at a time; nil for all that are there.
    package var workers: Int?
    /// Requests that wait for a worker at most; nil for those that would wait as long as `patience`.
    package var queue: Int?
    /// After so many seconds those who asked have gone: more requests than can be answered by then do not get in.
    package var patience: Double

    /// Creates a station.
    package init(
        service: Double, variability: Double, cores: Double, delay: LatencyLaw = .zero, workers: Int? = nil,
        queue: Int? = nil, patience: Double
    ) {
        self.service = service
        self.variability = variability
        self.cores = cores
        self.delay = delay
        self.workers = workers
        self.queue = queue
        self.patience = patience
    }

    /// What a station does with its arrivals.
    package struct Answer: Hashable, Sendable {
        /// The share of arrivals that do not get in.
        package var refused = 0.0
        /// The share of those that get in and find no free worker.
        package var waiting = 0.0
        /// The wait for a worker.
        package var wait = LatencyLaw.zero
        /// From the first instruction to the last, without delays.
        package var work = LatencyLaw.zero
    }
}

// MARK: - The chain

extension Station {
    /// Returns what becomes of `arrivals` requests a second.
    package func answer(arrivals: Double) -> Answer {
        let speed = min(1, cores)
        let need = service / speed
        guard need > 0 else { return Answer() }
        guard arrivals > 0 else { return answer(stretch: (1, 1), load: 0, need: need) }
        var chain = Chain(self, need: need, servers: cores / speed)
        chain.run(arrivals)
        let stretch = (chain.stretch / chain.admitted, chain.stretchSquared / chain.admitted)
        var answer = answer(stretch: stretch, load: arrivals * service / cores, need: need)
        answer.refused = chain.refused
        if workers != nil {
            let ahead = chain.ahead / chain.admitted
            let aheadSquared = chain.aheadSquared / chain.admitted
            // The spread of what a worker is held for; sharing processors adds none to that of the work.
            let (atWork, away) = (answer.work.mean, delay.mean)
            let held = (atWork + away) * (atWork + away)
            let spread = (atWork * atWork * variability + away * away * delay.variability) / held
            let factor = (1 + spread) / 2
            let turn = factor / chain.tailRate
            answer.waiting = chain.waiting / chain.admitted
            // However uneven the work is, nobody waits for more turns than the queue has places.
            let mean = min(ahead * turn, Double(chain.places) / chain.tailRate)
            answer.wait = LatencyLaw(
                mean: mean, variance: max(0, (aheadSquared + ahead) * turn * turn - mean * mean))
        }
        return answer
    }

    /// The answer of which the wait is not known yet: `stretch` holds the first two moments of how much longer the work
    /// takes than alone.
    private func answer(stretch: (first: Double, second: Double), load: Double, need: Double) -> Answer {
        let spread = max(0, stretch.second / (stretch.first * stretch.first) - 1)
        // During a long request the others come and go: the snapshot of its arrival counts less and less.
        let variability = (1 + variability) * (1 + spread / (2 - min(1, load))) - 1
        let mean = need * stretch.first
        return Answer(work: LatencyLaw(mean: mean, variance: variability * mean * mean))
    }

    /// The sums over the states of the chain, by the number of requests in the station.
    private struct Chain {
        private let need: Double
        private let servers: Double
        private let delay: Double
        /// Completions a second by the number there, up to the last number from which they stay the same.
        private var rates: [Double]
        private let hasWorkers: Bool
        private var bound: Int64
        /// Completions a second when there are more than `rates` tells.
        let tailRate: Double

        /// Places beyond the states that `rates` tells of.
        var places: Int64 { bound - Int64(rates.count - 1) }

        private(set) var admitted = 0.0
        private(set) var refused = 0.0
        // Sums over those that get in.
        private(set) var stretch = 0.0
        private(set) var stretchSquared = 0.0
        private(set) var waiting = 0.0
        private(set) var ahead = 0.0
        private(set) var aheadSquared = 0.0

        init(_ station: Station, need: Double, servers: Double) {
            self.need = need
            self.servers = servers
            hasWorkers = station.workers != nil
            delay = hasWorkers ? station.delay.mean : 0
            let whole = max(1, Int(servers.rounded(.down)))
            let pool = WorkerPool(
                workers: station.workers ?? whole, service: need, servers: servers, delay: delay)
            rates = pool.rates
            tailRate = hasWorkers ? pool.rates[pool.rates.count - 1] : servers / need
            let head = Int64(rates.count - 1)
            let patient = min(1e12, (station.patience * tailRate).rounded(.up))
            if let queue = station.queue, hasWorkers {
                bound = head + Int64(queue)
            } else {
                bound = hasWorkers ? head + Int64(patient) : max(head, Int64(patient))
            }
        }

        /// How much longer the work of one of `number` requests takes than alone.
        private func stretch(_ number: Int) -> Double { max(1, (Double(number) / rates[number] - delay) / need) }

        mutating func run(_ arrivals: Double) {
            let last = rates.count - 1
            let ratio = arrivals / tailRate
            let length = bound - Int64(last)
            // The weight of the head's last state: 1, or relative to the fullest state, which then is the likeliest.
            let isFalling = ratio <= 1 || length == 0
            let mass = head(arrivals, weight: isFalling ? nil : Elementary.power(1 / ratio, length))
            let lastWeight = mass.last
            if length > 0 {
                let sums = tailSums(ratio, length, weight: lastWeight)
                let fullest = isFalling ? lastWeight * Elementary.power(ratio, length) : 1
                tail(sums, from: last)
                admitted = mass.below + sums.zeroth
                refused = fullest / (mass.below + lastWeight + ratio * sums.zeroth)
            } else {
                admitted = mass.below
                refused = lastWeight / (mass.below + lastWeight)
            }
            // What gets in under hopeless overload is a matter of rounding.
            admitted = max(admitted, 1e-300)
        }

        /// Sums over the states up to the head's last one, of which `weight` is given or follows from the likeliest.
        private mutating func head(_ arrivals: Double, weight: Double?) -> (below: Double, last: Double) {
            let last = rates.count - 1
            var weights = [Double](repeating: 0, count: last + 1)
            var peak = last
            if let weight {
                weights[last] = weight
            } else {
                while peak > 0, rates[peak] > arrivals { peak -= 1 }
                weights[peak] = 1
                for number in peak..<last { weights[number + 1] = weights[number] * arrivals / rates[number + 1] }
            }
            for number in stride(from: peak, to: 0, by: -1) {
                weights[number - 1] = weights[number] * rates[number] / arrivals
            }
            var below = 0.0
            for number in 0..<last {
                below += weights[number]
                let factor = stretch(number + 1)
                stretch += weights[number] * factor
                stretchSquared += weights[number] * factor * factor
            }
            return (below, weights[last])
        }

        /// Sums over the states from the head's last one to the last but one of all, by the distance from the former.
        private func tailSums(
            _ ratio: Double, _ length: Int64, weight: Double
        ) -> (zeroth: Double, first: Double, second: Double) {
            if ratio <= 1 {
                let sums = GeometricSums(ratio: ratio, count: length)
                return (weight * sums.zeroth, weight * sums.first, weight * sums.second)
            }
            let back = 1 / ratio
            let sums = GeometricSums(ratio: back, count: length)
            let top = Double(length - 1)
            return (
                back * sums.zeroth, back * (top * sums.zeroth - sums.first),
                back * (top * top * sums.zeroth - 2 * top * sums.first + sums.second)
            )
        }

        private mutating func tail(_ sums: (zeroth: Double, first: Double, second: Double), from last: Int) {
            if hasWorkers {
                let factor = stretch(last)
                stretch += factor * sums.zeroth
                stretchSquared += factor * factor * sums.zeroth
                waiting = sums.zeroth
                ahead = sums.first + sums.zeroth
                aheadSquared = sums.second + 2 * sums.first + sums.zeroth
            } else {
                let base = Double(last + 1)
                stretch += (base * sums.zeroth + sums.first) / servers
                stretchSquared +=
                    (base * base * sums.zeroth + 2 * base * sums.first + sums.second) / (servers * servers)
            }
        }
    }
}
