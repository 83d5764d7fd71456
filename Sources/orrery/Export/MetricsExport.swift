import ArgumentParser
import Chronology
import Exports
import Foundation
import RunDatabase
import Simulation

/// Repeats a run and writes what a Prometheus would have scraped from it.
struct MetricsExport {
    private let command: ExportCommand
    private let reader: RunReader
    private let plan: ExportPlan
    private let labels: [(String, String)]

    /// Reads the options, or ends with what is wrong with them.
    init(_ command: ExportCommand, of reader: RunReader) throws {
        self.command = command
        self.reader = reader
        plan = try Self.plan(command, of: reader.run)
        labels = try command.label.map(Self.label)
    }

    func run() throws {
        let setup = try Reloading.setup(of: reader)
        let checkpoints = try RunFile.attempt { () throws(RunDatabaseError) in try reader.checkpoints() }
        let spool = try RunFile.attempt { () throws(RunDatabaseError) in try SeriesSpool() }
        let run = reader.run
        let end = run.isFinished ? ClusterRecording.End(events: run.events, digest: run.digest ?? "") : nil
        var recording = ClusterRecording(setup, plan, checkpoints: checkpoints, end: end, into: spool)
        Interruption.watch()
        var progress = ProgressLine(clock: reader.run.clock, end: plan.to, isQuiet: command.quiet)
        while try RunFile.attempt({ () throws(RunDatabaseError) in try recording.advance() }) {
            if Interruption.isRequested {
                progress.clear()
                throw Exit.interrupted.code
            }
            progress.show(now: recording.now, events: recording.events)
        }
        progress.clear()
        if let events = recording.difference {
            Console.error(
                "error: the run cannot be repeated: it differs from the recorded one within its first "
                    + "\(Figures.grouped(events)) events (orrery replay \(command.database) names the event)")
            throw Exit.failed.code
        }
        try RunFile.attempt { () throws(RunDatabaseError) in
            try RecordedCounters(reader, plan, into: spool).record()
        }
        let size = try RunFile.attempt { () throws(RunDatabaseError) in
            try OpenMetricsSize(spool, plan, startDate: setup.startDate, labels: labels)
        }
        if let notice = Self.notice(of: size, plan) { Console.error(notice) }
        try write(spool, startDate: setup.startDate)
    }

    /// Exports above this are told of before they are written, in bytes.
    static let noticeBytes: Int64 = 1 << 30

    /// The longest step that Prometheus bridges: half of its look-back.
    private static let stepMax = Duration.seconds(150)

    /// Returns what is said of an export that is large, with how to make it smaller; nil for others.
    static func notice(of size: OpenMetricsSize, _ plan: ExportPlan) -> String? {
        guard size.bytes > noticeBytes else { return nil }
        // With so many times the step it is about as large as needs no notice.
        let step = plan.step * ((size.bytes + noticeBytes - 1) / noticeBytes)
        let longer = step <= stepMax ? "--step \(step) makes it about 1 GiB, and " : ""
        return "note: about \(Figures.bytes(size.bytes)) will be written: \(Figures.grouped(size.series)) series with "
            + "\(Figures.grouped(size.samples)) samples; \(longer)a window (--start, --end) makes it smaller"
    }

    private func write(_ spool: SeriesSpool, startDate: StartDate) throws {
        let file = try OutputStreamFile(command.output)
        var text = OpenMetricsText(plan, startDate: startDate, labels: labels)
        try RunFile.attempt { () throws(RunDatabaseError) in
            try text.write(spool) { piece in
                if Interruption.isRequested {
                    file.remove()
                    Exit.interrupted.now()
                }
                file.write(piece)
            }
        }
        try file.close()
        if let path = command.output, !command.quiet {
            Console.error("\(Figures.grouped(text.samples)) samples in \(path)")
        }
    }

    // MARK: - Options

    private static func plan(_ command: ExportCommand, of run: RunRecord) throws -> ExportPlan {
        let clock = run.clock
        let last = run.isFinished ? Instant.start + run.horizon : run.reached
        func instant(_ text: String?, _ option: String, otherwise: Instant) throws -> Instant {
            guard let text else { return otherwise }
            if let length = try? Duration(parsing: text), length >= .zero { return .start + length }
            guard let instant = try? clock.instant(parsing: text) else {
                throw refused(
                    "\(option) \(text): a time since the start such as 13h30m, or a date such as "
                        + "\(clock.text(of: last.wholeSecond)), is expected")
            }
            return instant
        }
        guard let step = try? Duration(parsing: command.step), step >= .seconds(1) else {
            throw refused("--step \(command.step): a duration of 1s or more is expected, such as 30s")
        }
        let from = try instant(command.start, "--start", otherwise: .start)
        let to = min(last, try instant(command.end, "--end", otherwise: last))
        guard from >= .start, from <= last else {
            throw refused(
                "--start \(command.start ?? ""): the run goes from \(clock.text(of: .start)) to "
                    + "\(clock.text(of: last.wholeSecond))")
        }
        guard to >= from else {
            throw refused("--end \(command.end ?? ""): it lies before the start of the window, \(clock.text(of: from))")
        }
        return ExportPlan(from: from, to: to, step: step)
    }

    private static func label(_ text: String) throws -> (String, String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty, parts[0].wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil,
            !parts[0].hasPrefix("__")
        else {
            throw refused("--label \(text): name=value is expected, with a name of letters, digits and underscores")
        }
        guard !ExportFamilies.labels.contains(parts[0]), !parts[0].hasPrefix("label_") else {
            throw refused("--label \(text): samples have a label of that name themselves")
        }
        return (parts[0], parts[1])
    }

    private static func refused(_ reason: String) -> any Error {
        Console.error("error: \(reason)")
        return Exit.badInput.code
    }
}
