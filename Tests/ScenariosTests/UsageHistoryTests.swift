import Chronology
import KubernetesAPI
import Statistics
import Testing

@testable import Scenarios

@Suite("Histories of usage")
struct UsageHistoryTests {
    private static func read(
        _ text: String, column: String? = nil, _ diagnostics: Diagnostics = Diagnostics()
    ) -> UsageHistory? {
        UsageHistory.read(LoadedFile(name: "h.csv", contents: Array(text.utf8)), column: column, diagnostics)
    }

    private static func hours(_ values: [String], from first: Int = 0) -> String {
        "time,value\n" + values.enumerated().map { "\(3_600 * (first + $0.offset)),\($0.element)\n" }.joined()
    }

    /// Histories that are wrong, and what is said of them.
    static let wrongRows: [(text: String, column: String?, message: String)] = [
        ("", nil, "h.csv:1:1: error: the file is empty"),
        ("a,b\n1,2\n", nil, "h.csv:1:1: error: there is no column of times"),
        ("tme,value\n1,2\n", nil, "did you mean \"time\"?"),
        ("time,a,b\n1,2,3\n", nil, "h.csv:1:1: error: it is not clear which column holds the values"),
        ("time,first,b\n1,2,3\n", "frist", "did you mean \"first\"?"),
        ("time,value\n2026-01-01,1\n2026-13-01,2\n", nil, "h.csv:3:1: error: \"2026-13-01\" is no time"),
        ("value,time\n1,2026-01-01\n x,2026-01-02\n", nil, "h.csv:3:2: error: \"x\" is no number"),
        ("time,value\n1,inf\n2,1\n", nil, "h.csv:2:3: error: \"inf\" is no number"),
        ("time,value\n5m,1\n", nil, "h.csv:2:1: error: \"5m\" is no time"),
        ("time,value\n1,2\n", nil, "h.csv:1:1: error: a history has at least two lines, and this has 1"),
    ]

    @Test("what is wrong is told with its place", arguments: wrongRows)
    func wrong(row: (text: String, column: String?, message: String)) {
        let diagnostics = Diagnostics()
        #expect(Self.read(row.text, column: row.column, diagnostics) == nil)
        #expect(diagnostics.all.contains { "\($0)".contains(row.message) }, "\(diagnostics.all)")
    }

    @Test(
        "times come in several forms, and lines in any order",
        arguments: [
            "time,value\n1767225600,1\n1767229200,2\n", "time,value\n1767229200000,2\n1767225600000,1\n",
            "date,n\n2026-01-01 00:00,1\n2026-01-01T01:00:00Z,2\n",
            "x,timestamp_ms,value\nq,1767225600,1\nq,1767229200,2\n",
        ])
    func forms(text: String) throws {
        let history = try #require(Self.read(text))
        #expect(history.samples.map(\.value) == [1, 2])
        #expect(history.samples.map(\.at) == [1_767_225_600_000_000_000, 1_767_229_200_000_000_000])
    }

    @Test("a missing value and a missing line leave a step without a value, and are told")
    func gaps() throws {
        let diagnostics = Diagnostics()
        let text = "time,value\n0,1\n3600,\n7200,3\n14400,5\n18000,6\n"
        let history = try #require(Self.read(text))
        let grid = try #require(
            UsageGrid(history, every: nil, merging: .mean, horizon: .hours(1), diagnostics))
        #expect(grid.step == .hours(1) && grid.values.map { $0.isNaN ? -1 : $0 } == [1, -1, 3, -1, 5, 6])
        #expect(grid.notes == ["2 of 6 steps have no value (the longest gap: 1h); none was made up"])
    }

    /// Ways to put six hours from one o'clock on together to steps of two.
    static let mergeRows: [(UsageGrid.Merging, [Double])] = [
        (.mean, [2.5, 4.5]), (.sum, [5, 9]), (.max, [3, 5]),
    ]

    @Test("lines are put together at whole multiples, and steps that are not whole do not count", arguments: mergeRows)
    func merges(row: (merging: UsageGrid.Merging, values: [Double])) throws {
        let history = try #require(Self.read(Self.hours(["1", "2", "3", "4", "5", "6"], from: 1)))
        let grid = try #require(
            UsageGrid(history, every: .hours(2), merging: row.merging, horizon: .hours(2), Diagnostics()))
        #expect(grid.start == 0 && grid.values[0].isNaN && Array(grid.values.dropFirst()) == row.values)
        #expect(grid.notes.count == 3)
    }

    @Test("a history that is too fine is put together, and that is told")
    func fine() throws {
        let minutes = "time,value\n" + (0..<4_000).map { "\(60 * $0),1\n" }.joined()
        let history = try #require(Self.read(minutes))
        let grid = try #require(
            UsageGrid(history, every: nil, merging: .mean, horizon: .days(1), Diagnostics()))
        #expect(grid.step == .minutes(5) && grid.notes[0] == "steps of 1m were put together to 5m (--every says otherwise)")
    }

    /// Histories of 48 hours that cannot be brought on the grid that is asked for.
    static let gridRows: [(every: Duration?, seasons: [Duration]?, horizon: Duration, message: String)] = [
        (.minutes(5), nil, .hours(1), "the lines are 1h apart (expected --every of at least that)"),
        (nil, [.minutes(90)], .hours(1), "a season of 1h30m is no whole number of steps of 1h, at least 2"),
        (nil, [.days(2)], .hours(1), "is longer than half of the history"),
        (nil, nil, .days(30), "is longer than 4 times the history of 24 steps of 2h"),
    ]

    @Test("what cannot be is told", arguments: gridRows)
    func grids(row: (every: Duration?, seasons: [Duration]?, horizon: Duration, message: String)) throws {
        let history = try #require(Self.read(Self.hours((0..<48).map(String.init))))
        var request = ForecastInput.Request(horizon: row.horizon)
        request.every = row.every
        request.seasons = row.seasons
        let diagnostics = Diagnostics()
        #expect(ForecastInput(history, request, holidays: .none, diagnostics) == nil)
        #expect(diagnostics.all.contains { "\($0)".contains(row.message) }, "\(diagnostics.all)")
    }

    @Test("a time that stands twice is an error, unless it is said how it becomes one")
    func twice() throws {
        let history = try #require(Self.read("time,value\n0,1\n3600,2\n3600,4\n7200,8\n"))
        let diagnostics = Diagnostics()
        #expect(UsageGrid(history, every: nil, merging: .mean, horizon: .hours(1), diagnostics) == nil)
        #expect(diagnostics.all.contains { "\($0)".contains("h.csv:4:1: error: the time of line 3 stands here again") })
        let grid = UsageGrid(history, every: .hours(1), merging: .sum, horizon: .hours(1), diagnostics)
        #expect(grid?.values == [1, 6, 8])
    }

    @Test("holidays mark the steps of their days, beyond the history too")
    func holidays() throws {
        let text = "date,name\n1970-01-02,fair\n1970-01-04,market\n1970-01-05,fair\n"
        let calendar = try #require(
            HolidayCalendar.read(LoadedFile(name: "d.csv", contents: Array(text.utf8)), Diagnostics()))
        let history = try #require(Self.read(Self.hours((0..<72).map(String.init))))
        let input = try #require(
            ForecastInput(history, ForecastInput.Request(horizon: .days(2)), holidays: calendar, Diagnostics()))
        #expect(input.series.seasons == [24] && input.horizon == 48)
        #expect(stride(from: 0, to: 120, by: 24).map { input.series.holidays[$0] } == [nil, 0, nil, 1, 0])
        #expect(input.holidayNames == ["fair", "market"] && input.named("seasonal(24,168) memory") == "seasonal(24h,7d) memory")
        let diagnostics = Diagnostics()
        let wrong = LoadedFile(name: "d.csv", contents: Array("date\n1970-02-30\n".utf8))
        #expect(HolidayCalendar.read(wrong, diagnostics) == nil)
        #expect("\(diagnostics.all[0])".hasPrefix("d.csv:2:1: error: \"1970-02-30\" is no day"))
    }
}
