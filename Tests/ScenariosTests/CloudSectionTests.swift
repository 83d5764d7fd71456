import Chronology
import Costs
import KubernetesAPI
import Scenarios
import Simulation
import Testing

@Suite("Spot prices, quotas and regions of a scenario")
struct CloudSectionTests {
    private func load(_ spot: String, files: [(name: String, text: String)] = []) -> LoadedScenario {
        ScenarioFixtures.load(
            spec: "  duration: 2d\n  pools: [{name: a, machineType: m6i.large, count: 2, purchase: spot}]\n"
                + "  prices: {spot: {\(spot)}}", files: files)
    }

    private static let csv = """
        time,machine_type,zone,usd_per_hour
        2026-01-04T23:00:00Z,m6i.large,us-east-1a,0.031
        2026-01-05 06:00,m6i.large,us-east-1a,0.04
        2h,m6i.large,us-east-1b,0.05
        0,x.unheard,us-east-1a,1
        """
    private static let export = """
        {"SpotPriceHistory": [
          {"AvailabilityZone": "us-east-1a", "InstanceType": "m6i.large", "ProductDescription": "Linux/UNIX",
           "SpotPrice": "0.040000", "Timestamp": "2026-01-05T06:00:00+00:00"},
          {"AvailabilityZone": "us-east-1a", "InstanceType": "m6i.large", "ProductDescription": "Windows",
           "SpotPrice": "0.500000", "Timestamp": "2026-01-05T06:00:00+00:00"},
          {"AvailabilityZone": "us-east-1a", "InstanceType": "m6i.large", "ProductDescription": "Linux/UNIX",
           "SpotPrice": "0.031000", "Timestamp": "2026-01-04T23:00:00+00:00"}]}
        """

    @Test("a history is a table, or what the provider's command prints", arguments: ["prices.csv", "prices.json"])
    func history(file: String) throws {
        let loaded = load("history: \(file)", files: [(file, file.hasSuffix("csv") ? Self.csv : Self.export)])
        let prices = try #require(loaded.setup?.spotPrices, "\(loaded.diagnostics)")
        let path = try #require(prices.path(of: "m6i.large", in: "us-east-1a"))
        #expect(path.price(at: .start).exact == "0.031" && path.price(at: .start + .hours(6)).exact == "0.04")
        #expect(path.change(after: .start) == .start + .hours(6))
        #expect(prices.billing == .instanceHour)
        // The unheard-of machine type is left out, with a warning.
        let warnings = loaded.diagnostics.filter { $0.severity == .warning }
        #expect(warnings.count == (file.hasSuffix("csv") ? 1 : 0))
        #expect((prices.path(of: "m6i.large", in: "us-east-1b") != nil) == file.hasSuffix("csv"))
    }

    @Test("generated prices follow from the seed, stay within bounds, and come back to the book's")
    func generated() throws {
        func path(_ seed: Int, _ seeds: String = "{}") throws -> SpotPricePath {
            let loaded = ScenarioFixtures.load(
                spec: "  duration: 60d\n  seed: \(seed)\n  seeds: \(seeds)\n"
                    + "  pools: [{name: a, machineType: m6i.large, count: 2, purchase: spot}]\n"
                    + "  prices: {spot: {generated: {volatility: 5%, reversion: 10%}, billing: continuous}}")
            let prices = try #require(loaded.setup?.spotPrices, "\(loaded.diagnostics)")
            #expect(prices.billing == .continuous)
            return try #require(prices.path(of: "m6i.large", in: "us-east-1a"))
        }
        let (first, again, other) = try (path(1), path(1), path(2))
        #expect(first == again && first != other && first.steps.count > 1_000)
        // A seed of their own gives them all their chance, and that of failures none of it.
        #expect(try path(2, "{spot: 1}") == first && path(1, "{failures: 2}") == first)
        let book = try #require(PriceBook.awsUSEast1.price(of: "m6i.large", purchase: .spot))
        let onDemand = try #require(PriceBook.awsUSEast1.price(of: "m6i.large", purchase: .onDemand))
        let prices = (0..<1_440 as Range<Int64>).map { first.price(at: .start + .hours($0)) }
        #expect(prices.allSatisfy { $0 <= onDemand && $0.amount % 100_000 == 0 && $0.amount > book.amount / 6 })
        // The deviation of such a process is 0.05 / sqrt(1 - 0.9 x 0.9), 11 % of the book's price.
        let mean = prices.reduce(0) { $0 + Double($1.amount) } / 1_440 / Double(book.amount)
        #expect(abs(mean - 1) < 0.1)
    }

    @Test(
        "a mistake is answered with its place",
        arguments: [
            ("billing: continuous", "", "spec.prices.spot: it is not said how spot prices change"),
            ("history: p.csv", "time,type,usd_per_hour\n", "p.csv:1:1: error: there is no column machine_type"),
            ("history: p.csv", "time,machine_type,usd_per_hour\nsoon,m6i.large,1\n", "p.csv:2:1: error: found \"soon\""),
            ("history: p.csv", "time,machine_type,usd_per_hour\n0,m6i.large,-1\n", "p.csv:2:13: error: found \"-1\""),
            (
                "history: p.csv", "time,machine_type,usd_per_hour\n0,m6i.large,1\n0,m6i.large,2\n",
                "p.csv:3:13: error: the machine type has another price at this time already"
            ),
            ("history: p.csv", "{\"Prices\": []}", "there is no SpotPriceHistory"),
            ("history: none.csv", "", "none.csv"),
            ("generated: {every: 1s}", "", "spec.prices.spot.generated.every"),
            ("generated: {every: 1m}, history: p.csv", "x", "spec.prices.spot.generated"),
        ])
    func mistakes(spot: String, file: String, expected: String) {
        let loaded = load(spot, files: file.isEmpty ? [] : [("p.csv", file)])
        #expect(ScenarioFixtures.errors(loaded).contains { $0.contains(expected) }, "\(loaded.diagnostics)")
        #expect(loaded.setup == nil)
    }

    @Test("quotas are read, and the machines of the start are looked at")
    func quotas() throws {
        let loaded = ScenarioFixtures.load(
            spec: """
                  pools: [{name: a, machineType: m6i.large, count: 3}]
                  cloud: {quotas: [{class: standard, vcpus: 4}, {class: g, purchase: spot, region: us-east-1, vcpus: 0}]}
                """)
        #expect(
            loaded.setup?.quotas == [
                CloudQuota(.standard, vcpus: 4), CloudQuota(.g, .spot, region: "us-east-1", vcpus: 0),
            ])
        #expect(
            loaded.diagnostics.map(\.message) == [
                "the machines of the start have 6 vCPUs in us-east-1, more than the quota of 4: no more are launched"
            ])
        let wrong = ScenarioFixtures.load(
            spec: "  pools: [{name: a, machineType: m6i.large, count: 1}]\n  cloud: {quotas: [{class: standart}]}")
        #expect(ScenarioFixtures.errors(wrong).contains { $0.contains("spec.cloud.quotas[0].class") })
        #expect(ScenarioFixtures.errors(wrong).contains { $0.contains("spec.cloud.quotas[0].vcpus") })
    }

    @Test("a region's book gives its prices and the zone of machines that have none")
    func regions() throws {
        let loaded = ScenarioFixtures.load(
            spec: "  pools: [{name: a, machineType: e2-standard-4, count: 1}]\n  prices: {region: europe-west1}")
        let pool = try #require(loaded.setup?.pools.first, "\(loaded.diagnostics)")
        #expect(pool.zones == ["europe-west1-b"] && loaded.diagnostics.isEmpty)
        let book = try #require(PriceBook.load("gcp/europe-west1"))
        #expect(pool.pricePerHour == book.price(of: "e2-standard-4", purchase: .onDemand))
        let elsewhere = ScenarioFixtures.load(
            spec: "  pools: [{name: a, machineType: e2-standard-4, count: 1, zones: [europe-west1-b]}]")
        #expect(elsewhere.diagnostics.map(\.message).first?.hasSuffix("prices.region can name theirs") == true)
    }

    @Test(
        "spot machines that no fault takes back are noted once",
        arguments: [
            ("  pools: [{name: a, machineType: m6i.large, count: 2, purchase: spot}]", "", 1),
            (
                "  pools: [{name: a, machineType: m6i.large, count: 2, purchase: spot}]\n"
                    + "  faults: [{name: back, kind: SpotReclaim, at: 1h}]", "", 0
            ),
            ("  pools: [{name: a, machineType: m6i.large, count: 2}]", "", 0),
            (
                "  duration: 1h",
                """

                ---
                apiVersion: karpenter.sh/v1
                kind: NodePool
                metadata: {name: any}
                spec:
                  template:
                    spec:
                      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: any}
                      requirements:
                        - {key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand]}
                """, 1
            ),
        ])
    func interruptions(spec: String, manifest: String, count: Int) {
        let loaded = ScenarioFixtures.load(spec: spec, manifest: ScenarioFixtures.web + manifest)
        #expect(loaded.setup != nil)
        let notes = loaded.diagnostics.filter { $0.severity == .note && $0.message.contains("price of spot") }
        #expect(notes.count == count, "\(loaded.diagnostics)")
    }
}
