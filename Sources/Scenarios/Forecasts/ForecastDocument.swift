import Chronology

/// A forecast as it is asked for, by a file or on a command line.
package struct ForecastDocument: Sendable {
    static let kind = "Forecast"
    /// The name of the file in a folder.
    package static let fileName = "forecast.yaml"
    /// The units of a curve of requests.
    package static let units = ["perSecond", "perMinute", "perHour"]
    /// Runs that can be asked for.
    package static let replicationRange: ClosedRange<Int64> = 2...10_000

    /// nil for the name of the scenario.
    package var name: String?
    package var question = ""
    /// From the working directory, as the paths below.
    package var scenario: String
    /// What is another than in the scenario, each a `path=value`.
    package var settings: [String] = []
    package var history: String
    /// The column of values, where there are several.
    package var column: String?
    package var holidays: String?
    package var input = ForecastInput.Request(horizon: .days(1))
    /// The service that the history drives, where several have traffic.
    package var service: String?
    package var unit = "perSecond"
    package var growth: StatedGrowth?
    package var limits: [StatedLimit] = []
    /// Runs; at most, where there is an interval to be reached.
    package var replications = 40
    /// Half the width of the interval of the mean cost, as a share of it, at which it is narrow enough.
    package var intervalShare: Double?
    package var isDecomposed = false
    package var seed: UInt64 = 1

    /// Creates the forecast of a scenario with a history, as it is asked for where nothing else is said.
    package init(scenario: String, history: String) {
        self.scenario = scenario
        self.history = history
    }

    /// Reads a share such as `2%`; nil for anything else.
    package static func intervalShare(_ text: String) -> Double? {
        guard text.hasSuffix("%"), let percent = Double(text.dropLast()), percent > 0, percent <= 100 else {
            return nil
        }
        return percent / 100
    }
}
