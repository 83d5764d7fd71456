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
        var files: [(name: String, text: String)] = []
        // Where the files lie on this machine is nobody's concern.
        func read(_ path: String, as kind: String) -> LoadedFile? {
            guard let file = ledger.readFile(path, .request) else { return nil }
            let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
            files.append((name: "\(kind)/\(name)", text: String(decoding: file.contents, as: UTF8.self)))
            return file
        }
        let usage = read(history, as: "history").flatMap { UsageHistory.read($0, column: column, diagnostics) }
        var calendar: HolidayCalendar? = HolidayCalendar.none
        if let holidays { calendar = read(holidays, as: "holidays").flatMap { HolidayCalendar.read($0, diagnostics) } }
        guard let usage, let calendar else { return nil }
        var input = ForecastInput(usage, request, holidays: calendar, diagnostics)
        input?.files = files
        return input
    }
}
