import Chronology
import RunDatabase
import Testing

@testable import Exports

@Suite("OpenMetrics text")
struct OpenMetricsTextTests {
    /// Values and how they are written.
    static let numbers: [(value: Double, text: String)] = [
        (0, "0"), (1, "1"), (-3, "-3"), (0.25, "0.25"), (8_589_934_592, "8589934592"), (1e300, "1e+300"),
        (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
    ]

    @Test("numbers are written as they are read", arguments: numbers)
    func number(row: (value: Double, text: String)) { #expect(OpenMetricsText.text(row.value) == row.text) }

    /// Labels, and what stands between the braces.
    static let labels: [(labels: [(String, String)], text: String)] = [
        ([("a", "1"), ("b", "x y")], "a=\"1\",b=\"x y\""),
        ([("a", "say \"no\""), ("b", "c:\\d\ne")], "a=\"say \\\"no\\\"\",b=\"c:\\\\d\\ne\""),
        // Without a value it is absent; of two the first that has one stands.
        ([("a", ""), ("b", "1"), ("a", "2"), ("b", "3")], "b=\"1\",a=\"2\""),
        ([], ""),
    ]

    @Test("labels are escaped, and empty or second ones left out", arguments: labels)
    func label(row: (labels: [(String, String)], text: String)) { #expect(LabelText.of(row.labels) == row.text) }

    @Test("names that a label may not have are changed as kube-state-metrics does")
    func names() { #expect(LabelText.name("app.kubernetes.io/part-of") == "app_kubernetes_io_part_of") }

    private func text(
        _ plan: ExportPlan, labels: [(String, String)] = [],
        _ stretches: [(family: Int, stretch: SeriesStretch)]
    ) throws -> [String] {
        let spool = try SeriesSpool()
        for (family, stretch) in stretches { try spool.add(stretch, to: family) }
        var bytes: [UInt8] = []
        var text = OpenMetricsText(plan, startDate: StartDate(unixSeconds: 1_000), labels: labels)
        try text.write(spool) { bytes += $0 }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(Int64(lines.count { !$0.hasPrefix("#") }) == text.samples)
        return lines
    }

    /// Where a window begins, in nanoseconds, and the labels of all samples.
    static let windows: [(from: Int64, labels: [(String, String)])] = [
        (0, []), (20_000_000_000, [("run", "a")]), (10_250_000_000, [("run", "a"), ("site", "b c")]),
    ]

    @Test("the size is known before anything is written", arguments: windows)
    func size(row: (from: Int64, labels: [(String, String)])) throws {
        let from = Instant(nanoseconds: row.from)
        let plan = ExportPlan(from: from, to: from + .seconds(60), step: .seconds(20))
        let spool = try SeriesSpool()
        let (up, time) = (DerivedFamily.up.place, DerivedFamily.processorTime.place)
        for stretch in [
            SeriesStretch(labels: "job=\"b\"", from: seconds(20), to: seconds(90), value: 1),
            SeriesStretch(labels: "job=\"a\"", from: 0, to: seconds(40), value: 0.5),
            SeriesStretch(labels: "job=\"a\"", from: seconds(40), to: seconds(50), value: 1),
            SeriesStretch(labels: "job=\"c\"", from: 0, to: 1, value: 1),
        ] { try spool.add(stretch, to: up) }
        let grown = SeriesStretch(labels: "pod=\"p\"", from: 0, to: seconds(80), value: 100, slope: 5)
        try spool.add(grown, to: time)
        var text = OpenMetricsText(plan, startDate: StartDate(unixSeconds: 1_000), labels: row.labels)
        var bytes: Int64 = 0
        try text.write(spool) { bytes += Int64($0.count) }
        let size = try OpenMetricsSize(spool, plan, startDate: StartDate(unixSeconds: 1_000), labels: row.labels)
        #expect(size.samples == text.samples && size.series == (row.from == 0 ? 4 : 3))
        // What grows has fractions in between where the window begins within a second.
        #expect(abs(size.bytes - bytes) <= (row.from % 1_000_000_000 == 0 ? 0 : 16), "\(bytes)")
    }

    private func seconds(_ count: Int64) -> Int64 { count * 1_000_000_000 }

    @Test("families stand together, and each series goes on in time, in whatever order they came")
    func order() throws {
        let plan = ExportPlan(from: .start, to: .start + .seconds(60), step: .seconds(20))
        let up = DerivedFamily.up.place
        let time = DerivedFamily.processorTime.place
        let lines = try text(
            plan,
            [
                (up, SeriesStretch(labels: "job=\"b\"", from: seconds(20), to: seconds(80), value: 1)),
                (time, SeriesStretch(labels: "pod=\"p\"", from: 0, to: seconds(40), value: 5, slope: 0.5)),
                (up, SeriesStretch(labels: "job=\"a\"", from: seconds(40), to: seconds(60), value: 0)),
                (up, SeriesStretch(labels: "job=\"a\"", from: 0, to: seconds(40), value: 1)),
            ])
        #expect(
            lines == [
                "# TYPE up gauge", "# HELP up Whether a target answers.", "up{job=\"a\"} 1 1000", "up{job=\"a\"} 1 1020",
                "up{job=\"a\"} 0 1040", "up{job=\"b\"} 1 1020", "up{job=\"b\"} 1 1040", "up{job=\"b\"} 1 1060",
                "# TYPE container_cpu_usage_seconds counter", "# UNIT container_cpu_usage_seconds seconds",
                "# HELP container_cpu_usage_seconds Processor time that a container used.",
                "container_cpu_usage_seconds_total{pod=\"p\"} 5 1000",
                "container_cpu_usage_seconds_total{pod=\"p\"} 15 1020", "# EOF",
            ])
    }

    @Test("a window may begin within a second and has its own labels; what no look falls into is not told")
    func window() throws {
        let from = Instant(nanoseconds: seconds(10) + 250_000_000)
        let plan = ExportPlan(from: from, to: from + .seconds(35), step: .seconds(30))
        let lines = try text(
            plan, labels: [("run", "a")],
            [
                (DerivedFamily.up.place, SeriesStretch(labels: "job=\"a\"", from: 0, to: seconds(500), value: 1)),
                (
                    DerivedFamily.runningPods.place,
                    SeriesStretch(labels: "job=\"a\"", from: seconds(11), to: seconds(30), value: 1)
                ),
            ])
        #expect(lines.dropFirst(2) == ["up{run=\"a\",job=\"a\"} 1 1010.250", "up{run=\"a\",job=\"a\"} 1 1040.250", "# EOF"])
    }

    @Test("no name stands for two families, and a unit is the end of its name")
    func families() {
        let names = ExportFamilies.all.map(\.name)
        #expect(Set(names).count == names.count && names.count > 100)
        for family in ExportFamilies.all {
            #expect(family.unit.isEmpty || family.name.hasSuffix("_" + family.unit), "\(family.name)")
            #expect(!family.name.hasSuffix("_total"), "\(family.name)")
            #expect(!family.help.isEmpty && !family.help.contains("\n") && !family.help.contains("\\"), "\(family.name)")
        }
    }
}
