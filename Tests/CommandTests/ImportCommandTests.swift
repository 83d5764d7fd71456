import Testing

@Suite("Importing traces from the command line")
struct ImportCommandTests {
    @Test("what was imported can be run")
    func imported() throws {
        let folder = try TemporaryFolder()
        try folder.write("period,count\n1998-04-30 21:30:00,600\n1998-04-30 21:31:00,1200\n", to: "r.csv")
        let outcome = try OrreryProcess.run(["import", "worldcup98", "r.csv", "-o", "cup"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("orrery run cup"))
        let again = try OrreryProcess.run(["import", "worldcup98", "r.csv", "-o", "cup"], in: folder)
        #expect(again.status == 2 && again.errors.contains("--overwrite"))
        let run = try OrreryProcess.run(["run", "cup", "--json", "--quiet"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("\"running\": 1"))
    }

    @Test("a folder of an import is replaced as a whole, with or without a slash behind its name")
    func replaced() throws {
        let folder = try TemporaryFolder()
        try folder.write("period,count\n1998-04-30 21:30:00,600\n", to: "r.csv")
        try folder.write("period,count\n1998-04-30 21:30:00,1200\n", to: "s.csv")
        for (file, rate) in [("r.csv", "0,10\n"), ("s.csv", "0,20\n"), ("r.csv", "0,10\n")] {
            let outcome = try OrreryProcess.run(
                ["import", "worldcup98", file, "-o", "in/cup/", "--overwrite"], in: folder)
            #expect(outcome.status == 0 && outcome.output.contains("orrery run in/cup\n"), "\(outcome.errors)")
            #expect(String(decoding: try folder.data("in/cup/requests.csv"), as: UTF8.self).contains(rate))
        }
        #expect(!folder.exists("in/cup.former") && !folder.exists("in/cup.partial"))
    }

    @Test("a wrong line ends with 2, names its place, and leaves no folder")
    func wrong() throws {
        let folder = try TemporaryFolder()
        try folder.write("period,count\n1998-04-30 21:30:00,many\n", to: "r.csv")
        let outcome = try OrreryProcess.run(["import", "worldcup98", "r.csv", "-o", "cup"], in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix("r.csv:2:1: error: count: \"many\""))
        let run = try OrreryProcess.run(["run", "cup"], in: folder)
        #expect(run.status == 2)
    }
}
