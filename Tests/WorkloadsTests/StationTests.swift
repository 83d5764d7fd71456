import Foundation
import Testing
import VirtualTime

@testable import Workloads

/// Erlang's C, summed as the textbook has it.
private func erlangC(servers: Int, load: Double) -> Double {
    var (term, sum) = (1.0, 0.0)
    for number in 0..<servers {
        if number > 0 { term *= load / Double(number) }
        sum += term
    }
    let last = term * load / Double(servers) / (1 - load / Double(servers))
    return last / (sum + last)
}

@Suite("A replica as a queue")
struct StationTests {
    private static let forEver = 1e6

    @Test(
        "M/M/c is Erlang's C: the chance to wait, and the first two moments of the wait",
        arguments: [(1, 0.1), (1, 0.9), (2, 0.5), (4, 0.8), (16, 0.95), (100, 0.9)])
    func erlang(servers: Int, load: Double) {
        let arrivals = load * Double(servers) / 0.02
        let station = Station(
            service: 0.02, variability: 1, cores: Double(servers), workers: servers, patience: Self.forEver)
        let answer = station.answer(arrivals: arrivals)
        let chance = erlangC(servers: servers, load: load * Double(servers))
        let drain = Double(servers) / 0.02 - arrivals
        #expect(abs(answer.waiting / chance - 1) < 1e-9)
        #expect(abs(answer.wait.mean / (chance / drain) - 1) < 1e-9)
        #expect(abs(answer.wait.variance / (chance * (2 - chance) / (drain * drain)) - 1) < 1e-8)
        #expect(answer.refused < 1e-12 && abs(answer.work.mean - 0.02) < 1e-15)
    }

    @Test("M/M/c agrees with requests simulated one by one, in mean and tail", arguments: [(1, 0.7), (3, 0.8)])
    func erlangSimulated(servers: Int, load: Double) {
        let simulation = RequestSimulation(
            arrivals: load * Double(servers), cores: Double(servers), workers: servers,
            service: RequestSimulation.Work.exponential.sample)
        let result = simulation.run(60_000, seed: 11)
        let answer = Station(
            service: 1, variability: 1, cores: Double(servers), workers: servers, patience: Self.forEver
        ).answer(arrivals: simulation.arrivals)
        let wait = batchMean(result.waits)
        #expect(abs(wait.mean - answer.wait.mean) < wait.width && wait.width < 0.4 * answer.wait.mean)
        for time in [0, 1.0, 3.0] {
            let late = batchMean(result.waits.map { $0 > time ? 1 : 0 })
            let tail = answer.waiting * exp(-time * answer.waiting / answer.wait.mean)
            #expect(abs(late.mean - tail) < late.width)
        }
    }

    @Test(
        "processor sharing on one core has the mean S / (1 - rho) whatever the law of the work",
        arguments: RequestSimulation.Work.allCases, [0.5, 0.8])
    func insensitive(work: RequestSimulation.Work, load: Double) {
        let station = Station(service: 1, variability: work.variability, cores: 1, patience: Self.forEver)
        let answer = station.answer(arrivals: load)
        #expect(abs(answer.work.mean * (1 - load) - 1) < 1e-9)
        let result = RequestSimulation(arrivals: load, cores: 1, service: work.sample).run(40_000, seed: 5)
        let response = batchMean(result.responses)
        #expect(abs(response.mean - answer.work.mean) < response.width && response.width < 0.4 * answer.work.mean)
        // The percentiles are an approximation, judged beside the simulated mean, whose noise they share.
        let sorted = result.responses.sorted()
        let bound = work == .exponential ? 0.1 : work == .deterministic ? 0.2 : 0.25
        for (place, share) in [(LatencyLaw.Place.p50, 0.5), (.p95, 0.95), (.p99, 0.99)] {
            let simulated = sorted[Int(share * Double(sorted.count))] * answer.work.mean / response.mean
            #expect(abs(answer.work.quantile(place) / simulated - 1) < bound, "\(work) at \(load): \(place)")
        }
    }

    @Test(
        "several cores, and a part of one, are shared with the same mean for every law",
        arguments: [0.5, 1.5, 2, 4], RequestSimulation.Work.allCases)
    func cores(cores: Double, work: RequestSimulation.Work) {
        let arrivals = 0.75 * cores
        let answer = Station(service: 1, variability: work.variability, cores: cores, patience: Self.forEver)
            .answer(arrivals: arrivals)
        let result = RequestSimulation(arrivals: arrivals, cores: cores, service: work.sample).run(30_000, seed: 8)
        let response = batchMean(result.responses)
        #expect(abs(response.mean - answer.work.mean) < response.width && response.width < 0.4 * answer.work.mean)
    }

    @Test("the variance of processor sharing is (2 + rho) / (2 - rho) of the squared mean for exponential work")
    func spread() {
        for load in [0.0, 0.3, 0.6, 0.9] {
            let work = Station(service: 1, variability: 1, cores: 1, patience: Self.forEver).answer(arrivals: load).work
            #expect(abs(work.variability - (2 + load) / (2 - load)) < 1e-9)
        }
    }

    @Test("a bounded queue refuses as M/M/c/K does", arguments: [(1, 4, 0.8), (2, 0, 0.9), (3, 5, 1.5), (2, 40, 1)])
    func bounded(servers: Int, queue: Int, load: Double) {
        let arrivals = load * Double(servers)
        let answer = Station(
            service: 1, variability: 1, cores: Double(servers), workers: servers, queue: queue, patience: 1
        ).answer(arrivals: arrivals)
        // The chain as the textbook has it.
        var weights = [1.0]
        for number in 1...(servers + queue) {
            weights.append(weights[number - 1] * arrivals / Double(min(number, servers)))
        }
        let total = weights.reduce(0, +)
        #expect(abs(answer.refused - weights[servers + queue] / total) < 1e-12)
        let waiting = weights.enumerated().reduce(0) { $0 + Double(max(0, $1.offset - servers)) * $1.element } / total
        #expect(abs(answer.wait.mean * arrivals * (1 - answer.refused) - waiting) < 1e-9)
        let result = RequestSimulation(
            arrivals: arrivals, cores: Double(servers), workers: servers, bound: servers + queue,
            service: RequestSimulation.Work.exponential.sample
        ).run(20_000, seed: 3)
        #expect(abs(Double(result.refused) / Double(result.offered) - answer.refused) < 0.03)
    }

    @Test("more workers than cores share them; they hold their worker while they wait for others")
    func pool() {
        let delay = LatencyLaw(mean: 2, variance: 4)
        for (cores, workers, arrivals) in [(1.0, 3, 0.7), (2, 6, 1.2), (2, 3, 0.8)] {
            let answer = Station(
                service: 1, variability: 1, cores: cores, delay: delay, workers: workers, patience: Self.forEver
            ).answer(arrivals: arrivals)
            let simulation = RequestSimulation(
                arrivals: arrivals, cores: cores, workers: workers, delay: .exponential(mean: 2),
                service: RequestSimulation.Work.exponential.sample)
            let result = simulation.run(40_000, seed: 21)
            let held = batchMean(zip(result.responses, result.waits).map { $0 - $1 })
            #expect(abs(held.mean - answer.work.mean - 2) < held.width + 0.03 * held.mean)
            let wait = batchMean(result.waits)
            #expect(abs(wait.mean - answer.wait.mean) < wait.width + 0.2 * answer.wait.mean)
        }
    }

    @Test("past its capacity a station lets in what it can do, and its latency stays below the patience of callers")
    func saturated() {
        for (workers, load) in [(nil, 1.5), (nil, 40), (8, 3.0)] as [(Int?, Double)] {
            let station = Station(service: 0.01, variability: 2, cores: 2, workers: workers, patience: 3)
            let answer = station.answer(arrivals: load * 200)
            #expect(abs(load * 200 * (1 - answer.refused) / 200 - 1) < 1e-6)
            let mean = answer.wait.mean + answer.work.mean
            #expect(mean > 2 && mean < 4.6)
        }
        // The step from below to above is small where the load is.
        let below = Station(service: 0.01, variability: 1, cores: 1, patience: 15).answer(arrivals: 99.999)
        let above = Station(service: 0.01, variability: 1, cores: 1, patience: 15).answer(arrivals: 100.001)
        #expect(abs(below.refused - above.refused) < 1e-4 && abs(below.work.mean - above.work.mean) < 0.1)
    }

    @Test("without arrivals a request would take what its work takes")
    func idle() {
        let answer = Station(service: 0.02, variability: 1, cores: 0.5, patience: 15).answer(arrivals: 0)
        #expect(answer.refused == 0 && abs(answer.work.mean - 0.04) < 1e-12 && answer.wait == .zero)
    }
}
