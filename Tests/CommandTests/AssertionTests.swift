import Foundation
import FoundationXML
import RunDatabase
import Testing

@Suite("Assertions over metrics and SQL, for people and for CI")
struct AssertionTests {
    private static func run(
        _ assertions: String, _ arguments: [String] = [], folder: TemporaryFolder? = nil, verb: String = "run"
    ) throws -> (OrreryProcess.Outcome, TemporaryFolder) {
        let folder = try folder ?? TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        try folder.write(SampleInput.scenario(assertion: assertions), to: "scenario.yaml")
        let output = verb == "run" ? ["--output", "out.sqlite"] : []
        return (try OrreryProcess.run([verb, "scenario.yaml"] + output + arguments, in: folder), folder)
    }

    @Test(
        "they hold or they do not",
        arguments: [
            ("{metric: pods.created, between: [3, 5]}", true),
            ("{metric: pods.created, between: [4, 5]}", false),
            ("{metric: pods.created, equals: 4, tolerance: 1}", true),
            ("{metric: pods.created, equals: 5, tolerance: 1}", false),
            ("{metric: pods.created, equals: 4, tolerance: 25%}", true),
            ("{metric: cost.total, equals: \"$0.5\", tolerance: 50%}", true),
            ("{metric: pods.created, equals: 3, to: 1h}", true),
            ("{metric: pods.created, equals: 0, from: 1h}", true),
            ("{metric: pods.created, equals: 3, from: 1h}", false),
            ("{sql: count(*) FROM pod, equals: 3}", true),
            ("{sql: \"SELECT count(*) FROM pod WHERE created_ns >= :from\", equals: 0, from: 1h}", true),
            ("{sql: (SELECT count(*) FROM pod) * 0.5, equals: 1.5}", true),
            ("{sql: max(phase) FROM pod_view, equals: Running}", true),
            ("{sql: max(phase) FROM pod_view, equals: Failed}", false),
            ("{sql: sum(amount_nanousd) FROM cost_asset, below: \"$40\"}", true),
            ("{sql: sum(amount_nanousd) FROM cost_asset, below: \"$0.01\"}", false),
            ("{sql: max(to_ns) FROM pod_interval, equals: 2h}", true),
            ("{sql: name FROM pod, atLeast: 0}", false),
            ("{sql: name FROM pod WHERE 0, atLeast: 0}", false),
            ("{sql: max(score) FROM node_score, atLeast: 0}", false),
        ])
    func outcome(_ assertion: String, _ holds: Bool) throws {
        let (outcome, folder) = try Self.run(assertion, ["--quiet"])
        #expect(outcome.status == (holds ? 0 : 1), "\(outcome.errors)")
        #expect(outcome.errors.isEmpty == holds, "\(outcome.errors)")
        let report = try OrreryProcess.run(["report", "out.sqlite"], in: folder)
        #expect(report.output.contains(holds ? "complete after 2h" : "failed after 2h"), "\(report.output)")
    }

    @Test(
        "what happens as the run ends counts, and where there is nothing to look at no bound is kept",
        arguments: [
            ("{metric: pods.oomKilled, equals: 3}", ""), ("{metric: pods.oomKilled, equals: 3, from: 1h}", ""),
            ("{metric: pods.oomKilled, equals: 0, from: 1h, to: 119m}", ""),
            ("{metric: recovery.max, during: early, settling: 10m, atMost: 10m}", ""),
            ("{metric: recovery.max, during: early, atMost: 10m}", "the fault early was over as soon as it struck"),
            ("{metric: service.shop/web.latency.p99.max, to: 500ms, atMost: 1s}", "no value (NULL)"),
            ("{metric: service.shop/web.latency.p99.max, atMost: 1s}", ""),
        ])
    func edges(_ assertion: String, _ problem: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        let scenario =
            SampleInput.scenario(assertion: assertion) + """

                  faults:
                    - {name: early, kind: ContainerCrash, at: 20m}
                    - {name: late, kind: ContainerOOM, at: 2h}
                  services:
                    - {name: web, namespace: shop, match: {kind: Deployment, namespace: shop, name: web}, traffic: 10, cpu: 10ms}
                """
        try folder.write(scenario, to: "scenario.yaml")
        let outcome = try OrreryProcess.run(["run", "scenario.yaml", "--quiet"], in: folder)
        #expect(outcome.status == (problem.isEmpty ? 0 : 1), "\(outcome.errors)")
        #expect(outcome.errors.contains(problem) || problem.isEmpty, "\(outcome.errors)")
    }

    @Test("what fails says what was expected, what was seen, by how much, when, why and where to look")
    func difference() throws {
        let (outcome, _) = try Self.run(
            "{name: few pods, metric: pods.created, atMost: 2, to: 90m, because: the cluster is small}", ["--quiet"])
        #expect(
            outcome.errors == """
                assertion failed: few pods (pods.created), scenario.yaml:9
                  because   the cluster is small
                  expected  <= 2
                  seen      3 (1 more, +50.0 %)
                  window    2026-01-05T00:00:00Z to 2026-01-05T01:30:00Z (0s to 1h30m)
                  look      sqlite3 out.sqlite "SELECT controller, phase, reason, count(*) AS pods, sum(restarts) AS \
                restarts FROM pod_view GROUP BY controller, phase, reason ORDER BY pods DESC"

                """)
    }

    /// The answer to the query that an assertion suggests, as lines of CSV below the names of the columns.
    private static func answer(to outcome: OrreryProcess.Outcome, in folder: TemporaryFolder) throws -> [String] {
        let look = try #require(outcome.errors.split(separator: "\n").first { $0.contains(" look ") })
        let query = try #require(look.split(separator: "\"", maxSplits: 1).last).dropLast()
        try folder.write("-- title: Look\n-- question: What is there?\n\(query)\n", to: "reports/look.sql")
        let report = try OrreryProcess.run(["report", "out.sqlite", "look", "--format", "csv"], in: folder)
        #expect(report.status == 0, "\(report.errors)")
        return report.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
    }

    @Test("the look at pods that were evicted or killed finds them, whoever it was")
    func looks() throws {
        let more = """

              changes:
                - {at: 1h, drain: {node: general-1}}
              faults:
                - {name: killer, kind: ContainerOOM, at: 30m, target: {count: 1}}
            """
        for metric in ["pods.evicted", "pods.oomKilled"] {
            let folder = try TemporaryFolder()
            try folder.write(SampleInput.web, to: "web.yaml")
            let assertion = "{metric: \(metric), equals: 0}"
            try folder.write(SampleInput.scenario(assertion: assertion) + more, to: "scenario.yaml")
            let outcome = try OrreryProcess.run(
                ["run", "scenario.yaml", "--quiet", "--output", "out.sqlite"], in: folder)
            let seen = try #require(outcome.errors.split(separator: "\n").first { $0.contains(" seen ") })
            let count = try #require(seen.split(separator: " ").dropFirst().first.flatMap { Int($0) })
            let found = try Self.answer(to: outcome, in: folder)
            #expect(count > 0 && found.count == count, "\(outcome.errors)")
            #expect(found.allSatisfy { $0.contains(metric == "pods.evicted" ? "EvictionByEvictionAPI" : "limit") })
        }
    }

    @Test("the reasons of evictions are the same in the report that counts them")
    func reasons() throws {
        let path = OrreryProcess.root + "/reports/disruption-and-money.sql"
        let sql = try String(contentsOfFile: path, encoding: .utf8)
        let list = try #require(sql.firstRange(of: "IN (")).upperBound
        let known = sql[list...].prefix { $0 != ")" }.split(separator: "'").map(String.init).filter {
            $0.first?.isLetter ?? false
        }
        #expect(known.sorted() == DeeperLook.evictionReasons.sorted())
    }

    @Test(
        "bad SQL is found before anything runs",
        arguments: [
            ("count(*) FROM pods", "no such table: pods (did you mean \"pod\"?)"),
            ("SELECT max(created_nss) FROM pod", "no such column: created_nss (did you mean \"created_ns\"?)"),
            ("SELECT id, name FROM pod", "it has 2 columns (expected one value)"),
            ("count(* FROM pod", "near \"FROM\": syntax error"),
            ("1; DELETE FROM pod", "multiple statements"),
            ("count(*) FROM pod WHERE created_ns > :form", "there is no parameter :form (expected :from or :to"),
            ("random ()", "it says something else each time it is asked (random)"),
            ("julianday( )", "it says something else each time it is asked (julianday)"),
            ("max(id) + strftime(\"%s\") FROM pod", "it says something else each time it is asked (strftime)"),
            ("julianday(/* */) > 1", "it says something else each time it is asked (julianday)"),
            ("max(id) + unixepoch(/* or not */ \"NOW\") FROM pod", "it says something else each time it is asked (now)"),
            ("SELECT 1 FROM pod WHERE id = ?", "there is no parameter"),
        ])
    func mistakes(_ sql: String, _ message: String) throws {
        for verb in sql.hasPrefix("SELECT") ? ["validate", "run"] : ["validate"] {
            let (outcome, folder) = try Self.run("{sql: '\(sql)', equals: 1}", verb: verb)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("scenario.yaml:9:18: error: spec.assert[0].sql: "), "\(outcome.errors)")
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
            #expect(!folder.exists("out.sqlite"))
        }
    }

    @Test("a mistake in a setting is told with the setting")
    func setting() throws {
        let (outcome, _) = try Self.run(
            "{metric: pods.created, equals: 3}", ["--set", "assert[1]={sql: nothing, equals: 1}"], verb: "validate")
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix("--set assert[1]={sql: nothing, equals: 1}: error: spec.assert[1].sql: "))
    }

    @Test("JUnit XML has a test case for each assertion, and reads back what was written")
    func junit() throws {
        let (outcome, folder) = try Self.run(
            """
            {metric: pods.created, equals: 3}, {name: 'a < b & "c"', metric: pods.created, atMost: 2},
                {name: "tab\\tand \\u0001", sql: "'<&>' || char(1)", equals: "x"}, {metric: pods.pending, equals: 0}
            """, ["--quiet", "--junit", "deep/er/out.xml"])
        #expect(outcome.status == 1)
        let reading = JUnitReading()
        let parser = XMLParser(data: try folder.data("deep/er/out.xml"))
        parser.delegate = reading
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(
            reading.cases == [
                "pods.created == 3", "a < b & \"c\" <= 2", "tab\tand \u{FFFD} == x", "pods.pending == 0",
            ])
        #expect(reading.counts == ["tests": "4", "failures": "2", "errors": "0", "skipped": "0", "name": "sample"])
        #expect(reading.failures.count == 2)
        #expect(reading.failures.first == "expected <= 2, seen 3")
        #expect(reading.failures.last == "expected == x, seen \"<&>\u{FFFD}\"")
    }

    /// What stands in a JUnit file.
    private final class JUnitReading: NSObject, XMLParserDelegate {
        var cases: [String] = []
        var failures: [String] = []
        var counts: [String: String] = [:]

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            switch name {
            case "testcase": cases.append(attributes["name"] ?? "")
            case "failure": failures.append(attributes["message"] ?? "")
            case "testsuite": counts = attributes
            default: break
            }
        }
    }
}
