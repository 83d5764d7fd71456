import Foundation
import Testing

@Suite("Fitting failure logs from the command line")
struct FitCommandTests {
    private static let log = """
        node,start,end,cause
        a,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,disk
        a,2026-01-03T00:00:00Z,2026-01-03T00:20:00Z,disk
        b,2026-01-04T00:00:00Z,2026-01-04T00:40:00Z,disk
        a,2026-01-09T00:00:00Z,2026-01-09T02:00:00Z,power
        b,2026-01-09T00:00:00Z,2026-01-09T03:00:00Z,power
        a,2026-01-20T00:00:00Z,2026-01-20T00:05:00Z,disk

        """

    @Test("the laws are printed, the best is marked, and the last lines are a scenario's")
    func pasted() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.log, to: "f.csv")
        let outcome = try OrreryProcess.run(["fit", "f.csv", "--bootstrap", "19"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("f.csv: 6 failures of 2 machines\n"))
        #expect(outcome.output.contains("\n  4 seen to their end, 1 longer than watched; mean"))
        #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("  *  ") } == 2)
        let place = try #require(outcome.output.range(of: "\nfaults:\n"))
        let faults = outcome.output[place.lowerBound...].dropFirst().split(separator: "\n").map { "  \($0)\n" }.joined()
        let scenario = """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: pasted}
            spec:
              pools: [{name: m, machineType: m6i.large, count: 2}]
            \(faults)
            """
        try folder.write(scenario, to: "s/scenario.yaml")
        let valid = try OrreryProcess.run(["validate", "s"], in: folder)
        #expect(valid.status == 0 && valid.output.contains("faults"), "\(valid.errors)")
    }

    @Test("the same log and seed give the same bytes, and JSON holds what the table does")
    func json() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.log, to: "f.csv")
        let arguments = ["fit", "f.csv", "--json", "--bootstrap", "19"]
        let outcome = try OrreryProcess.run(arguments, in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try OrreryProcess.run(arguments, in: folder).output == outcome.output)
        let other = try OrreryProcess.run(arguments + ["--seed", "2"], in: folder)
        #expect(other.status == 0 && other.output != outcome.output)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let group = try #require((document["groups"] as? [[String: Any]])?.first)
        #expect(group["failures"] as? Int == 6)
        let repairs = try #require(group["repairs"] as? [String: Any])
        let laws = try #require(repairs["laws"] as? [[String: Any]])
        #expect(laws.map { $0["law"] as? String } == ["exponential", "weibull", "lognormal", "gompertz"])
        let parameters = try #require(laws[0]["parameters"] as? [[String: Any]])
        // 425 minutes of repair for six failures.
        #expect(parameters[0]["value"] as? Double == 425 * 60 / 6.0)
    }

    @Test(
        "what is wrong ends with 2 and says where",
        arguments: [
            ("node,start,end\na,1h,2h\nb,later,2h\n", [], "f.csv:3:3: error: start: \"later\" is no time"),
            ("node,start,end\na,1h,2h\na,5h,6h\n", [], "f.csv: error: lifetimes: 1 was seen to the end, and a fit takes at least 3; repair times: 2 were seen"),
            ("lifetime\n1h\n", [], "f.csv: error: lifetimes: 1 was seen to the end, and a fit takes at least 3; there are no repair times"),
            ("lifetime\n0\n0\n", ["--by", "lifetimes"], "error: f.csv has no column \"lifetimes\" (there are: lifetime); did you mean \"lifetime\"?"),
            ("lifetime\n1\n2\n3\n", ["--until", "2026-01-01"], "error: --until 2026-01-01T00:00:00Z: the file has lengths of time"),
            ("start\n1h\n2h\n", ["--from", "2026-01-01"], "error: --from 2026-01-01T00:00:00Z: the log has times since its beginning"),
            ("start\n1h\n2h\n", ["--from", "early"], "Error: --from is a time as in the log"),
            ("lifetime\n1\n2\n3\n", ["--bootstrap=-1"], "Error: --bootstrap is from 0 to 100000"),
            ("", [], "f.csv:1:1: error: the file is empty"),
        ])
    func mistakes(text: String, options: [String], message: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "f.csv")
        let outcome = try OrreryProcess.run(["fit", "f.csv"] + options, in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test("groups are fitted one by one, and a group of few is said to be one")
    func groups() throws {
        let folder = try TemporaryFolder()
        let outcome = try OrreryProcess.run(
            ["fit", "-", "--by", "cause", "--bootstrap", "0"], in: folder, input: Self.log)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("cause disk: 4 failures of 2 machines\n"))
        #expect(outcome.output.contains("cause power: 2 failures of 2 machines\n"))
        #expect(outcome.output.contains("a fit takes at least 3"))
    }
}
