import KubernetesAPI
import Observations
import RunDatabase

/// Finds the strike of a fault, the change or the node that the user means, or ends with the nearest names.
enum FaultChoice {
    /// Returns the fault of this name that never struck; nil when there is none.
    static func unstruck(_ name: String, in reader: RunReader) throws -> UnstruckFaultRow? {
        try RunFile.attempt { () throws(RunDatabaseError) in try reader.unstruckFaults() }.first { $0.name == name }
    }

    /// Returns the strike that `NAME` or `NAME#NUMBER` means, and how many of that name there were.
    static func strike(_ text: String, in reader: RunReader) throws -> (fault: FaultOutcome, strikes: Int) {
        let all = try RunFile.attempt { () throws(RunDatabaseError) in try reader.faultOutcomes() }
        // A fault may be called as it likes; the number stands behind the last sign.
        if let found = all.first(where: { $0.name == text }) { return (found, all.count { $0.name == text }) }
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        let name = parts.count > 1 ? parts.dropLast().joined(separator: "#") : text
        let strikes = all.filter { $0.name == name }
        guard !strikes.isEmpty else {
            let spared = try RunFile.attempt { () throws(RunDatabaseError) in try reader.unstruckFaults() }
            throw wrong(
                "the run has no fault \"\(name)\"", name, among: all.map(\.name) + spared.map(\.name), "fault/")
        }
        guard let number = Int(parts.last ?? ""), number >= 1, number <= strikes.count else {
            Console.error(
                "error: fault \(name) struck \(strikes.count == 1 ? "once" : "\(strikes.count) times"); expected "
                    + "fault/\(name)#NUMBER with a number from 1 to \(strikes.count)")
            throw Exit.badInput.code
        }
        return (strikes[number - 1], strikes.count)
    }

    /// Returns the beginning of the chain of a scheduled change; 1 is the first in time.
    static func change(_ text: String, in reader: RunReader) throws -> CauseStep {
        let changes = try RunFile.attempt { () throws(RunDatabaseError) in try reader.roots(of: CauseKind.change.name) }
        if let number = Int(text), number >= 1, number <= changes.count { return changes[number - 1] }
        let known =
            !reader.hasCauses
            ? "an earlier version wrote this database, which did not record them"
            : changes.isEmpty ? "the run has no scheduled changes" : "expected change/NUMBER with 1 to \(changes.count)"
        Console.error("error: there is no change \"\(text)\": \(known)")
        throw Exit.badInput.code
    }

    /// Returns the node called `name`.
    static func node(_ name: String, in reader: RunReader) throws -> NodeRow {
        let nodes = try RunFile.attempt { () throws(RunDatabaseError) in try reader.nodes() }
        if let found = nodes.last(where: { $0.name == name }) { return found }
        throw wrong("the run has no node \"\(name)\"", name, among: nodes.map(\.name), "node/")
    }

    private static func wrong(_ message: String, _ name: String, among names: [String], _ prefix: String) -> any Error {
        var known: [String] = []
        for name in names where !known.contains(name) { known.append(name) }
        let hint: String
        if known.isEmpty {
            hint = "; there are none"
        } else if let nearest = NearestName.of(name, among: known) {
            hint = "; did you mean \"\(prefix)\(nearest)\"?"
        } else {
            hint =
                "; there are: " + known.prefix(5).map { prefix + $0 }.joined(separator: ", ")
                + (known.count > 5 ? " and \(known.count - 5) more" : "")
        }
        Console.error("error: \(message)\(hint)")
        return Exit.badInput.code
    }
}
