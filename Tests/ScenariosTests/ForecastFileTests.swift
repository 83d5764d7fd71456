import Chronology
import Foundation
import KubernetesAPI
import Testing

@testable import Scenarios

@Suite("Forecast files")
struct ForecastFileTests {
    static let limitRows: [(name: String, value: String, subject: StatedLimit.Subject, amount: Int64)] = [
        ("addresses", "4096", .addresses(zone: nil), 4_096),
        // A /24 has 256 addresses, of which the provider keeps five.
        ("addresses.us-east-1a", "10.0.1.0/24", .addresses(zone: "us-east-1a"), 251),
        ("podCIDR", "10.4.0.0/14", .nodeRanges, 1_024), ("podCIDR", "10.4.0.0/14:26", .nodeRanges, 4_096),
        ("vcpus", "64", .vcpus(purchase: nil), 64), ("vcpus.on-demand", "32", .vcpus(purchase: "on-demand"), 32),
        ("vcpus.spot", "1", .vcpus(purchase: "spot"), 1), ("fullNodes", "12.5%", .fullNodes, 125),
    ]

    @Test("limits are read", arguments: limitRows)
    func limits(row: (name: String, value: String, subject: StatedLimit.Subject, amount: Int64)) throws {
        let limit = try StatedLimit(name: row.name, value: row.value)
        #expect(limit.subject == row.subject && limit.value == row.amount && limit.name == row.name)
    }

    @Test(
        "what bounds nothing is refused",
        arguments: [
            ("addresses", "10.0.0.0/30"), ("addresses", "10.0.1/24"), ("addresses", "0"), ("podCIDR", "10.4.0.0/25"),
            ("podCIDR", "1024"), ("podCIDR", "10.4.0.0/14:40"), ("vcpus", "10.0.0.0/24"), ("vcpus.reserved", "3"),
            ("fullNodes", "0%"), ("fullNodes", "3"), ("adresses", "9"), ("", ""),
        ])
    func noLimits(name: String, value: String) {
        #expect(throws: StatedLimit.Problem.self) { try StatedLimit(name: name, value: value) }
    }

    private static func load(_ spec: String) throws -> (ForecastDocument?, [String], String) {
        let folder = NSTemporaryDirectory() + "forecast-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = "apiVersion: orrery.dev/v1\nkind: Forecast\nmetadata: {name: f, title: Why?}\nspec:\n" + spec
        try text.write(toFile: folder + "/forecast.yaml", atomically: true, encoding: .utf8)
        #expect(ForecastLoader.file(folder) == folder + "/forecast.yaml")
        #expect(ForecastLoader.file(folder + "/forecast.yaml") == folder + "/forecast.yaml")
        let diagnostics = Diagnostics()
        let document = ForecastLoader.load(folder + "/forecast.yaml", diagnostics)
        try "kind: Experiment\n".write(toFile: folder + "/experiment.yaml", atomically: true, encoding: .utf8)
        #expect(ForecastLoader.file(folder) == nil && ForecastLoader.file(folder + "/experiment.yaml") == nil)
        return (document, diagnostics.all.map(\.description), folder)
    }

    @Test("a forecast file says what options say, with paths beside it")
    func document() throws {
        let (found, told, folder) = try Self.load(
            """
              history: usage.csv
              holidays: /abs/days.csv
              horizon: 90d
              every: 1h
              merge: max
              seasons: [1d, 7d]
              set: {pools.a.count: 3}
              service: web
              unit: perMinute
              growth: 5%/month
              budget: 5000/month
              limits: {vcpus.spot: 8, fullNodes: 50%}
              replications: 12
              untilInterval: 2%
              decompose: true
              seed: 9

            """)
        let document = try #require(found, "\(told)")
        #expect(document.scenario == folder + "/." || document.scenario == folder)
        #expect(document.history == folder + "/usage.csv" && document.holidays == "/abs/days.csv")
        #expect(document.input.horizon == .days(90) && document.input.every == .hours(1))
        #expect(document.input.merging == .max && document.input.seasons == [.days(1), .days(7)])
        #expect(document.settings == ["pools.a.count=3"] && document.service == "web" && document.unit == "perMinute")
        #expect(document.growth == StatedGrowth("5%/month") && document.intervalShare == 0.02 && document.seed == 9)
        #expect(document.limits.map(\.name) == ["budget-month", "vcpus.spot", "fullNodes"])
        #expect(document.limits.map(\.value) == [5_000_000_000_000, 8, 500])
        #expect(document.replications == 12 && document.isDecomposed && document.name == "f")
    }

    static let mistakeRows: [(spec: String, message: String)] = [
        ("  horizon: 1d\n", "spec.history"), ("  history: u.csv\n", "spec.horizon: a value is required"),
        ("  history: u.csv\n  horizon: soon\n", "a length such as 30m, 36h or 7d"),
        ("  history: u.csv\n  horizon: 1d\n  merge: sum\n", "a service is driven by rates"),
        ("  history: u.csv\n  horizon: 1d\n  growth: 5\n", "a share for a day"),
        ("  history: u.csv\n  horizon: 1d\n  budget: none\n", "a budget is a sum of dollars"),
        ("  history: u.csv\n  horizon: 1d\n  limits: {adresses: 3}\n", "did you mean \"addresses\"?"),
        ("  history: u.csv\n  horizon: 1d\n  limits: {vcpus: many}\n", "forecast.yaml:7:12"),
        ("  history: u.csv\n  horizon: 1d\n  unit: perHuor\n", "did you mean \"perHour\"?"),
        ("  history: u.csv\n  horizon: 1d\n  replications: 1\n", "from 2 to 10000"),
        ("  history: u.csv\n  horizon: 1d\n  untilInterval: 2\n", "a share such as 2%"),
        ("  history: u.csv\n  horizon: 1d\n  seasons: [never]\n", "lengths such as 1d, or none"),
        ("  history: u.csv\n  horizon: 1d\n  replication: 3\n", "did you mean \"replications\"?"),
    ]

    @Test("mistakes are told", arguments: mistakeRows)
    func mistakes(row: (spec: String, message: String)) throws {
        let (document, told, _) = try Self.load(row.spec)
        #expect(document == nil && told.contains { $0.contains(row.message) }, "\(told)")
    }

    @Test("a file that comes with the request stands above the disk, and is kept under its name")
    func supplied() {
        let ledger = InputLedger(
            standardInput: nil, supplied: [SuppliedInput(name: "path/1", text: "time,value\n0,1\n")],
            diagnostics: Diagnostics())
        #expect(ledger.readFile("path/1", .scenario).map { String(decoding: $0.contents, as: UTF8.self) } == "time,value\n0,1\n")
        #expect(ledger.inputs.map(\.name) == ["path/1"])
        // What the command line names lies on the disk.
        #expect(ledger.readFile("path/1", .request) == nil)
    }
}
