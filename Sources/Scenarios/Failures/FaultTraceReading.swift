import Chronology
import Faults
import KubernetesAPI

/// The machines of a trace, whose names must be the cluster's, once it is known what machines that has.
struct TraceCheck {
    var names: [String]
    var path: FieldPath
    var position: Position
}

/// Reads `trace` of a fault: a failure log that is replayed.
extension ScenarioReading {
    func faultTrace(_ reader: FieldReader, scope: FaultScope?) -> FaultTiming? {
        for other in ["at", "every", "lifetime"] where reader.has(other) {
            _ = reader.value(other)
            reader.error(other, "a trace says when a fault strikes", expected: "one of at, every, lifetime, trace")
        }
        if let scope, scope != .nodes {
            let kinds = FaultRegistry.kinds.filter { $0.scope == .nodes }.map { $0.name }
            reader.error("trace", "a trace strikes machines", expected: "kind: \(kinds.joined(separator: " or "))")
        }
        guard let tree = reader.value("trace") else { return nil }
        let path = reader.path.field("trace")
        if let name = tree.string { return faultTrace(name, nil, path: path, at: tree) }
        guard let choices = FieldReader(tree, path: path, context: decoding) else { return nil }
        let name = choices.requiredString("csv")
        let timing = name.isEmpty ? nil : faultTrace(name, choices, path: path, at: tree)
        for field in ["assign", "from", "where"] { _ = choices.value(field) }
        choices.finish()
        return timing
    }

    private func faultTrace(
        _ name: String, _ choices: FieldReader?, path: FieldPath, at tree: ManifestTree
    ) -> FaultTiming? {
        let assignment: FaultTrace.Assignment = choices?.choice("assign") ?? .byName
        let from = choices?.read("from") { logTime($0, path: $1) }
        guard let log = failureLog(name) else { return nil }
        guard case .outages(let all) = log.content else {
            error("\(name) has no times", path: path, at: tree, expected: "a log with a column start")
            return nil
        }
        guard log.namesNodes || assignment == .roundRobin else {
            error("\(name) does not name machines", path: path, at: tree, expected: "assign: round-robin")
            return nil
        }
        let before = decoding.diagnostics.errorCount
        let outages = all.filter { $0.start != nil }.filter(logFilter(choices, log, all))
        guard let zero = logZero(outages, from: from, choices, path: path, at: tree),
            decoding.diagnostics.errorCount == before
        else { return nil }
        var machines: [FaultTrace.Machine] = []
        var places: [String: Int] = [:]
        var early = 0
        for outage in outages {
            guard let start = outage.start else { continue }
            let (since, isBeyond) = start.nanoseconds.subtractingReportingOverflow(zero)
            guard !isBeyond, since >= 0 else {
                early += 1
                continue
            }
            let moment = FaultTrace.Outage(at: Instant(nanoseconds: since), length: outage.length)
            // A log that does not tell machines apart is dealt out one outage after the other.
            let name = log.namesNodes ? outage.node : "line \(outage.line)"
            if let place = places[name] {
                machines[place].outages.append(moment)
            } else {
                places[name] = machines.count
                machines.append(FaultTrace.Machine(name: name, outages: [moment]))
            }
        }
        if early > 0 || machines.isEmpty {
            warn("\(early) of \(outages.count) outages of \(name) begin before the start and are left out", path, tree)
        }
        if assignment == .byName {
            traceChecks.append(TraceCheck(names: machines.map(\.name), path: path, position: tree.position))
        }
        return .trace(FaultTrace(machines: machines, assignment: assignment))
    }

    /// Returns a log, which is read once for all faults that replay parts of it.
    private func failureLog(_ name: String) -> FailureLog? {
        if let known = failureLogs[name] { return known }
        let log = ledger.readFile(name, .scenario).flatMap { FailureLog.read($0, decoding.diagnostics) }
        failureLogs[name] = .some(log)
        return log
    }

    private func warn(_ message: String, _ path: FieldPath, _ tree: ManifestTree) {
        decoding.diagnostics.add(
            Diagnostic(.warning, file: decoding.file, position: tree.position, path: path.text, message: message))
    }

    // MARK: - Which part of the log

    private func logTime(_ tree: ManifestTree, path: FieldPath) -> LogTime? {
        if let time = Self.plainText(tree).flatMap({ LogTime(parsing: $0) }) { return time }
        wrong(tree, path: path, expected: "a time of the log: \(LogTime.example)")
        return nil
    }

    /// Returns which point of the log is the scenario's start, in the log's nanoseconds.
    private func logZero(
        _ outages: [FailureLog.Outage], from: LogTime?, _ choices: FieldReader?, path: FieldPath, at tree: ManifestTree
    ) -> Int64? {
        guard let isDate = outages.first?.start?.isDate else {
            error("no outage of the log is taken", path: path, at: tree)
            return nil
        }
        if let from {
            if from.isDate == isDate { return from.nanoseconds }
            choices?.error(
                "from", "the log has \(isDate ? "dates" : "lengths of time")",
                expected: isDate ? "a date" : "a length of time")
            return nil
        }
        let (start, isBeyond) = decoding.startDate.unixSeconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isDate ? (isBeyond ? nil : start) : 0
    }

    /// Returns which entries have the values that `where` asks for.
    private func logFilter(
        _ choices: FieldReader?, _ log: FailureLog, _ all: [FailureLog.Outage]
    ) -> (FailureLog.Outage) -> Bool {
        guard let choices, let tree = choices.value("where") else { return { _ in true } }
        let path = choices.path.field("where")
        guard let entries = tree.entries else {
            wrong(tree, path: path, expected: "columns with the values to take, such as {cause: hardware}")
            return { _ in true }
        }
        var wanted: [(column: Int, values: [String])] = []
        for entry in entries {
            guard let column = log.column(entry.key) else {
                decoding.error(
                    "the log has no such column", path: path.field(entry.key), at: entry.keyPosition,
                    expected: "one of \(log.columns.joined(separator: ", "))",
                    nearest: NearestName.of(entry.key, among: log.columns))
                continue
            }
            var values: [String] = []
            let known = Set(all.map { $0.values[column] })
            for element in entry.value.elements ?? [entry.value] {
                guard let text = Self.plainText(element) else {
                    wrong(element, path: path.field(entry.key), expected: "a value of the column, or several")
                    continue
                }
                if !known.contains(text) {
                    error(
                        "no line of the log has \"\(ManifestTree.shortened(text))\" there",
                        path: path.field(entry.key), at: element, nearest: NearestName.of(text, among: known.sorted()))
                }
                values.append(text)
            }
            wanted.append((column, values))
        }
        return { outage in wanted.allSatisfy { $0.values.contains(outage.values[$0.column]) } }
    }

    // MARK: - Names

    /// Reports machines of traces that a cluster with these machines has not.
    func checkTraces(machines: [String]) {
        let known = Set(machines)
        for check in traceChecks {
            let strange = check.names.filter { !known.contains($0) }
            guard let first = strange.first else { continue }
            let shown = machines.prefix(4).joined(separator: ", ") + (machines.count > 4 ? ", …" : "")
            if strange.count == check.names.count {
                decoding.error(
                    "no machine of the trace is in the cluster, such as \"\(ManifestTree.shortened(first))\"",
                    path: check.path, at: check.position,
                    expected: "machines called \(shown), or assign: round-robin",
                    nearest: NearestName.of(first, among: machines))
            } else {
                decoding.diagnostics.add(
                    Diagnostic(
                        .warning, file: decoding.file, position: check.position, path: check.path.text,
                        message: "\(strange.count) of \(check.names.count) machines of the trace are not in the "
                            + "cluster, such as \"\(ManifestTree.shortened(first))\": their outages strike nobody",
                        nearest: NearestName.of(first, among: machines)))
            }
        }
    }
}
