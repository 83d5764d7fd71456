import Chronology
import Experiments
import Foundation

/// What a swarm came to, for people and for programs.
enum SwarmText {
    /// Returns a block for each failure and a line for all; `folders` are where the first of them were written.
    static func lines(_ report: SwarmReport, _ folders: [String], _ seconds: Double) -> String {
        var text = ""
        for (index, found) in report.failures.enumerated() {
            text += "seed \(found.seed) failed: \(found.failure)\n"
            text += "  again     \(Invocation.line("swarm", "--seeds", "\(found.seed)..\(found.seed)"))\n"
            if folders.indices.contains(index) { text += "  scenario  \(folders[index])\n" }
            text += "  smaller   \(Invocation.line("shrink", "--seed", "\(found.seed)"))\n"
        }
        let failed = report.failures.count
        let each = Figures.fixed(seconds * 1_000 / Double(max(1, report.count)), 1)
        text += "\(report.count) seeds, \(report.count - failed) clean, \(failed) failed; "
        text += "\(Figures.grouped(report.events)) events, \(each) ms a seed, digest \(report.digest)\n"
        if let slowest = report.slowest {
            text += "slowest to settle: seed \(slowest.seed), \(slowest.time)\n"
        }
        return text
    }

    /// Returns what a scenario came to.
    static func line(_ outcome: SwarmCheck.Outcome) -> String {
        if let failure = outcome.failure { return "failed: \(failure)\n" }
        let events = "\(Figures.grouped(outcome.events)) events, every invariant held"
        if let settling = outcome.settling {
            return "\(events), settled \(settling) after the last disturbance (\(outcome.lastDisturbance))\n"
        }
        return "\(events); whether it settles was not asked: \(SwarmCheck.bound) must pass after the last "
            + "disturbance (\(outcome.lastDisturbance)), and every fault must heal\n"
    }

    static func json(_ report: SwarmReport, seeds: ClosedRange<UInt64>) -> String {
        var fields: [(String, Any)] = [
            ("first", seeds.lowerBound), ("last", seeds.upperBound), ("seeds", report.count),
            ("failed", report.failures.count), ("events", report.events), ("digest", report.digest),
        ]
        fields.append(
            (
                "failures",
                report.failures.map { found in
                    object(found.failure).merging(["seed": found.seed]) { $1 }
                }
            ))
        return encoded(Dictionary(uniqueKeysWithValues: fields))
    }

    static func json(_ outcome: SwarmCheck.Outcome, name: String) -> String {
        var fields: [String: Any] = [
            "scenario": name, "events": outcome.events, "digest": outcome.digest, "judged": outcome.isJudged,
            "lastDisturbance": outcome.lastDisturbance.description,
        ]
        if let settling = outcome.settling { fields["settling"] = settling.description }
        if let failure = outcome.failure { fields["failure"] = object(failure) }
        return encoded(fields)
    }

    private static func object(_ failure: SwarmFailure) -> [String: Any] {
        [
            "kind": failure.kind.rawValue, "subject": failure.subject, "message": failure.message,
            "event": failure.event, "at": failure.at.description,
        ]
    }

    private static func encoded(_ fields: [String: Any]) -> String {
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: fields, options: options) else { return "{}\n" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
