import Foundation
import Reports
import RunDatabase
import Testing

@Suite("CSV for data frames")
struct CSVTests {
    /// Values with their unit, and the cell that they become.
    static let cells: [(value: SQLValue, unit: ReportUnit?, cell: String)] = [
        (.null, nil, ""), (.text(""), nil, "\"\""), (.text("a"), nil, "a"), (.text("a,b"), nil, "\"a,b\""),
        (.text("\"a\""), nil, "\"\"\"a\"\"\""), (.text("a\r\nb"), nil, "\"a\r\nb\""), (.text("1,5"), nil, "\"1,5\""),
        (.integer(-12_345_678), nil, "-12345678"), (.real(0.1 + 0.2), nil, "0.30000000000000004"),
        // Money is a decimal, to the nano-dollar, without an exponent, a sign of the currency or dividers.
        (.real(0.1 + 0.2), .usd, "0.3"), (.real(1_234_567.5), .usd, "1234567.5"), (.real(3e-9), .usd, "0.000000003"),
        (.real(-1e-12), .usd, "0"), (.real(100), .usd, "100"), (.integer(0), .usd, "0"), (.null, .usd, ""),
        (.blob([0, 255]), nil, "00ff"),
    ]

    @Test("a cell holds the bare value, and NULL is not the empty text", arguments: cells)
    func cell(row: (value: SQLValue, unit: ReportUnit?, cell: String)) {
        let table = ReportTable(columns: ["a", "b"], units: [row.unit, nil], rows: [[row.value, .integer(1)]])
        #expect(table.text(.csv) == "a,b\n\(row.cell),1\n")
    }

    /// What stands in a column, and the type that holds it.
    static let types: [(values: [SQLValue], unit: ReportUnit?, type: String)] = [
        ([.integer(1), .null], nil, "integer"), ([.integer(1), .real(0.5)], nil, "number"), ([.null], nil, "string"),
        ([.text("x"), .integer(1)], nil, "string"), ([.text("2026-01-05")], .time, "date"),
        ([.text("2026-01-05T14:00:00Z"), .text("2026-01-05T14:00:00.125Z"), .null], .time, "datetime"),
        ([.text("2026-01-05T14:00:00Z"), .text("later")], .time, "string"), ([.text("2026-01-05 14:00")], nil, "string"),
        ([.text("")], nil, "string"), ([.text("2026-01-05T14:00:00.Z")], nil, "string"),
        // The unit says more than rows that happen to be whole, or not there.
        ([.integer(0)], .usd, "number"), ([.null], .duration, "number"), ([], .time, "datetime"),
        ([.integer(5)], .bytes, "integer"), ([.real(0.5)], .bytes, "number"), ([.blob([1])], nil, "string"),
    ]

    @Test("the type of a column holds all that may stand in it", arguments: types)
    func type(row: (values: [SQLValue], unit: ReportUnit?, type: String)) {
        let table = ReportTable(columns: ["a"], units: [row.unit], rows: row.values.map { [$0] })
        let unit = row.unit.map { ", \"unit\": \"\($0.rawValue)\"" } ?? ""
        #expect(
            table.typesText
                == "{\"missingValues\": [\"\"], \"fields\": [\n  {\"name\": \"a\", \"type\": \"\(row.type)\"\(unit)}\n]}\n")
    }

    @Test("the shipped reports have names that code can use, and times that code can read")
    func shipped() throws {
        let folder = try TemporaryFolder()
        try SampleRun.write(to: folder.file("whole.sqlite"))
        let reader = try RunReader(path: folder.file("whole.sqlite"))
        let catalog = try ReportCatalog(userFolder: folder.path, builtIn: shippedReports)
        for report in catalog.reports {
            let table = try ReportRunner.run(report, on: reader)
            #expect(Set(table.columns).count == table.columns.count, "\(report.name)")
            for (column, name) in table.columns.enumerated() {
                #expect(name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil, "\(report.name): \(name)")
                guard table.units[column] == .time else { continue }
                var tally = ColumnTally()
                for row in table.rows { tally.see(row[column]) }
                #expect([nil, .date, .datetime].contains(tally.type), "\(report.name): \(name)")
            }
        }
    }
}
