/// A line by which a worker tells of a run that ended.
package struct FragmentationLine: WorkerLine, Hashable {
    /// Where the run stands in the plan.
    package let place: Int
    /// What it showed.
    package let series: FragmentationSeries

    private static let mark = "orrery-fragmentation"

    init(place: Int, series: FragmentationSeries) {
        self.place = place
        self.series = series
    }

    /// The line, without its break. Figures are written bit by bit, so that tables do not depend on who ran.
    package var text: String {
        let figures = series.columns.map { column in
            column.map { String($0.bitPattern, radix: 16) }.joined(separator: " ")
        }
        return ([Self.mark, String(place)] + figures).joined(separator: "\t")
    }

    /// Reads what `text` wrote; nil for anything else.
    package init?(_ line: String) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 2 + FragmentationSeries.columnCount, fields[0] == Self.mark, let place = Int(fields[1])
        else { return nil }
        var columns: [[Double]] = []
        for field in fields[2...] {
            let bits = field.split(separator: " ").map { UInt64($0, radix: 16) }
            guard bits.allSatisfy({ $0 != nil }) else { return nil }
            columns.append(bits.map { Double(bitPattern: $0 ?? 0) })
        }
        self.init(place: place, series: FragmentationSeries(columns: columns))
    }
}
