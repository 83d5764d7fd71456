import Chronology

/// A line by which a worker tells of its seeds.
package enum SwarmLine: WorkerLine, Hashable, Sendable {
    case began(UInt64)
    case ended(UInt64, SwarmCheck.Outcome)

    private static let mark = "orrery-swarm"

    /// The line, without its break.
    package var text: String {
        switch self {
        case .began(let seed): return "\(Self.mark)\tbegan\t\(seed)"
        case .ended(let seed, let outcome):
            var fields = [
                "\(seed)", "\(outcome.events)", outcome.digest, "\(outcome.lastDisturbance.nanoseconds)",
                outcome.settling.map { "\($0.nanoseconds)" } ?? "-", outcome.isJudged ? "1" : "0",
            ]
            if let failure = outcome.failure {
                fields += [
                    failure.kind.rawValue, failure.subject, failure.message, "\(failure.event)",
                    "\(failure.at.nanoseconds)",
                ]
            }
            return ([Self.mark, "ended"] + fields).map(WorkerText.escaped).joined(separator: "\t")
        }
    }

    /// Reads what `text` wrote; nil for anything else.
    package init?(_ line: String) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map {
            WorkerText.unescaped(String($0))
        }
        guard fields.count >= 3, fields[0] == Self.mark, let seed = UInt64(fields[2]) else { return nil }
        if fields[1] == "began", fields.count == 3 {
            self = .began(seed)
            return
        }
        guard fields[1] == "ended", [8, 13].contains(fields.count), let events = Int64(fields[3]),
            let last = Int64(fields[5])
        else { return nil }
        var outcome = SwarmCheck.Outcome()
        outcome.events = events
        outcome.digest = fields[4]
        outcome.lastDisturbance = Duration(nanoseconds: last)
        outcome.settling = Int64(fields[6]).map { Duration(nanoseconds: $0) }
        outcome.isJudged = fields[7] == "1"
        if fields.count == 13 {
            guard let kind = SwarmFailure.Kind(rawValue: fields[8]), let event = Int64(fields[11]),
                let at = Int64(fields[12])
            else { return nil }
            outcome.failure = SwarmFailure(
                kind, fields[9], fields[10], event: event, at: Duration(nanoseconds: at))
        }
        self = .ended(seed, outcome)
    }
}
