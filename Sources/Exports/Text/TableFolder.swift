package import RunDatabase

/// Writes every table and every view of a database as CSV, and what their columns are as a Data Package.
package struct TableFolder {
    /// What is written of one table.
    private struct Resource {
        var table: TableReader.Table
        var types: [ColumnType]
        var rows: Int64
    }

    private static let chunk = 1 << 18
    /// The file that says what the columns of the others are.
    package static let packageName = "datapackage.json"

    private let reader: TableReader

    package init(_ reader: TableReader) { self.reader = reader }

    /// Writes all files, one after the other, in pieces: `write` is told the name of the file with each. Returns how many
    /// tables there are and how many rows they have.
    package func write(_ write: (String, [UInt8]) -> Void) throws(RunDatabaseError) -> (tables: Int, rows: Int64) {
        var resources: [Resource] = []
        for table in try reader.tables() { resources.append(try self.write(table, write)) }
        write(Self.packageName, Array(Self.package(resources).utf8))
        return (resources.count, resources.reduce(0) { $0 + $1.rows })
    }

    private func write(
        _ table: TableReader.Table, _ write: (String, [UInt8]) -> Void
    ) throws(RunDatabaseError) -> Resource {
        let name = table.name + ".csv"
        var tallies = table.columns.map { _ in ColumnTally() }
        var rows: Int64 = 0
        var buffer = Array((table.columns.map { SQLValue.quoted($0.name) }.joined(separator: ",") + "\n").utf8)
        try reader.forEachRow(of: table) { values in
            for (place, value) in values.enumerated() {
                if place > 0 { buffer.append(0x2C) }
                buffer += value.csvCell.utf8
                if table.columns[place].declared == nil { tallies[place].see(value) }
            }
            buffer.append(0x0A)
            rows += 1
            if buffer.count >= Self.chunk {
                write(name, buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        write(name, buffer)
        let types = zip(table.columns, tallies).map { $0.declared ?? $1.type ?? .string }
        return Resource(table: table, types: types, rows: rows)
    }

    // MARK: - The description

    private static func package(_ resources: [Resource]) -> String {
        let texts = resources.map { resource in
            let fields = zip(resource.table.columns, resource.types).map { column, type in
                let required = column.isRequired ? ", \"constraints\": {\"required\": true}" : ""
                return "        {\"name\": \"\(column.name)\", \"type\": \"\(type.rawValue)\"\(required)}"
            }
            return """
                  {"name": "\(resource.table.name)", "path": "\(resource.table.name).csv", "format": "csv",
                   "mediatype": "text/csv", "encoding": "utf-8", "rows": \(resource.rows),
                   "schema": {"missingValues": [""], "fields": [
                \(fields.joined(separator: ",\n"))
                   ]}}
                """
        }
        return """
            {"profile": "tabular-data-package", "name": "orrery-run", "resources": [
            \(texts.joined(separator: ",\n"))
            ]}

            """
    }
}
