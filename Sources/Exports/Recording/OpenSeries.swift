import RunDatabase

/// A series that goes on: what it was at its last change.
struct OpenSeries {
    let family: Int
    let labels: String
    var value: Double
    /// What is added in a second.
    var slope: Double = 0
    /// In nanoseconds since the start of the run.
    var since: Int64

    func value(at nanoseconds: Int64) -> Double {
        slope == 0 ? value : value + slope * Double(nanoseconds - since) / 1e9
    }

    /// What it was up to an instant.
    func stretch(to nanoseconds: Int64) -> SeriesStretch {
        SeriesStretch(labels: labels, from: since, to: nanoseconds, value: value, slope: slope)
    }
}

/// The series of something that is told of by a name, such as a node: each is set at every look, or ends.
struct SeriesBook {
    private var series: [String: (open: OpenSeries, look: Int64)] = [:]

    /// Notes a value at a look, and returns what came to an end by that.
    mutating func set(_ derived: DerivedFamily, _ labels: String, _ value: Double, look: Int64, at: Int64)
        -> OpenSeries?
    {
        let key = "\(derived.rawValue) \(labels)"
        let known = series[key]
        if let known, known.open.value == value {
            series[key]?.look = look
            return nil
        }
        series[key] = (OpenSeries(family: derived.place, labels: labels, value: value, since: at), look)
        return known?.open
    }

    /// Takes out the series that were not set at a look.
    mutating func removeStale(look: Int64) -> [OpenSeries] {
        let stale = series.filter { $0.value.look != look }.map(\.key).sorted()
        return stale.compactMap { series.removeValue(forKey: $0)?.open }
    }
}
