import Foundation
import RunDatabase

extension ReportTable {
    /// The table as CSV: NULL is nothing at all, an empty text `""`, and money a decimal to the nano-dollar.
    var csvText: String {
        func line(_ texts: [String]) -> String { texts.joined(separator: ",") + "\n" }
        return line(columns.map(SQLValue.quoted))
            + rows.map { row in line(zip(row, units).map(Self.csvCell)) }.joined()
    }

    private static func csvCell(_ value: SQLValue, _ unit: ReportUnit?) -> String {
        guard case .real(let number) = value, unit == .usd, number.isFinite else { return value.csvCell }
        // Sums of dollars leave the last bits of a Double behind; the ledger knows none of them.
        var digits = String(format: "%.9f", number)
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return digits == "-0" ? "0" : digits
    }

    /// What the columns of the CSV are, as a Table Schema (Frictionless Data), so that nobody has to guess.
    package var typesText: String {
        let fields = columns.indices.map { column in
            let unit = units[column].map { ", \"unit\": \(JSONText.quoted($0.rawValue))" } ?? ""
            return
                "  {\"name\": \(JSONText.quoted(columns[column])), \"type\": \"\(type(of: column).rawValue)\"\(unit)}"
        }
        return "{\"missingValues\": [\"\"], \"fields\": [\n\(fields.joined(separator: ",\n"))\n]}\n"
    }

    /// The unit says it, so that it does not hang on the rows; else what stands in the column.
    private func type(of column: Int) -> ColumnType {
        var tally = ColumnTally()
        for row in rows { tally.see(row[column]) }
        switch (units[column], tally.type) {
        case (.usd, .integer), (.cores, .integer), (.duration, .integer), (.percent, .integer): return .number
        case (_, let seen?): return seen
        case (.usd, nil), (.cores, nil), (.duration, nil), (.percent, nil): return .number
        case (.bytes, nil): return .integer
        case (.time, nil): return .datetime
        case (nil, nil): return .string
        }
    }
}
