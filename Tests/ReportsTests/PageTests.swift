import Chronology
import Foundation
import RunDatabase
import Testing

@testable import Reports

@Suite("Pages")
struct PageTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func runPage(isFinished: Bool = true) throws -> PageText {
        let path = folder.file("run-\(isFinished).sqlite")
        if !FileManager.default.fileExists(atPath: path) { try SampleRun.write(to: path, isFinished: isFinished) }
        return PageText(html: try RunPage(of: RunReader(path: path)).html())
    }

    private func experimentPage() throws -> PageText {
        let path = folder.file("experiment.sqlite")
        try SampleExperiment.write(to: path)
        return PageText(html: try ExperimentPage(of: ExperimentReader(path: path)).html())
    }

    private func check(_ page: PageText) {
        #expect(page.firstBadTag == nil, "\(page.firstBadTag ?? "")")
        // One file: nothing is fetched, and the browser is told to fetch nothing.
        for outside in ["http://", "https://", " src=", "@import", "url("] {
            #expect(!page.html.contains(outside), "\(outside)")
        }
        #expect(page.html.contains("default-src 'none'") && page.html.contains("prefers-color-scheme: dark"))
        #expect(page.html.contains("@media print") && page.html.contains("width=device-width"))
        #expect(page.html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">") && page.count(of: "<h1>") == 1)
        // Every picture says what it shows, for screens and for telephones, and has its figures beside it.
        let pictures = page.count(of: "<svg ")
        #expect(pictures > 0 && pictures == 2 * page.count(of: "class=\"chart\""))
        #expect(page.count(of: "role=\"img\" aria-label=\"") == pictures)
        #expect(page.count(of: "<table ") == page.count(of: "<caption>") && page.count(of: "<table ") > 2)
        #expect(page.count(of: "<th scope=\"col\"") > 10 && page.count(of: "<th scope=\"row\"") > 2)
        // The contents lead to what is there, and no name stands twice.
        let names = page.values(of: "id")
        #expect(Set(names).count == names.count)
        for link in page.values(of: "href") { #expect(link.hasPrefix("#") && names.contains(String(link.dropFirst()))) }
        #expect(!page.html.contains("nan") && !page.html.contains("inf\""))
    }

    @Test("the page of a run is one file that tells cost, capacity, machines, waiting and faults")
    func run() throws {
        let page = try runPage()
        check(page)
        for title in [
            "Cost by day and owner", "Capacity, requests and usage", "Machines", "Pending time", "Faults", "Services",
        ] { #expect(page.html.contains(">\(title)</h2>"), "\(title)") }
        #expect(page.html.contains("shop, seed 7") && page.html.contains("digest 5eed"))
        // The parts of the bars are the ledger's: they sum to the bill.
        let summary = try RunSummary(of: RunReader(path: folder.file("run-true.sqlite")))
        #expect(page.html.contains(ReportUnit.dollars(Double(summary.costs.total) / 1e9, largest: 10)))
        #expect(try runPage().html == page.html)
    }

    @Test("a run that broke off, and one in which nothing was, have pages too")
    func parts() throws {
        let page = try runPage(isFinished: false)
        #expect(page.firstBadTag == nil && page.html.contains("the run is incomplete"))
        try SampleRun.writeEmpty(to: folder.file("empty.sqlite"))
        let empty = PageText(html: try RunPage(of: RunReader(path: folder.file("empty.sqlite"))).html())
        #expect(empty.firstBadTag == nil && empty.html.contains("empty, seed 1"))
    }

    @Test("the page of a forecast tells by when limits are reached, draws them, and says what makes the variance")
    func forecast() throws {
        let path = folder.file("forecast.sqlite")
        try SampleForecast.write(to: path)
        let page = PageText(html: try ExperimentPage(of: ExperimentReader(path: path)).html())
        check(page)
        #expect(page.html.contains(">Limits</h2>") && page.html.contains("class=\"limit\""))
        // 25 % of the runs have spent the budget on the second day, three of four on the third, and the rest never do.
        let row = page.html.split(separator: "<tr>").first { $0.hasPrefix("<th scope=\"row\">budget</th>") }.map(String.init)
        let cells = try #require(row)
        #expect(cells.contains("$40.00") && cells.contains("75.0 %") && cells.contains(">2026-03-03<"))
        #expect(cells.contains(">2026-03-04<") && cells.contains(">never<"))
        #expect(page.html.contains("with the limit budget at $40.00") && page.html.contains("with the limit pool.a.b at 8"))
        // What never is has no chart.
        #expect(page.count(of: ">pool.a.b 8<") == 2 && page.count(of: ">budget $40.00<") == 2)
        #expect(!page.html.contains("Forecast of idle"))
        #expect(page.html.contains("demand 81.2 %; spot 20.0 %; together, and left open -1.2 %"))
    }

    @Test("a forecast is told in text, as a table and as JSON too")
    func forecastInText() throws {
        let path = folder.file("forecast.sqlite")
        try SampleForecast.write(to: path)
        let summary = try ExperimentSummary(of: ExperimentReader(path: path))
        let lines = summary.text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        // The last of three days; what never is tells nothing.
        #expect(lines.contains("cost.sum 2026-03-04 $31.50 $37.50 $45.00 $52.50 $58.50"), "\(summary.text)")
        #expect(!summary.text.contains("idle"))
        #expect(lines.contains("budget $40.00 75.0 % 2026-03-03 2026-03-03 2026-03-04 2026-03-04 never"))
        #expect(lines.contains("pool.a.b 8 0.0 % never never never never never"))
        #expect(lines.contains("together, and left open -1.2 % -11.2 % to 8.8 %"))
        #expect(summary.table.rows.count == summary.forecast.count && summary.table.columns.contains("quantile_permille"))
        let json = try JSONSerialization.jsonObject(with: Data(summary.json.utf8)) as? [String: Any]
        #expect((json?["forecast"] as? [Any])?.count == summary.forecast.count)
    }

    @Test("the page of an experiment tells what is shown, what is weighed and what was lost")
    func experiment() throws {
        let page = try experimentPage()
        check(page)
        #expect(page.html.contains("Which one &amp; why?") && page.html.contains("pack &lt;b&gt;"))
        #expect(page.html.contains("no difference shown") && page.html.contains("on the front"))
        #expect(page.html.contains("not better anywhere than spread") && page.html.contains("signal 4"))
        let text = try ExperimentSummary(of: ExperimentReader(path: folder.file("experiment.sqlite"))).text
        #expect(text.contains("pack <b>   $8.00      -$2.00") && text.contains("1 runs are without figures"), "\(text)")
    }

    @Test("a fan is drawn for screens and telephones, whatever the numbers are", arguments: [0, 1e9, -5e9])
    func fan(base: Double) {
        let points = (0..<30).map { day in
            let spread = 1e8 * Double(day)
            return FanChart.Point(
                at: .start + .days(Int64(day)), p5: base - spread, p25: base - spread / 2, p50: base,
                p75: base + spread / 2, p95: base + spread)
        }
        let chart = FanChart(summary: "A fan", points: points, clock: .init(startDate: .init(unixSeconds: 0))) {
            MetricFigure.text($0, unit: "nanodollars", largest: 1e9)
        }
        let page = PageText(html: chart.html)
        #expect(page.firstBadTag == nil && page.count(of: "class=\"fan90\"") == 2 && !chart.html.contains("nan"))
    }

    /// The ends of a scale, about how many ticks, and those that are round.
    static let tickRows: [(from: Double, to: Double, count: Int, ticks: [Double])] = [
        (0, 10, 4, [0, 2.5, 5, 7.5, 10]), (0, 9, 4, [0, 2.5, 5, 7.5]), (-3, 3, 3, [-2, 0, 2]),
        (0, 0.04, 4, [0, 0.01, 0.02, 0.03, 0.04]), (5, 5, 4, [5, 5.25, 5.5, 5.75, 6]),
    ]

    @Test("ticks are round numbers within the range", arguments: tickRows)
    func ticks(row: (from: Double, to: Double, count: Int, ticks: [Double])) {
        let scale = Scale(from: row.from, to: row.to, start: 0, end: 100)
        let ticks = scale.ticks(row.count)
        #expect(ticks.count == row.ticks.count, "\(ticks)")
        for (left, right) in zip(ticks, row.ticks) { #expect(abs(left - right) < 1e-9) }
        #expect(Scale(from: 0, to: 3, start: 0, end: 1).ticks(4, isWhole: true) == [0, 1, 2, 3])
    }
}

@Suite("Pages in a browser", .enabled(if: Chromium.path != nil, "there is no Chromium here"))
struct BrowserTests {
    /// What a visitor does: opens all, goes to the head of the second column of the first table by keyboard, sorts by it, twice,
    /// and looks whether the page is too wide for the window.
    private static let visit = """
        <script>
        document.querySelectorAll("details").forEach((part) => { part.open = true; });
        const table = document.querySelector("table.sortable");
        const button = table.tHead.rows[0].cells[1].querySelector("button");
        const column = () => [...table.tBodies[0].rows].map((row) => Number(row.cells[1].dataset.v));
        button.focus();
        const isReached = document.activeElement === button && button.tabIndex === 0 && button.tagName === "BUTTON";
        button.click();
        const up = column();
        button.click();
        const down = column();
        const told = document.createElement("p");
        told.id = "told";
        told.textContent = [
          up.every((value, place) => place === 0 || up[place - 1] <= value),
          down.every((value, place) => place === 0 || down[place - 1] >= value), up.length > 1,
          button.parentElement.getAttribute("aria-sort"), isReached,
          document.documentElement.scrollWidth <= window.innerWidth,
          getComputedStyle(document.querySelector("svg.wide")).display,
        ].join(" ");
        document.body.append(told);
        </script>
        """

    @Test("tables sort by keyboard and mouse, and nothing is wider than the window", arguments: [1_200, 500])
    func sorts(width: Int) throws {
        let folder = try TemporaryFolder()
        try SampleExperiment.write(to: folder.file("e.sqlite"))
        try SampleRun.write(to: folder.file("r.sqlite"))
        let pages = [
            try ExperimentPage(of: ExperimentReader(path: folder.file("e.sqlite"))).html(),
            try RunPage(of: RunReader(path: folder.file("r.sqlite"))).html(),
        ]
        for html in pages {
            try folder.write(html.replacingOccurrences(of: "</body>", with: Self.visit + "</body>"), to: "page.html")
            let seen = try Chromium.page(folder.file("page.html"), width: width)
            let shown = width > 600 ? "block" : "none"
            #expect(
                seen.contains("<p id=\"told\">true true true descending true true \(shown)</p>"), "\(seen.suffix(300))")
        }
    }
}
