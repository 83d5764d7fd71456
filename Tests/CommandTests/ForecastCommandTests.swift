import Foundation
import Testing

@Suite("orrery forecast")
struct ForecastCommandTests {
    private static let scenario = """
        apiVersion: orrery.dev/v1
        kind: Scenario
        metadata: {name: shop}
        spec:
          pools:
            - {name: base, machineType: m6i.large, count: 1, zones: us-east-1a}
            - {name: more, machineType: m6i.large, autoscaling: {min: 0, max: 2}, zones: us-east-1a}
          autoscaler: {clusterAutoscaler: {}}
          services:
            - {name: web, match: {name: web}, traffic: 10, cpu: 10ms}
            - {name: db, match: {name: web}, traffic: 1, cpu: 1ms}
        """
    private static let web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers: [{name: web, image: registry.example.com/web:1, resources: {requests: {cpu: 200m}}}]
        """

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Self.scenario, to: "x/scenario.yaml")
        try folder.write(Self.web, to: "x/manifests/web.yaml")
        var history = "time,value\n"
        for step in 0..<40 { history += "\(1_767_225_600 + 21_600 * step),\(20 + 10 * (step % 4) + step * 7 % 5)\n" }
        try folder.write(history, to: "usage.csv")
        return folder
    }

    @Test("a back-test is the same twice, and JSON holds what the table does")
    func backTest() throws {
        let folder = try folder()
        let arguments = [
            "forecast", "--history", "usage.csv", "--backtest", "--horizon", "12h", "--season", "1d", "--origins", "3",
        ]
        let text = try OrreryProcess.run(arguments, in: folder)
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.output.contains("\nBack-test  12h ahead from 3 points, 2026-01-09T12:00:00Z to 2026-01-10T12:00:00Z\n"))
        #expect(text.output.contains("\n  seasonal-naive(24h) (naive) "))
        let json = try OrreryProcess.run(arguments + ["--json"], in: folder)
        #expect(try OrreryProcess.run(arguments + ["--json"], in: folder).output == json.output)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(document["steps"] as? Int == 40 && document["step"] as? Int == 21_600)
        #expect((document["origins"] as? [String])?.count == 3)
        let chosen = try #require(document["chosen"] as? [String: Any])
        let mase = try #require(chosen["mase"] as? Double)
        #expect(mase > 0 && (chosen["origins"] as? Int) == 3)
        #expect((document["warning"] as? String != nil) == text.output.contains("\nWarning: "))
    }

    @Test("paths of demand are whole runs, which go on after a stop and are the same at any parallelism")
    func runs() throws {
        let folder = try folder()
        let arguments = [
            "forecast", "x", "--history", "usage.csv", "--horizon", "2d", "--season", "1d", "--service", "web",
            "--replications", "2", "--budget", "3", "--growth", "5%/day",
        ]
        let one = try OrreryProcess.run(arguments + ["--parallel", "1", "-o", "f.sqlite"], in: folder)
        #expect(one.status == 0, "\(one.errors)")
        #expect(one.output.contains("Forecast   shop, default/web driven by usage.csv: 2 runs\n"))
        #expect(one.output.contains("From       2026-01-11 for 2 days, in steps of 6h\n"))
        #expect(one.output.contains("\n  budget ") && one.output.contains("\n  pool.more "))
        #expect(one.output.contains("\n  podsPerNode ") && one.output.contains(" never "))
        let again = try OrreryProcess.run(arguments + ["--parallel", "2", "-o", "f.sqlite", "--json"], in: folder)
        let anew = try OrreryProcess.run(
            arguments + ["--parallel", "2", "-o", "f.sqlite", "--json", "--restart"], in: folder)
        #expect(again.status == 0 && again.output == anew.output, "\(again.errors)\(anew.errors)")
        let other = try OrreryProcess.run(arguments + ["-o", "f.sqlite", "--seed", "2"], in: folder)
        #expect(other.status == 2 && other.errors.contains("--restart"), "\(other.errors)")
    }

    private static let file = """
        apiVersion: orrery.dev/v1
        kind: Forecast
        metadata: {name: a-day}
        spec:
          history: usage.csv
          horizon: 1d
          seasons: 1d
          service: web
          set: {"services[0].cpu": 60ms}
          growth: 5%/day
          budget: 3
          limits: {vcpus: 2, addresses.us-east-1a: 4096}
          replications: 6
          decompose: true
        """

    private static let scaler = """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: web}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          minReplicas: 2
          maxReplicas: 20
          metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
        """

    @Test("everything is in one file, which is the same wherever it lies and however the forecast is asked for")
    func oneFile() throws {
        let folder = try folder()
        try folder.write(Self.file, to: "x/forecast.yaml")
        try folder.write(Self.scaler, to: "x/manifests/scaler.yaml")
        try FileManager.default.copyItem(atPath: folder.path + "/usage.csv", toPath: folder.path + "/x/usage.csv")
        let one = try OrreryProcess.run(["forecast", "x", "--json", "-o", "one.sqlite"], in: folder)
        let other = try OrreryProcess.run(["forecast", "x/forecast.yaml", "--json", "-o", "deep/er/2.sqlite"], in: folder)
        #expect(one.status == 0 && one.output == other.output, "\(one.errors)\(other.errors)")
        let bytes = try ["one.sqlite", "deep/er/2.sqlite"].map {
            try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + $0))
        }
        #expect(bytes[0] == bytes[1])
        // What the processes printed lies there as well.
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix("std") }.sorted()
        #expect(left == ["deep", "one.sqlite", "usage.csv", "x"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [String: Any])
        let limits = try #require(document["limits"] as? [[String: Any]])
        #expect(limits.map { $0["name"] as? String } == ["budget", "vcpus", "addresses.us-east-1a", "pool.more", "podsPerNode"])
        // The one machine of the base has two processors from the first day on.
        #expect(limits[1]["share"] as? Double == 1 && limits[1]["p95"] as? String == "2026-01-11")
        #expect(limits[2]["share"] as? Double == 0 && limits[2]["p5"] == nil)
        // Without faults there are two factors, which need no runs for the others.
        let variance = try #require(document["variance"] as? [String: Any])
        let shares = try #require(variance["shares"] as? [[String: Any]])
        #expect(variance["runs"] as? Int == 6 && document["runs"] as? Int == 6)
        #expect(shares.map { $0["source"] as? String } == ["demand", "failures", "spot", "chance", "together"])
        let whole: Double = shares.compactMap { $0["share"] as? Double }.reduce(0, +)
        #expect(abs(whole - 1) < 1e-9)
        #expect(shares[1]["share"] as? Double == 0 && shares[2]["share"] as? Double == 0)
        let page = try OrreryProcess.run(["report", "deep/er/2.sqlite", "--format", "html"], in: folder)
        #expect(page.output.contains("Where the variance comes from") && page.output.contains(">vcpus</th>"))
    }

    /// Calls that are wrong, and what is said.
    static let wrongRows: [(arguments: [String], message: String)] = [
        (["--history", "usage.csv"], "Name a scenario to be simulated, or ask for --backtest"),
        (["x", "--history", "usage.csv", "--backtest"], "one of the two"),
        (["x", "--history", "usage.csv"], "several services of x have traffic: say which one with --service"),
        (["x", "--history", "usage.csv", "--service", "wbe"], "did you mean \"web\"?"),
        (["x", "--history", "usage.csv", "--growth", "5"], "--growth is a share"),
        (["x", "--history", "usage.csv", "--budget", "0"], "a budget is a sum of dollars"),
        (["x", "--history", "usage.csv", "--limit", "adresses=9"], "Did you mean addresses?"),
        (["x", "--history", "usage.csv", "--limit", "vcpus"], "does not bound anything"),
        (["x"], "x is no forecast file, and no folder with forecast.yaml"),
        (["x", "--history", "usage.csv", "--until-interval", "2"], "--until-interval is a share such as 2%"),
        (["x", "--history", "usage.csv", "--merge", "sum"], "A service is driven by rates"),
        (["--history", "none.csv", "--backtest"], "none.csv: error: there is no such file"),
        (["--history", "usage.csv", "--backtest", "--horizon", "20d"], "too few"),
        (["--history", "usage.csv", "--backtest", "--season", "7h"], "usage.csv:1:1: error: a season of 7h"),
        (["--history", "usage.csv", "--backtest", "--merge", "men"], "Did you mean mean?"),
    ]

    @Test("what is wrong ends with 2 and says what was expected", arguments: wrongRows)
    func wrong(row: (arguments: [String], message: String)) throws {
        let outcome = try OrreryProcess.run(["forecast"] + row.arguments, in: try folder())
        #expect(outcome.status == 2 && outcome.errors.contains(row.message), "\(outcome.errors)")
    }
}
