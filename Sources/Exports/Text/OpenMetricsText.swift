package import Chronology
package import RunDatabase

/// Writes what a spool holds as OpenMetrics text with timestamps, ready for
/// `promtool tsdb create-blocks-from openmetrics`.
package struct OpenMetricsText {
    private static let chunk = 1 << 18

    private let plan: ExportPlan
    private let startDate: StartDate
    /// Labels that every sample gets beside its own, each followed by a comma; empty for none.
    private let extra: String
    /// The samples written so far.
    package private(set) var samples: Int64 = 0
    private var buffer: [UInt8] = []

    /// `labels` are added to those of every sample.
    package init(_ plan: ExportPlan, startDate: StartDate, labels: [(String, String)] = []) {
        self.plan = plan
        self.startDate = startDate
        extra = labels.isEmpty ? "" : LabelText.of(labels) + ","
    }

    /// Writes all families that have samples, in the order of the export, and the end; `write` takes it in pieces.
    package mutating func write(_ spool: SeriesSpool, _ write: ([UInt8]) -> Void) throws(RunDatabaseError) {
        for (place, family) in ExportFamilies.all.enumerated() {
            var isOpen = false
            let prefix = Array("\(family.sampleName){\(extra)".utf8)
            try spool.forEachStretch(of: place) { stretch in
                let (first, end) = (plan.number(notBefore: stretch.from), plan.number(notBefore: stretch.to))
                guard first < end else { return }
                if !isOpen { open(family) }
                isOpen = true
                let head = prefix + stretch.labels.utf8 + Array("} ".utf8)
                let value = Array(Self.text(stretch.value).utf8)
                for number in first..<min(end, plan.count) {
                    let at = plan.look(number).nanoseconds
                    buffer += head
                    if stretch.slope == 0 {
                        buffer += value
                    } else {
                        let grown = stretch.value + stretch.slope * Double(at - stretch.from) / 1e9
                        buffer += Self.text(grown).utf8
                    }
                    buffer.append(0x20)
                    append(time: at)
                    buffer.append(0x0A)
                    samples += 1
                    if buffer.count >= Self.chunk { empty(write) }
                }
            }
        }
        buffer += Self.end.utf8
        empty(write)
    }

    private mutating func open(_ family: MetricFamily) {
        buffer += Self.head(of: family).utf8
    }

    /// What stands before the samples of a family.
    static func head(of family: MetricFamily) -> String {
        var text = "# TYPE \(family.name) \(family.kind.rawValue)\n"
        if !family.unit.isEmpty { text += "# UNIT \(family.name) \(family.unit)\n" }
        return text + "# HELP \(family.name) \(family.help)\n"
    }

    /// What stands after everything.
    static let end = "# EOF\n"

    private mutating func empty(_ write: ([UInt8]) -> Void) {
        write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Seconds since 1970, with milliseconds where there are any: Prometheus keeps no more.
    private mutating func append(time nanoseconds: Int64) {
        let millis = startDate.unixSeconds * 1_000 + nanoseconds / 1_000_000
        buffer += "\(millis / 1_000)".utf8
        let rest = millis % 1_000
        if rest > 0 { buffer += ".\(rest / 100)\(rest / 10 % 10)\(rest % 10)".utf8 }
    }

    /// A number as OpenMetrics reads it: whole ones without a point.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        guard value == value.rounded(), abs(value) < 1e15 else { return "\(value)" }
        return "\(Int64(value))"
    }
}
