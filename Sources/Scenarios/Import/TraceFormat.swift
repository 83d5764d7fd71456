package import Chronology

/// A form of trace that `orrery import` reads, and what it makes of it.
///
/// One file per format, and a line in `TraceRegistry`. A format reads its files line by line, and keeps of them what the
/// scenario needs to know as a whole, never the lines.
package protocol TraceFormat: SendableMetatype {
    /// The name on the command line.
    static var name: String { get }
    /// What it is, and which files it takes, in one line.
    static var summary: String { get }
    /// Reads the files and writes the scenario; what is wrong is recorded at `source`.
    static func convert(_ source: TraceSource, _ options: ImportOptions, into folder: ScenarioFolder)
}

/// Every format, in the order in which they are listed.
package enum TraceRegistry {
    package static let formats: [any TraceFormat.Type] = [
        SurfLisaTrace.self, BitbrainsTrace.self, AzureLLMTrace.self, WorldCupTrace.self,
    ]

    /// The format called `name`, or nil.
    package static func format(named name: String) -> (any TraceFormat.Type)? {
        formats.first { $0.name == name }
    }
}

/// What a person may choose about an import; nil is the format's own.
package struct ImportOptions: Hashable, Sendable {
    /// How many machines.
    package var machines: Int64?
    /// How much of the load is taken, in thousandths: of its objects, or of its rates.
    package var scalePermille: Int64 = 1_000
    /// Only what happens from here on; the scenario starts here.
    package var from: TracePoint?
    /// Only what happens before this.
    package var until: TracePoint?
    /// The processor time that a request takes.
    package var cpuPerRequest: Duration?

    /// Creates the choice of everything.
    package init() {}

    /// How often the thing with this number, from 0, is taken: evenly, and the same each time.
    func copies(ofNumber number: Int64) -> Int64 {
        (number + 1) * scalePermille / 1_000 - number * scalePermille / 1_000
    }
}

/// A point of a trace's time, as people give it.
package enum TracePoint: Hashable, Sendable {
    case date(UnixTime)
    /// Since the trace's first entry.
    case offset(Duration)

    /// Reads a date such as 1998-06-01, or a length since the beginning such as 36h.
    package init?(parsing text: String) {
        if let length = try? Duration(parsing: text), length >= .zero {
            self = .offset(length)
        } else if let time = try? UnixTime(parsing: text) {
            self = .date(time)
        } else {
            return nil
        }
    }

    /// Returns the milliseconds since 1970, for a trace that begins at `first`.
    func milliseconds(after first: Int64) -> Int64 {
        switch self {
        case .offset(let length): first + length.nanoseconds / 1_000_000
        case .date(let time): time.seconds * 1_000 + Int64(time.nanoseconds / 1_000_000)
        }
    }
}

/// The part of a trace that is taken, in milliseconds since 1970, and where its scenario starts.
struct TraceWindow {
    let from: Int64
    let until: Int64

    /// Returns the part of a trace between `first` and `last` (not included) that the options ask for, or nil, with an
    /// error, when nothing is in it. It begins at a whole second.
    init?(first: Int64, last: Int64, _ options: ImportOptions, _ source: TraceSource) {
        let from = max(first, options.from?.milliseconds(after: first) ?? first)
        let until = min(last, options.until?.milliseconds(after: first) ?? last)
        guard from < until else {
            source.fail("nothing of the trace lies between --from and --until")
            return nil
        }
        self.from = from / 1_000 * 1_000
        self.until = until
    }

    /// The scenario's start.
    var start: StartDate { StartDate(unixSeconds: from / 1_000) }

    /// The time since the scenario's start of a point of the trace, as CSV files have it.
    func text(_ milliseconds: Int64) -> String {
        let since = milliseconds - from
        if since % 1_000 == 0 { return String(since / 1_000) }
        return "\(Duration.milliseconds(since))"
    }
}
