import Chronology
import KubernetesAPI
import Simulation
import Workloads

/// Warns of what a scenario lets happen after the end of its run, or before its start: such a run looks as if it counted.
struct EndCheck {
    let reading: ScenarioReading
    let horizon: Duration
    private var end: Instant { .start + horizon }

    init(reading: ScenarioReading, horizon: Duration) {
        self.reading = reading
        self.horizon = horizon
    }

    /// Looks at changes, arrivals, and the series that were read from files.
    func check(changes: [ChangeDraft], arrivals: [ArrivalDraft]) {
        for change in changes where change.at > end {
            reading.warn(
                "the change is made first after \(change.at.sinceStart), and the run ends after \(horizon)",
                path: change.timing.path, at: change.timing.position, expected: "a time within the run")
        }
        for arrival in arrivals {
            guard let first = Self.first(of: arrival.spec), first > end else { continue }
            reading.warn(
                "nothing arrives before \(first.sinceStart), and the run ends after \(horizon)",
                path: arrival.timing.path, at: arrival.timing.position, expected: "a time within the run")
        }
        for series in reading.seriesPlaces { check(series) }
    }

    /// The earliest instant of an arrival, as far as the scenario itself says so.
    private static func first(of spec: ArrivalSpec) -> Instant? {
        switch spec.process {
        case .every(let interval): spec.from + interval
        case .poisson, .renewal: spec.from
        case .trace(let trace): trace.rows.first { $0.at >= spec.from }?.at
        }
    }

    private func check(_ series: ScenarioReading.SeriesPlace) {
        let isBefore = series.last < .zero
        guard isBefore || series.first > horizon else { return }
        let start = reading.decoding.startDate
        // Nobody counts three decades of seconds from the start of a run.
        let isUnix = !isBefore && series.isInSeconds && series.first >= .days(10_950)
        let (first, last) = (start.unixTime(of: .start + series.first), start.unixTime(of: .start + series.last))
        let said =
            isUnix
            ? "times are seconds since the start, and these look like Unix times"
            : "its times go from \(first.text()) to \(last.text())"
        reading.warn(
            "no line of \(series.file) falls into the run: \(said); the \(isBefore ? "last" : "first") value is used "
                + "all the time", path: series.path, at: series.position,
            expected: isUnix
                ? "dates such as \(start), or times since then"
                : "times from \(start) on, up to \(horizon) later; or repeat")
    }
}
