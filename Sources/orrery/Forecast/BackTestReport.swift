import Chronology
import Foundation
import Scenarios
import Statistics

/// What `orrery forecast --backtest` prints.
struct BackTestReport {
    let file: String
    let input: ForecastInput
    let test: BackTest
    let seed: UInt64

    /// Said when a naive forecast did better; nil when none did.
    var warning: String? {
        test.betterNaive.map { naive in
            "\(input.named(naive.name)) did better than what is chosen (MASE \(Self.figure(naive.scaledError)) against "
                + "\(Self.figure(test.chosen.scaledError))): for this history and horizon, take that"
        }
    }

    // MARK: - Text

    var text: String {
        var text = "History    \(file) (\(input.grid.step) steps: \(input.series.count), \(span))\n"
        text += "Seasons    \(seasons.isEmpty ? "none" : seasons.joined(separator: ", "))\n"
        if !input.holidayNames.isEmpty { text += "Holidays   \(input.holidayNames.joined(separator: ", "))\n" }
        let ahead = Duration(nanoseconds: Int64(input.horizon) * input.grid.step.nanoseconds)
        text += "Back-test  \(ahead) ahead from \(test.origins.count) points, \(origin(0)) to "
        text += "\(origin(test.origins.count - 1))\n"
        for note in input.grid.notes { text += "Note       \(note)\n" }
        var columns = TextColumns([.left, .right, .right, .right, .right, .right])
        columns.add(["method", "MASE", "pinball", "coverage", "MAE", "points"])
        for row in [test.chosen] + test.methods { columns.add(cells(row)) }
        text += "\n" + columns.text()
        let members = test.memberships.prefix(5).map { "\(input.named($0.name)) \($0.count)×" }
        text += "\nChosen most often: \(members.joined(separator: ", ")).\n"
        if let warning { text += "\nWarning: \(warning).\n" }
        return text
    }

    private func cells(_ row: BackTest.Row) -> [String] {
        [
            input.named(row.name) + (row.isNaive ? " (naive)" : ""), Self.figure(row.scaledError),
            Self.figure(row.pinball), "\(Figures.fixed(row.coverage * 100, 1))%", Self.figure(row.meanAbsoluteError),
            "\(row.folds)",
        ]
    }

    private static func figure(_ value: Double) -> String { String(format: value >= 1_000 ? "%.0f" : "%.3g", value) }

    private var seasons: [String] {
        input.series.seasons.map { "\(Duration(nanoseconds: Int64($0) * input.grid.step.nanoseconds))" }
    }

    private var span: String { "\(input.time(of: 0).text()) to \(input.time(of: input.series.count).text())" }

    private func origin(_ place: Int) -> String { input.time(of: test.origins[place]).text() }

    // MARK: - JSON

    /// The report as one JSON object; lengths are seconds, and coverages shares.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let step = Double(input.grid.step.nanoseconds) / 1e9
            let document = Document(
                file: file, start: input.time(of: 0).text(), step: step, steps: input.series.count,
                missing: input.series.missing, seasons: input.series.seasons.map { Double($0) * step },
                holidays: input.holidayNames, horizon: Double(input.horizon) * step, seed: seed,
                origins: test.origins.map { input.time(of: $0).text() }, chosen: row(test.chosen),
                methods: test.methods.map(row),
                members: test.memberships.map { Document.Member(method: input.named($0.name), origins: $0.count) },
                notes: input.grid.notes, warning: warning)
            return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
        }
    }

    private func row(_ row: BackTest.Row) -> Document.Row {
        Document.Row(
            method: input.named(row.name), isNaive: row.isNaive, mase: row.scaledError, mae: row.meanAbsoluteError,
            pinball: row.pinball, coverage: row.coverage, origins: row.folds)
    }

    private struct Document: Encodable {
        struct Row: Encodable {
            let method: String
            let isNaive: Bool
            let mase: Double
            let mae: Double
            let pinball: Double
            let coverage: Double
            let origins: Int
        }

        struct Member: Encodable {
            let method: String
            let origins: Int
        }

        let file: String
        let start: String
        let step: Double
        let steps: Int
        let missing: Int
        let seasons: [Double]
        let holidays: [String]
        let horizon: Double
        let seed: UInt64
        let origins: [String]
        let chosen: Row
        let methods: [Row]
        let members: [Member]
        let notes: [String]
        let warning: String?
    }
}
