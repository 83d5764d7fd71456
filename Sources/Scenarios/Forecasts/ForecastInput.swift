package import Chronology
package import KubernetesAPI
package import Statistics

/// A history made ready to be forecast.
package struct ForecastInput: Sendable {
    package let grid: UsageGrid
    package let series: DemandSeries
    /// In steps.
    package let horizon: Int
    package let holidayNames: [String]
    /// The texts that it was read from.
    package internal(set) var files: [(name: String, text: String)] = []

    /// Returns a method's name with its seasons as lengths instead of steps.
    package func named(_ method: String) -> String {
        guard let open = method.firstIndex(of: "("), let close = method.lastIndex(of: ")"), open < close else {
            return method
        }
        let parts = method[method.index(after: open)..<close].split(separator: ",").map { part in
            Int64(part).map { "\(Duration(nanoseconds: $0 * grid.step.nanoseconds))" } ?? String(part)
        }
        return String(method[...open]) + parts.joined(separator: ",") + String(method[close...])
    }

    /// Returns when the step with a number begins.
    package func time(of step: Int) -> UnixTime {
        let at = grid.start + Int64(step) * grid.step.nanoseconds
        let second = at >= 0 ? at / 1_000_000_000 : (at - 999_999_999) / 1_000_000_000
        return UnixTime(seconds: second, nanoseconds: Int(at - second * 1_000_000_000))
    }

    /// What is asked of a forecast, as the user says it.
    package struct Request: Sendable {
        package var every: Duration?
        package var merging = UsageGrid.Merging.mean
        package var horizon: Duration
        /// nil for a day and a week, as far as the history has two of them.
        package var seasons: [Duration]?

        /// Creates a request.
        package init(horizon: Duration) { self.horizon = horizon }
    }

    /// How many times its own length a history can be looked ahead.
    private static let reach = 4

    /// Makes a history ready; nil, and what is wrong, when it cannot be.
    package init?(
        _ history: UsageHistory, _ request: Request, holidays: HolidayCalendar, _ diagnostics: Diagnostics
    ) {
        guard
            let grid = UsageGrid(
                history, every: request.every, merging: request.merging, horizon: request.horizon, diagnostics)
        else { return nil }
        let step = grid.step.nanoseconds
        func fail(_ message: String, _ expected: String) {
            diagnostics.add(
                Diagnostic(
                    .error, file: history.file, position: Position(line: 1, column: 1), message: message,
                    expected: expected))
        }
        var seasons: [Int] = []
        for season in request.seasons ?? [.days(1), .days(7)] {
            let (count, rest) = season.nanoseconds.quotientAndRemainder(dividingBy: step)
            if rest == 0, count >= 2, 2 * Int(count) <= grid.values.count {
                seasons.append(Int(count))
            } else if request.seasons != nil {
                fail(
                    rest != 0 || count < 2
                        ? "a season of \(season) is no whole number of steps of \(grid.step), at least 2"
                        : "a season of \(season) is longer than half of the history",
                    "another --season, or --every")
                return nil
            }
        }
        horizon = Int((request.horizon.nanoseconds + step - 1) / step)
        guard horizon >= 1, horizon <= Self.reach * grid.values.count else {
            fail(
                "a horizon of \(request.horizon) is longer than \(Self.reach) times the history of "
                    + "\(grid.values.count) steps of \(grid.step)", "a shorter --horizon")
            return nil
        }
        self.grid = grid
        holidayNames = holidays.names
        series = DemandSeries(
            values: grid.values, seasons: seasons,
            holidays: holidays.steps(of: grid, count: grid.values.count + horizon))
    }
}
