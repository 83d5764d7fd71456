import Foundation
import Testing

@testable import Experiments

@Suite("The experiment of the FGD paper")
struct FragmentationTests {
    @Test("columns are means over the events that round to them; an empty one takes its neighbours'")
    func columns() {
        var recorder = FragmentationSeries.Recorder(gpus: 10)
        // A percent of ten devices is 100 thousandths; 150 lies between and goes to the even one.
        recorder.record(arrived: 100, used: 100, fragment: 990, left: 9900)
        recorder.record(arrived: 150, used: 200, fragment: 98, left: 9800)
        recorder.record(arrived: 240, used: 400, fragment: 96, left: 9600)
        let series = recorder.series()
        #expect(series.allocation[1] == 1)
        #expect(series.fragmentRatio[1] == 10)
        #expect(series.fragment[1] == 9.9)
        #expect(series.allocation[2] == 3)
        #expect(series.fragmentRatio[2] == 1)
        #expect(series.allocation[3] == 3)
        #expect(series.allocation[0] == 1)
        #expect(series.allocation[130].isNaN)
        #expect(series.allocation.count == 131)
    }

    @Test("every policy places what fits, and one run is like another in any number of processes")
    func smallRuns() throws {
        let small = try SmallFolder()
        defer { small.discard() }
        let experiment = try small.experiment()
        #expect(experiment.count == 12)
        #expect(experiment.gpus == 8)
        let results = try #require(try experiment.run { _ in true })
        // Three workers that say what three parts of the plan gave.
        for number in 0..<3 {
            var lines = "a remark\n"
            experiment.run(.init(number: number, count: 3)) { line in
                lines += line.text + "\n"
                return true
            }
            try small.write(lines, to: "share\(number)")
        }
        let (path, shell) = (small.path, SwarmWorker(program: URL(fileURLWithPath: "/bin/sh")))
        let told = try experiment.run(
            parallelism: 3, worker: shell, arguments: { ["-c", "cat \(path)/share\($0.number)"] },
            progress: { _ in true })
        let again = try #require(told)
        for table in FragmentationTable.allCases {
            #expect(table.text(results, gpus: 8) == table.text(again, gpus: 8))
        }
        // Four halves always fit; the two whole ones do unless a policy put halves on the only nodes of their model.
        let last = results.filter { $0.key.seed == 7 }.map { $0.series.allocation[50] }
        #expect(last.allSatisfy { $0 == 25 || $0 == 50 })
        #expect(last.contains(50))
        #expect(try experiment.run { $0 < 3 } == nil)
        #expect(throws: ExperimentError.self) {
            try experiment.run(
                parallelism: 2, worker: shell, arguments: { ["-c", "cat \(path)/share\($0.number); kill -9 $$"] },
                progress: { _ in true })
        }
    }

    @Test("a worker's line is read as it was written", arguments: ["", "orrery-fragmentation\t1\t0\t0", "x\t1\t\t\t"])
    func lines(remark: String) throws {
        #expect(FragmentationLine(remark) == nil)
        let series = FragmentationSeries(columns: [[0.1, 130], [1e-300, -0.0], [2.0 / 3, .infinity]])
        let line = FragmentationLine(place: 7, series: series)
        #expect(FragmentationLine(line.text) == line)
    }

    @Test("tables are read back as they were written, and a cell that is off is found")
    func tables() throws {
        let small = try SmallFolder()
        defer { small.discard() }
        let results = try #require(
            try small.experiment(policies: [.fgd, .bestFit]).run { _ in true })
        for table in FragmentationTable.allCases {
            try small.write(table.text(results, gpus: 8), to: "published/" + table.fileName)
        }
        let published = small.path + "/published"
        let rows = try FragmentationTable.allocation.published(in: published)
        #expect(rows.map(\.policy) == ["05-BestFit", "05-BestFit", "06-FGD", "06-FGD"])
        #expect(rows.map(\.seed) == [7, 8, 7, 8])
        let check = try FragmentationCheck(results, published: published)
        #expect(check.isPassed && check.worst == 0 && check.lines.count == 6 && check.unpublished.isEmpty)
        let text = FragmentationTable.allocation.text(results, gpus: 8)
        #expect(text.contains(",50.0,"))
        try small.write(
            text.replacingOccurrences(of: ",50.0,", with: ",50.02,"), to: "published/analysis_allo_discrete.csv")
        let wrong = try FragmentationCheck(results, published: published)
        #expect(!wrong.isPassed)
        #expect(abs(wrong.worst - 0.02) < 1e-9)
        let half = try #require(try small.experiment(seeds: [8], policies: [.gpuPacking]).run { _ in true })
        let nothing = try FragmentationCheck(half, published: published)
        #expect(!nothing.isPassed && nothing.unpublished.count == 1)
    }

    /// One run of each kind: whole devices, parts, models. The command compares all.
    @Test(
        "published runs come out cell by cell",
        arguments: [("multigpu50", FragmentationPolicy.fgd), ("gpuspec33", .gpuPacking), ("cpu050", .gpuClustering)])
    func published(trace: String, policy: FragmentationPolicy) throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
        let data = root.appendingPathComponent("../shared/data/openb").path
        guard FileManager.default.fileExists(atPath: data) else {
            print("skipped: the openb trace is not here")
            return
        }
        let experiment = try FragmentationExperiment(
            folder: OpenbFolder(path: data), traces: [trace], seeds: [42], policies: [policy], randomDraws: 1)
        let results = try #require(try experiment.run { _ in true })
        let check = try FragmentationCheck(results, published: data + "/published")
        #expect(check.lines.map(\.cells) == [131, 131, 131])
        #expect(check.isPassed, "\(check.lines)")
    }
}
