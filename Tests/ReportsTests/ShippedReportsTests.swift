import Foundation
import Reports
import RunDatabase
import Testing

@Suite struct ShippedReportsTests {
    let folder: TemporaryFolder
    let catalog: ReportCatalog

    init() throws {
        folder = try TemporaryFolder()
        catalog = try ReportCatalog(userFolder: folder.path, builtIn: shippedReports)
    }

    @Test("every report that a person was promised is there")
    func complete() {
        #expect(
            catalog.reports.map(\.name) == [
                "autoscaling", "bill-by-hour", "bill-by-service-and-day", "commitments", "cost-by-controller",
                "cost-by-day", "cost-by-namespace", "cost-by-node", "disruption-and-money", "events",
                "faults-and-recovery",
                "idle", "idle-by-cause", "image-egress", "image-pulls", "image-versions", "ledger", "lost-work",
                "machine-scaling", "nodes",
                "pending",
                "pending-time", "pods", "pressure", "recommendations", "recovery-by-workload", "scheduling", "service-hours",
                "services", "spreadsheet", "summary", "timeline", "traffic", "utilization", "vertical-scaling", "who-pays",
            ])
    }

    @Test("the index of reports lists each with its question")
    func index() throws {
        let index = try String(contentsOfFile: shippedReports + "/README.md", encoding: .utf8)
        for report in catalog.reports { #expect(index.contains("| \(report.question) | `\(report.name)` |")) }
        #expect(index.split(separator: "\n").filter { $0.hasPrefix("| ") }.count == catalog.reports.count + 1)
    }

    @Test("every report asks a question and runs on an empty, a broken-off and a whole run, in every format")
    func runs() throws {
        try SampleRun.writeEmpty(to: folder.file("empty.sqlite"))
        try SampleRun.write(to: folder.file("part.sqlite"), isFinished: false)
        try SampleRun.write(to: folder.file("whole.sqlite"))
        for report in catalog.reports {
            #expect(report.question.hasSuffix("?"), "\(report.name)")
            for file in ["empty", "part", "whole"] {
                let table = try ReportRunner.run(report, on: RunReader(path: folder.file("\(file).sqlite")))
                for format in ReportFormat.allCases { #expect(table.text(format).hasSuffix("\n")) }
                if file == "whole" { #expect(!table.rows.isEmpty, "\(report.name) says nothing") }
                for (column, unit) in zip(table.columns, table.units) {
                    #expect(unit == report.units[column])
                }
            }
        }
    }

    /// Rewrites what is expected with `UPDATE_GOLDEN=1 swift test --filter ShippedReports`.
    @Test("the reports of the sample run read as recorded")
    func golden() throws {
        try SampleRun.write(to: folder.file("whole.sqlite"))
        let reader = try RunReader(path: folder.file("whole.sqlite"))
        var text = ""
        for report in catalog.reports {
            text += "# \(report.title)\n\(report.question)\n\n"
            text += try ReportRunner.run(report, on: reader).text(.table) + "\n"
        }
        try expectGolden(text, "reports.txt")
        let ledger = try ReportRunner.run(catalog.report(named: "ledger"), on: reader)
        try expectGolden(ledger.text(.json) + ledger.text(.csv), "ledger.txt")
        try expectGolden(RunSummary(of: reader).text, "summary.txt")
        try expectGolden(RunSummary(of: reader).json, "summary.json")
        try SampleRun.write(to: folder.file("part.sqlite"), isFinished: false)
        try expectGolden(RunSummary(of: RunReader(path: folder.file("part.sqlite"))).text, "summary-incomplete.txt")
    }

    @Test("the ledger balances and the namespaces add up to the bill")
    func balance() throws {
        try SampleRun.write(to: folder.file("whole.sqlite"))
        let reader = try RunReader(path: folder.file("whole.sqlite"))
        let ledger = try ReportRunner.run(catalog.report(named: "ledger"), on: reader)
        #expect(ledger.rows.last == [.text("total"), .real(10.512), .real(10.512), .integer(0)])
        for name in ["cost-by-namespace", "cost-by-controller", "cost-by-day"] {
            let table = try ReportRunner.run(catalog.report(named: name), on: reader)
            let column = try #require(table.columns.firstIndex(of: "total"))
            let sum = table.rows.reduce(0.0) { sum, row in
                if case .real(let value) = row[column] { sum + value } else { sum }
            }
            #expect(abs(sum - 10.512) < 1e-9, "\(name)")
        }
    }
}

private func expectGolden(_ text: String, _ name: String, location: SourceLocation = #_sourceLocation) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, sourceLocation: location)
}
