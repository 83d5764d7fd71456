import Chronology
import Testing

@testable import Workloads

@Suite("A call graph in steady state")
struct ServiceFlowTests {
    private func spec(_ name: String, work: Double = 0.01, _ change: (inout ServiceSpec) -> Void = { _ in }) -> ServiceSpec {
        var spec = ServiceSpec(namespace: "shop", name: name, work: LatencyLaw(mean: work, variance: work * work))
        change(&spec)
        return spec
    }

    private func settle(
        _ specs: [ServiceSpec], traffic: [Double], cores: Int64 = 4_000, counts: [Int]? = nil,
        change: (inout [ServiceFlow.Supply]) -> Void = { _ in }
    ) throws -> [ServiceFlow.State] {
        let flow = ServiceFlow(try #require(ServiceGraph(specs)))
        var supplies = specs.indices.map { index in
            var supply = ServiceFlow.Supply()
            supply.traffic = traffic[index]
            let count = counts?[index] ?? 2
            if count > 0 { supply.replicas = [ServiceFlow.Replicas(cores: cores, count: count)] }
            return supply
        }
        change(&supplies)
        return flow.settle(supplies)
    }

    @Test("callers stand before callees, and a circle is found")
    func order() {
        let edges = [[1, 2], [3], [3], []]
        let specs = edges.enumerated().map { index, callees in
            spec("s\(index)") { $0.calls = callees.map { ServiceSpec.Call(callee: $0) } }
        }
        #expect(ServiceGraph(specs)?.order == [0, 1, 2, 3])
        #expect(ServiceGraph.circle(edges) == nil)
        #expect(ServiceGraph.circle([[1], [2], [1]]) == [1, 2, 1])
        #expect(ServiceGraph.circle([[0]]) == [0, 0])
        #expect(ServiceGraph([spec("a") { $0.calls = [ServiceSpec.Call(callee: 0)] }]) == nil)
    }

    @Test("calls one after the other add up; calls at once take as long as the longest")
    func latencies() throws {
        func entry(_ mode: ServiceSpec.CallMode) throws -> [ServiceFlow.State] {
            try settle(
                [
                    spec("web") {
                        $0.calls = [ServiceSpec.Call(callee: 1, perRequest: 2_000), ServiceSpec.Call(callee: 2)]
                        $0.callMode = mode
                    }, spec("a", work: 0.02), spec("b", work: 0.1),
                ], traffic: [10, 0, 0])
        }
        let sequential = try entry(.sequential)
        #expect(sequential.map(\.requests) == [10, 20, 10])
        let sum = sequential[0].wait.mean + 2 * sequential[1].latency.mean + sequential[2].latency.mean
        #expect(abs(sequential[0].latency.mean - sum) < 1e-12 && sum > 0.15)
        let parallel = try entry(.parallel)
        #expect(parallel[0].latency.mean < sequential[0].latency.mean)
        #expect(parallel[0].latency.mean > parallel[2].latency.mean + parallel[0].wait.mean)
        #expect(sequential.allSatisfy { $0.failed == 0 && $0.attempts == 1 })
    }

    @Test("retries are f + f^2, what fails for good f^3; a budget bounds them")
    func retries() throws {
        func states(_ budget: Int64?) throws -> [ServiceFlow.State] {
            try settle(
                [
                    spec("web") { $0.calls = [ServiceSpec.Call(callee: 1)] },
                    spec("a") {
                        $0.errorRate = 100_000_000
                        $0.retries = ServiceSpec.Retries(limit: 2, budget: budget)
                    },
                ], traffic: [100, 0])
        }
        let free = try states(nil)
        #expect(abs(free[1].retries - 11) < 1e-6 && abs(free[1].failed - 0.001) < 1e-9)
        #expect(abs(free[0].failed - 0.001) < 1e-9 && free[1].requests == 100)
        let bound = try states(50_000)
        #expect(abs(bound[1].retries - 5) < 1e-6)
        #expect(bound[1].failed > 0.05 && bound[1].failed < 0.1)
    }

    @Test(
        "the first call that fails is the last, whether they are said once or one by one",
        arguments: [(1_000, 1.0), (1_500, 1.25), (4_000, 1.875), (2_500, 1.625), (500, 0.5)] as [(Int64, Double)])
    func failingCalls(perRequest: Int64, made: Double) throws {
        func graph(_ calls: [ServiceSpec.Call]) throws -> (states: [ServiceFlow.State], rates: [Double]) {
            let specs = [spec("web") { $0.calls = calls }, spec("a") { $0.errorRate = 500_000_000 }]
            let flow = ServiceFlow(try #require(ServiceGraph(specs)))
            var supply = ServiceFlow.Supply()
            supply.replicas = [ServiceFlow.Replicas(cores: 4_000, count: 2)]
            var supplies = [supply, supply]
            supplies[0].traffic = 10
            let states = flow.settle(supplies)
            return (states, flow.callRates(of: 0, supplies[0], states))
        }
        let once = try graph([ServiceSpec.Call(callee: 1, perRequest: perRequest)])
        #expect(abs(once.states[1].requests - 10 * made) < 1e-6 && abs(once.rates[0] - 10 * made) < 1e-6)
        let whole = [ServiceSpec.Call](repeating: ServiceSpec.Call(callee: 1), count: Int(perRequest / 1_000))
        let rest = perRequest % 1_000 > 0 ? [ServiceSpec.Call(callee: 1, perRequest: perRequest % 1_000)] : []
        let each = try graph(whole + rest)
        #expect(abs(each.states[1].requests - once.states[1].requests) < 1e-6)
        #expect(abs(each.states[0].failed - once.states[0].failed) < 1e-9)
    }

    @Test("without endpoints everything fails, and callers see it; the next callee is not asked any more")
    func absent() throws {
        let states = try settle(
            [
                spec("web") { $0.calls = [ServiceSpec.Call(callee: 1), ServiceSpec.Call(callee: 2)] }, spec("a"),
                spec("b"),
            ], traffic: [10, 0, 0], counts: [2, 0, 2])
        #expect(states.map(\.failed) == [1, 1, 0])
        #expect(states[1].requests == 10 && states[2].requests == 0)
    }

    @Test("an endpoint that refuses takes its share of the requests with it")
    func refusing() throws {
        let states = try settle([spec("web") { $0.retries.limit = 1 }], traffic: [8], counts: [3]) {
            $0[0].refusing = 1
        }
        #expect(abs(states[0].failed - 1.0 / 16) < 1e-9 && abs(states[0].retries - 2) < 1e-6)
        // A refusal is quick; silence lasts as long as the caller has patience.
        let silent = try settle([spec("web") { $0.retries.limit = 1 }], traffic: [8], counts: [3]) { $0[0].silent = 1 }
        #expect(states[0].latency.mean < 0.02 && silent[0].latency.mean > 2)
    }

    @Test("past capacity what is served stays what the replicas can do")
    func overload() throws {
        let states = try settle([spec("web")], traffic: [2_000])
        #expect(abs(states[0].admitted[0] * 2 - 800) < 0.1)
        #expect(abs(states[0].failed - 0.6) < 0.35 && states[0].failed >= 0.6)
        // A retry storm is bounded by its budget.
        let storm = try settle([spec("web") { $0.retries = ServiceSpec.Retries(limit: 3, budget: 200_000) }], traffic: [900])
        #expect(storm[0].retries <= 180 + 1e-6 && storm[0].retries > 100)
        let starved = try settle([spec("web")], traffic: [100]) { $0[0].replicas[0].share = 500 }
        #expect(starved[0].failed > 0.4)
    }

    @Test("on slow processors the same work takes longer, and nobody gets less than it wants", arguments: [1_000, 800, 500])
    func slow(speed: Int64) throws {
        let states = try settle([spec("web")], traffic: [20], cores: 1_000) {
            $0[0].replicas = [ServiceFlow.Replicas(cores: 1_000, speed: speed, count: 1)]
        }
        // M/M/1 with processor sharing: E[S] / (1 - rho).
        let work = 0.01 * 1_000 / Double(speed)
        #expect(abs(states[0].latency.mean - work / (1 - 20 * work)) < 1e-9)
        #expect(states[0].failed == 0)
    }

    @Test("a slow callee fills its caller, by Little's law")
    func little() throws {
        let states = try settle(
            [spec("web") { $0.calls = [ServiceSpec.Call(callee: 1)] }, spec("a") { $0.wait = LatencyLaw(mean: 1, variance: 0) }],
            traffic: [50, 0])
        let inFlight = states[0].admitted[0] * 2 * states[0].stay.mean
        #expect(inFlight > 50 && inFlight < 53)
    }

    @Test("what takes longer than callers wait has failed")
    func timeout() throws {
        let slow = spec("web") {
            $0.wait = LatencyLaw(mean: 1, variance: 1)
            $0.timeout = .seconds(2)
        }
        let states = try settle([slow], traffic: [1])
        #expect(abs(states[0].failed - 0.135) < 0.01)
        #expect(states[0].latency.mean < 0.8)
    }

    @Test("a graph of twenty services needs a few rounds, and comes out the same each time")
    func twenty() throws {
        let specs = (0..<20).map { index in
            spec("s\(index)") { spec in
                spec.calls = [2 * index + 1, 2 * index + 2].filter { $0 < 20 }.map { ServiceSpec.Call(callee: $0) }
                spec.workers = index % 3 == 0 ? 64 : nil
                spec.errorRate = 1_000_000
                spec.retries = ServiceSpec.Retries(limit: 2, budget: 100_000)
            }
        }
        let traffic = [200] + [Double](repeating: 0, count: 19)
        let states = try settle(specs, traffic: traffic)
        #expect(states.allSatisfy { $0.failed < 0.01 && $0.latency.mean > 0 })
        #expect(try settle(specs, traffic: traffic) == states)
    }
}
