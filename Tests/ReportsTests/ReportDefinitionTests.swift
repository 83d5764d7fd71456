import Foundation
import Reports
import RunDatabase
import Testing

@Suite struct ReportDefinitionTests {
    static let text = """
        -- title: Cost
        -- question: Who pays?
        -- chart: bar a b
        -- column b: usd
        -- A plain comment: nothing to see.
        SELECT 1 AS a, 2.5 AS b -- title: not this one
        """

    @Test("the header of a definition is read")
    func header() throws {
        let report = try ReportDefinition(name: "cost", parsing: Self.text)
        #expect(report.title == "Cost")
        #expect(report.question == "Who pays?")
        #expect(report.chart == "bar a b")
        #expect(report.units == ["b": .usd])
    }

    @Test("parameters have a usual value, which may be empty, and sometimes a choice")
    func parameters() throws {
        let report = try ReportDefinition(
            name: "r",
            parsing: "-- title: A\n-- question: B?\n-- parameter by: x | y\n-- parameter key:\nSELECT :by AS a, :key AS b")
        #expect(report.parameters.map(\.name) == ["by", "key"])
        #expect(report.parameters.map(\.choices) == [["x", "y"], []])
        #expect(try report.arguments([]) == ["by": "x", "key": ""])
        #expect(try report.arguments(["key=a=b", "by=y"]) == ["by": "y", "key": "a=b"])
        #expect(throws: ReportError.badValue(report: "r", parameter: "by", value: "z", known: ["x", "y"])) {
            try report.arguments(["by=z"])
        }
        for setting in ["kex=1", "key", ""] {
            #expect(throws: ReportError.unknownParameter(report: "r", setting: setting, known: ["by", "key"])) {
                try report.arguments([setting])
            }
        }
    }

    @Test(
        "a wrong header is named with its line",
        arguments: [
            ("-- question: Who?\nSELECT 1", 1, "the header needs a line \"-- title: …\""),
            ("-- title: A\n\n-- question: too late?\nSELECT 1", 1, "the header needs a line \"-- question: …\""),
            ("-- title: A\n-- title: B\n-- question: C?\nSELECT 1", 2, "a second title"),
            (
                "-- title: A\n-- question: C?\n-- parameter a: 1\n-- parameter a:\nSELECT :a", 4,
                "a second parameter a"
            ),
            (
                "-- title: A\n-- question: B?\n-- column a: euro\nSELECT 1", 3,
                "unknown unit \"euro\" (known: usd, cores, bytes, duration, percent, time)"
            ),
        ])
    func errors(text: String, line: Int, reason: String) {
        #expect(throws: ReportError.badHeader(report: "r", line: line, reason: reason)) {
            try ReportDefinition(name: "r", parsing: text)
        }
    }

    @Test("the user's reports come beside the built-in ones and replace those of the same name")
    func folders() throws {
        let (builtIn, user) = (try TemporaryFolder(), try TemporaryFolder())
        try builtIn.write(Self.text, to: "cost.sql")
        try builtIn.write(Self.text, to: "other.sql")
        try builtIn.write("not a report", to: "README.md")
        try user.write(Self.text.replacingOccurrences(of: "Who pays", with: "Who earns"), to: "cost.sql")
        try user.write(Self.text, to: "mine.sql")
        let catalog = try ReportCatalog(userFolder: user.path, builtIn: builtIn.path)
        #expect(catalog.reports.map(\.name) == ["cost", "mine", "other"])
        #expect(try catalog.report(named: "cost").question == "Who earns?")
        #expect(throws: ReportError.unknown(name: "costs", known: ["cost", "mine", "other"])) {
            try catalog.report(named: "costs")
        }
        #expect(throws: ReportError.noSuchFolder(path: user.file("none"))) {
            try ReportCatalog(userFolder: user.file("none"), builtIn: nil)
        }
    }

    @Test("a mistake in a report is told with the report's name")
    func badQueries() throws {
        let folder = try TemporaryFolder()
        try SampleRun.writeEmpty(to: folder.file("a.sqlite"))
        let reader = try RunReader(path: folder.file("a.sqlite"))
        let header = "-- title: A\n-- question: B?\n"
        for sql in ["SELECT nothing FROM nowhere", "DELETE FROM pod", "-- column b: usd\nSELECT 1 AS a"] {
            let report = try ReportDefinition(name: "r", parsing: header + sql)
            #expect(throws: ReportError.self) { try ReportRunner.run(report, on: reader) }
        }
    }
}

@Suite struct ReportTableTests {
    static let table = ReportTable(
        columns: ["name", "cost", "size", "long"], units: [nil, .usd, .bytes, .duration],
        rows: [
            [.text("a, \"b\"\nc"), .real(1_234.5), .integer(1_536), .integer(7_500)],
            [.null, .real(-0.25), .integer(10), .real(0.25)],
        ])

    @Test(
        "each format writes the same rows in its own way",
        arguments: [
            (
                ReportFormat.table,
                """
                NAME           COST     SIZE   LONG
                a, "b" c  $1,234.50  1.5 KiB   2h5m
                -            -$0.25     10 B  250ms

                """
            ),
            (
                .md,
                """
                | name | cost | size | long |
                | --- | ---: | ---: | ---: |
                | a, "b" c | $1,234.50 | 1.5 KiB | 2h5m |
                | - | -$0.25 | 10 B | 250ms |

                """
            ),
            (.csv, "name,cost,size,long\n\"a, \"\"b\"\"\nc\",1234.5,1536,7500\n,-0.25,10,0.25\n"),
            (
                .json,
                """
                [
                  {"name": "a, \\"b\\"\\nc", "cost": 1234.5, "size": 1536, "long": 7500},
                  {"name": null, "cost": -0.25, "size": 10, "long": 0.25}
                ]

                """
            ),
        ])
    func formats(format: ReportFormat, text: String) {
        #expect(Self.table.text(format) == text)
    }

    @Test("no text ends a cell of a Markdown table or makes one bold")
    func escapes() {
        let table = ReportTable(columns: ["a_b"], units: [nil], rows: [[.text("x|y *z* `<b>` [u](v) \\")]])
        #expect(table.text(.md) == "| a\\_b |\n| --- |\n| x\\|y \\*z\\* \\`\\<b>\\` \\[u](v) \\\\ |\n")
    }
}
