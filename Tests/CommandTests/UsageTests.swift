import Testing

@Suite("The command line answers mistakes and calls for help")
struct UsageTests {
    @Test(
        "a usage error ends with 2 and says how it is meant",
        arguments: [
            ["rum"], ["run"], ["run", "--fast"], ["report"], ["report", "a.sqlite", "--format", "xml"],
            ["bench", "scheduler", "--nodes", "0"], ["conformance", "scheduler"], ["conformance", "controllers"],
            ["explain", "a.sqlite"], ["reproduce", "fgd"], ["import", "worldcup", "a.csv", "-o", "b"],
            ["right-size"], ["right-size", "a", "--percentile", "0"], ["right-size", "a", "--margin", "x"],
            ["right-size", "a", "--every", "1ms"], ["right-size", "a", "--recommender", "vpa", "--margin", "5%"],
            ["swarm"], ["swarm", "--seeds", "3..1"], ["shrink"], ["shrink", "a", "--seed", "1"],
            ["import", "worldcup98", "a.csv"], ["import", "worldcup98", "a.csv", "-o", "b", "--scale", "0"],
        ])
    func usage(_ arguments: [String]) throws {
        let outcome = try OrreryProcess.run(arguments, in: TemporaryFolder(), limit: 30)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("Usage: orrery"), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test(
        "who misspells a call for help is told so, whatever else is missing",
        arguments: [
            (["run", "--hlep"], "--help"), (["validate", "x", "--helpp"], "--help"), (["--versoin"], "--version"),
            (["run", "x", "--sede", "7"], "--seed"),
        ])
    func misspelt(_ arguments: [String], _ meant: String) throws {
        let outcome = try OrreryProcess.run(arguments, in: TemporaryFolder(), limit: 30)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("Did you mean '\(meant)'?") && outcome.errors.contains("Usage: orrery"))
    }

    @Test(
        "help ends with 0 and shows examples",
        arguments: [
            ["--help"], ["run", "--help"], ["validate", "--help"], ["report", "--help"], ["replay", "--help"],
            ["explain", "--help"], ["conformance", "scheduler", "--help"],
            ["conformance", "controllers", "--help"], ["bench", "month", "--help"], ["reproduce", "fgd", "--help"],
            ["import", "--help"], ["right-size", "--help"], ["swarm", "--help"], ["shrink", "--help"],
        ])
    func help(_ arguments: [String]) throws {
        let outcome = try OrreryProcess.run(arguments, in: TemporaryFolder(), limit: 30)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("  orrery "), "\(outcome.output)")
    }

    @Test("the version is printed")
    func version() throws {
        let outcome = try OrreryProcess.run(["--version"], in: TemporaryFolder(), limit: 30)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("."))
    }

    @Test(
        "a database that is none ends with 2",
        arguments: [
            ["report", "x.sqlite"], ["replay", "x.sqlite"], ["explain", "x.sqlite", "pod/a"],
            ["right-size", "x.sqlite"],
        ])
    func noDatabase(_ arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let missing = try OrreryProcess.run(arguments, in: folder, limit: 30)
        #expect(missing.status == 2)
        #expect(missing.errors.contains("x.sqlite"))
        try folder.write(String(repeating: "no database ", count: 1000), to: "x.sqlite")
        let wrong = try OrreryProcess.run(arguments, in: folder, limit: 30)
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("x.sqlite"))
    }

    @Test("the fidelity table is printed, as text and as JSON")
    func fidelity() throws {
        let text = try OrreryProcess.run(["fidelity"], in: TemporaryFolder(), limit: 30)
        #expect(text.status == 0)
        #expect(text.output.contains("exact"))
        let json = try OrreryProcess.run(["fidelity", "--format", "json"], in: TemporaryFolder(), limit: 30)
        #expect(json.status == 0)
        #expect(json.output.hasPrefix("["))
    }

    @Test("a folder without recorded cases ends with 2", arguments: ["scheduler", "controllers"])
    func conformance(_ what: String) throws {
        let outcome = try OrreryProcess.run(["conformance", what, "nowhere"], in: TemporaryFolder(), limit: 30)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("nowhere"))
    }
}
