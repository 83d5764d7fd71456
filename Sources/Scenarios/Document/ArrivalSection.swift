import Chronology
import KubernetesAPI
import VirtualTime
import Workloads

/// An arrival process before its template was read.
struct ArrivalDraft {
    var spec: ArrivalSpec
    /// A manifest with one object, relative to the scenario.
    var template: String
    /// Where it says when.
    var timing: (path: FieldPath, position: Position)
    /// Where the template is named.
    var path: FieldPath
    var position: Position
}

/// Reads `arrivals`: what comes into the cluster over time.
extension ScenarioReading {
    private static let processes = ["rate", "interval", "every", "trace"]
    private static let namesMax = 40

    func arrivals(_ reader: FieldReader) -> ArrivalDraft? {
        let name = reader.requiredString("name")
        if !name.isEmpty, !NameRules.isDNSLabel(name) || name.utf8.count > Self.namesMax {
            reader.error(
                "name", "\"\(ManifestTree.shortened(name))\" cannot begin an object's name",
                expected: "lower-case letters, digits and hyphens, at most \(Self.namesMax)")
        }
        let template = reader.requiredString("template")
        let position = reader.value("template")?.position ?? reader.position
        let process = arrivalProcess(reader)
        let from = reader.read("from") { instant($0, path: $1) } ?? .start
        let until = reader.read("until") { instant($0, path: $1) }
        if let until, until <= from { reader.error("until", "the arrivals end before they begin") }
        let limit = reader.int64("limit", in: 1...1_000_000_000)
        let count = reader.int64("count", in: 1...1_000_000)
        if count != nil, reader.has("trace") {
            reader.error("count", "a trace says how many arrive", expected: "a column count in the trace")
        }
        guard let process, !name.isEmpty, !template.isEmpty else { return nil }
        let spec = ArrivalSpec(
            name: name, process: process, from: from, until: until, limit: limit, count: count ?? 1)
        let timing = place(of: (["from"] + Self.processes).first(where: reader.has) ?? "from", reader)
        return ArrivalDraft(
            spec: spec, template: template, timing: timing, path: reader.path.field("template"), position: position)
    }

    private func arrivalProcess(_ reader: FieldReader) -> ArrivalProcess? {
        let found = Self.processes.filter(reader.has)
        guard found.count == 1 else {
            let text = found.isEmpty ? "it is not said when they come" : "found \(found.joined(separator: " and "))"
            decoding.error(
                text, path: reader.path, at: reader.position,
                expected: "exactly one of \(Self.processes.joined(separator: ", "))")
            for name in Self.processes { _ = reader.value(name) }
            return nil
        }
        switch found[0] {
        case "rate": return reader.read("rate") { usage($0, of: .arrivals, path: $1) }.map { .poisson($0.curve) }
        case "every":
            return period("every", "the time from one arrival to the next must be above zero", reader)
                .map { .every($0) }
        case "interval":
            let interval = reader.read("interval") { distribution($0, path: $1) }
            if let interval, !(interval.mean > 0) {
                reader.error("interval", "the mean time from one arrival to the next must be above zero")
                return nil
            }
            if let interval, interval.mean < ValueBounds.meanInterval {
                reader.error(
                    "interval", "the mean time from one arrival to the next is too short",
                    expected: "a mean of 1us or more")
                return nil
            }
            return interval.map { .renewal($0) }
        default: return arrivalTrace(reader).map { .trace($0) }
        }
    }

    private func arrivalTrace(_ reader: FieldReader) -> ArrivalTrace? {
        let path = reader.requiredString("trace")
        guard !path.isEmpty, let file = ledger.readFile(path, .scenario) else { return nil }
        let (trace, problems, warning) = ArrivalTrace.reading(
            csv: String(decoding: file.contents, as: UTF8.self), clock: clock)
        if let warning {
            decoding.diagnostics.add(
                Diagnostic(
                    .warning, file: file.name, position: Position(line: warning.line, column: 1),
                    message: warning.message, expected: PodWarnings.wholeBytes))
        }
        for problem in problems {
            decoding.diagnostics.add(
                Diagnostic(
                    .error, file: file.name, position: Position(line: problem.line, column: 1),
                    message: problem.message))
        }
        return problems.isEmpty ? trace : nil
    }

    /// Returns the thousandths of an arrival per day in a rate such as `12/h`.
    static func arrivalRate(_ text: String) -> Int64? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let scale: Int64? =
            switch parts[1] {
            case "s": ArrivalProcess.perSecond
            case "m": ArrivalProcess.perSecond / 60
            case "h": ArrivalProcess.perSecond / 3_600
            case "d": ArrivalProcess.perSecond / 86_400
            default: nil
            }
        guard let scale, let rate = scaled(String(parts[0]), by: scale), rate >= 0 else { return nil }
        return rate
    }

    // MARK: - Checkpoints

    func checkpoint(_ reader: FieldReader) -> CheckpointRule? {
        reader.require("every", expected: Self.durationExample)
        let every = period("every", "the work between two checkpoints must be above zero", reader)
        let cost = reader.read("cost") { bounded($0, path: $1) }
        let restore = reader.read("restore") { bounded($0, path: $1) }
        guard let every else { return nil }
        guard every <= ValueBounds.length else {
            reader.error("every", "found \(every)", expected: "at most ten years (3650d)")
            return nil
        }
        return CheckpointRule(every: every, cost: cost ?? .zero, restore: restore ?? .zero)
    }
}
