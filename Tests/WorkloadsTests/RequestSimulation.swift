import Chronology
import VirtualTime

/// Requests one by one: a queue as it would be built, and nothing of the formulas that it checks.
struct RequestSimulation {
    var arrivals: Double
    var cores: Double
    var workers = Int.max
    var bound = Int.max
    var delay: Distribution?
    var service: @Sendable (inout RandomStream) -> Double

    struct Result {
        var responses: [Double] = []
        var waits: [Double] = []
        var refused = 0
        var offered = 0
    }

    private struct Request {
        let arrived: Double
        var started = 0.0
        var rest: Double
        /// When its delay is over; nil while it wants a processor.
        var back: Double?
    }

    /// Simulates `count` arrivals, of which the first tenth is not counted.
    func run(_ count: Int, seed: UInt64) -> Result {
        var gaps = RandomStream(seed: Seed(seed), name: "gaps")
        var works = RandomStream(seed: Seed(seed), name: "works")
        var delays = RandomStream(seed: Seed(seed), name: "delays")
        var result = Result()
        var inside: [Request] = []
        var queue: [Request] = []
        var (now, number) = (0.0, 0)
        let mean = Distribution.exponential(mean: 1)
        var nextArrival = mean.sample(&gaps).inSeconds / arrivals
        while number < count {
            var busy = 0
            for request in inside where request.back == nil { busy += 1 }
            let speed = busy > 0 ? min(min(1, cores), cores / Double(busy)) : 0
            var (next, who) = (nextArrival, -1)
            for (index, request) in inside.enumerated() {
                let end = request.back ?? now + request.rest / speed
                if end < next { (next, who) = (end, index) }
            }
            for index in inside.indices where inside[index].back == nil { inside[index].rest -= (next - now) * speed }
            now = next
            if who >= 0 {
                if inside[who].back == nil, let delay {
                    inside[who].back = now + delay.sample(&delays).inSeconds
                    continue
                }
                let done = inside.remove(at: who)
                if number > count / 10 {
                    result.responses.append(now - done.arrived)
                    result.waits.append(done.started - done.arrived)
                }
                if !queue.isEmpty {
                    var first = queue.removeFirst()
                    first.started = now
                    inside.append(first)
                }
                continue
            }
            number += 1
            nextArrival = now + mean.sample(&gaps).inSeconds / arrivals
            let request = Request(arrived: now, started: now, rest: service(&works))
            if number > count / 10 { result.offered += 1 }
            if inside.count + queue.count >= bound {
                if number > count / 10 { result.refused += 1 }
            } else if inside.count < workers {
                inside.append(request)
            } else {
                queue.append(request)
            }
        }
        return result
    }

    // MARK: - Laws of the work, all of mean 1

    enum Work: String, CaseIterable, Sendable {
        case exponential, deterministic, hyperexponential

        /// The squared coefficient of variation.
        var variability: Double {
            switch self {
            case .exponential: 1
            case .deterministic: 0
            case .hyperexponential: 4
            }
        }

        @Sendable func sample(_ stream: inout RandomStream) -> Double {
            switch self {
            case .exponential: return Distribution.exponential(mean: 1).sample(&stream).inSeconds
            case .deterministic: return 1
            case .hyperexponential:
                // Balanced means: p = (1 + sqrt(3 / 5)) / 2 gives a squared coefficient of variation of 4.
                let share = 0.887_298_334_620_741_7
                let isShort = stream.chance(share)
                let mean = isShort ? 0.5 / share : 0.5 / (1 - share)
                return Distribution.exponential(mean: mean).sample(&stream).inSeconds
            }
        }
    }
}

/// The mean of numbers that follow each other, and half the width of a wide confidence interval by batch means.
func batchMean(_ values: [Double]) -> (mean: Double, width: Double) {
    let batches = 20
    let size = values.count / batches
    let means = (0..<batches).map { batch in
        values[(batch * size)..<((batch + 1) * size)].reduce(0, +) / Double(size)
    }
    let mean = means.reduce(0, +) / Double(batches)
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batches - 1)
    // Student's t with 19 degrees of freedom: 99.9 % of intervals.
    return (mean, 3.883 * (variance / Double(batches)).squareRoot())
}
