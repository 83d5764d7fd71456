package import KubernetesAPI

/// Reads the files of a forecast.
package struct ForecastFiles {
    private let standardInput: [UInt8]?

    /// Prepares to read; `standardInput` is what `-` stands for.
    package init(standardInput: [UInt8]? = nil) { self.standardInput = standardInput }

    /// Returns a history ready to be forecast; nil, and what is wrong, when there is an error.
    package func read(
        history: String, column: String?, holidays: String?, _ request: ForecastInput.Request,
        _ diagnostics: Diagnostics
    ) -> ForecastInput? {
        let ledger = InputLedger(standardInput: standardInput, diagnostics: diagnostics)
        let usage = ledger.readFile(history, .request).flatMap { UsageHistory.read($0, column: column, diagnostics) }
        var calendar: HolidayCalendar? = HolidayCalendar.none
        if let holidays {
            calendar = ledger.readFile(holidays, .request).flatMap { HolidayCalendar.read($0, diagnostics) }
        }
        guard let usage, let calendar else { return nil }
        return ForecastInput(usage, request, holidays: calendar, diagnostics)
    }
}
