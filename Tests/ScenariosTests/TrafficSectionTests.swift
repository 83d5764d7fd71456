import Costs
import Scenarios
import Simulation
import Testing
import Workloads

@Suite("What traffic costs, as a scenario says it")
struct TrafficSectionTests {
    private func load(_ prices: String, machineType: String = "m6i.large") -> LoadedScenario {
        ScenarioFixtures.load(
            spec: "  pools: [{name: a, machineType: \(machineType), count: 2}]\n  prices: {\(prices)}")
    }

    @Test(
        "prices come from the book of whoever sells the machines, or are said",
        arguments: [
            ("traffic: list", "m6i.large", ["100:0 10240:0.09 51200:0.085 153600:0.07 0.05", "0.008", "0.01", "0.01"]),
            ("traffic: list", "e2-standard-4", ["1:0 1024:0.12 10240:0.11 0.08", "0.008", "0", "0.01"]),
            ("traffic: {zone: list}", "m6i.large", ["-", "-", "0.01", "0.01"]),
            ("traffic: {zone: 0.02}", "m6i.large", ["-", "-", "0", "0.02"]),
            ("traffic: {zone: {out: 0.01, in: 0.004}}", "m6i.large", ["-", "-", "0.004", "0.01"]),
            (
                "traffic: {internet: [{upTo: 10, price: 0}, {price: $0.05}], loadBalancer: 0.006}", "m6i.large",
                ["10:0 0.05", "0.006", "-", "-"]
            ),
            ("storage: list", "m6i.large", ["-", "-", "-", "-"]),
        ])
    func prices(text: String, type: String, expected: [String]) throws {
        let loaded = load(text, machineType: type)
        let prices = try #require(loaded.setup?.trafficPrices, "\(loaded.diagnostics)")
        #expect(loaded.diagnostics.isEmpty)
        #expect(
            [prices.internet, prices.loadBalancer, prices.zoneIn, prices.zoneOut].map { $0?.text ?? "-" } == expected)
    }

    @Test("the traffic of images is billed when that is asked for, a gigabyte of 10^9 bytes")
    func images() throws {
        let billed = try #require(load("egress: {registry: 0.09, billed: true}").setup)
        #expect(billed.trafficPrices.imageRegistry?.cost(of: 2_000_000_000).exact == "0.18")
        #expect(billed.trafficPrices.imagePeer == nil)
        #expect(billed.trafficPrices.listed.map(\.name) == ["prices.egress.billed"])
        #expect(try #require(load("egress: {registry: 0.09}").setup).trafficPrices == TrafficPrices())
    }

    @Test("what requests carry is said of the service, and of a call")
    func payload() throws {
        let loaded = ScenarioFixtures.load(
            spec: """
                  pools: [{name: a, machineType: m6i.large, count: 2}]
                  services:
                    - name: web
                      match: {name: web}
                      cpu: 1ms
                      payload: {request: 2Ki, response: 40Ki}
                      calls: [{service: api, payload: {response: 1Mi}}, {service: api}]
                    - {name: api, match: {name: api}, cpu: 1ms, payload: {request: 500}}
                """)
        let services = try #require(loaded.setup?.services, "\(loaded.diagnostics)")
        #expect(services.map(\.payload) == [.init(request: 2_048, response: 40_960), .init(request: 500)])
        #expect(services[0].calls.map(\.payload) == [.init(response: 1 << 20), nil])
    }

    @Test(
        "a mistake is answered with its place",
        arguments: [
            ("traffic: lists", "6:21: error: spec.prices.traffic"),
            ("traffic: {zones: list}", "6:22: error: spec.prices.traffic.zones"),
            ("traffic: {zone: much}", "6:28: error: spec.prices.traffic.zone"),
            ("traffic: {internet: [{upTo: 10, price: 1}]}", "6:32: error: spec.prices.traffic.internet"),
            ("traffic: {internet: [{upTo: 10}, {price: 1}]}", "error: spec.prices.traffic.internet[0].price"),
            ("traffic: {internet: [{cost: 1}]}", "error: spec.prices.traffic.internet[0].cost"),
            ("egress: {billed: true}", "6:29: error: spec.prices.egress.billed"),
        ])
    func mistakes(prices: String, expected: String) {
        let loaded = load(prices)
        #expect(ScenarioFixtures.errors(loaded).contains { $0.contains(expected) }, "\(loaded.diagnostics)")
        #expect(loaded.setup == nil)
    }
}
