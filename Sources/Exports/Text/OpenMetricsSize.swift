package import Chronology
package import RunDatabase

/// How large the text of a spool will be, told before it is written.
///
/// Exact but for counters that grow: each of their numbers is taken to be as long as the last one.
package struct OpenMetricsSize: Hashable, Sendable {
    package private(set) var bytes: Int64 = 0
    package private(set) var samples: Int64 = 0
    package private(set) var series: Int64 = 0

    /// Creates a size that somebody knows.
    package init(bytes: Int64, samples: Int64, series: Int64) {
        self.bytes = bytes
        self.samples = samples
        self.series = series
    }

    /// Measures what `OpenMetricsText` would write with the same `plan`, `startDate` and `labels`.
    package init(
        _ spool: SeriesSpool, _ plan: ExportPlan, startDate: StartDate, labels: [(String, String)] = []
    ) throws(RunDatabaseError) {
        let extra = labels.isEmpty ? 0 : Int64(LabelText.of(labels).utf8.count) + 1
        let isWhole = plan.from.nanoseconds % 1_000_000_000 == 0 && plan.step.nanoseconds % 1_000_000_000 == 0
        let date = startDate.unixSeconds + plan.to.nanoseconds / 1_000_000_000
        // A space, the seconds with a point and milliseconds, and the end of the line.
        let time = 1 + Int64("\(date)".utf8.count) + (isWhole ? 0 : 4) + 1
        for (place, family) in ExportFamilies.all.enumerated() {
            // Around the labels stand braces, and after them a space.
            let prefix = Int64(family.sampleName.utf8.count) + extra + 3
            var last = ""
            var count = (bytes: Int64(0), samples: Int64(0), series: Int64(0))
            try spool.forEachStretch(of: place) { stretch in
                let (first, end) = (plan.number(notBefore: stretch.from), plan.number(notBefore: stretch.to))
                let samples = min(end, plan.count) - first
                guard first < end, samples > 0 else { return }
                if stretch.labels != last || count.series == 0 { count.series += 1 }
                last = stretch.labels
                let grown = stretch.value + stretch.slope * Double(stretch.to - stretch.from) / 1e9
                let value = Int64(OpenMetricsText.text(grown).utf8.count)
                count.samples += samples
                count.bytes += samples * (prefix + Int64(stretch.labels.utf8.count) + value + time)
            }
            bytes += count.bytes
            samples += count.samples
            series += count.series
            if count.samples > 0 { bytes += Int64(OpenMetricsText.head(of: family).utf8.count) }
        }
        bytes += Int64(OpenMetricsText.end.utf8.count)
    }
}
