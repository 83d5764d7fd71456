import Foundation
import RunDatabase
import Testing

@Suite struct SchemaTests {
    /// A table or view as the article or the database describes it.
    struct Shape: Equatable, CustomStringConvertible {
        var name: String
        var columns: [String]

        var description: String { "\(name)(\(columns.joined(separator: ", ")))" }
    }

    let folder: TemporaryFolder
    let reader: RunReader

    init() throws {
        folder = try TemporaryFolder()
        let writer = try RunWriter(path: folder.file("a.sqlite"))
        writer.begin(SyntheticRun.header())
        SyntheticRun.finish(writer)
        try writer.close()
        reader = try RunReader(path: folder.file("a.sqlite"))
    }

    /// What Schema.md says: a heading names a table, the rows under it name the columns, in order.
    private func documented() throws -> [Shape] {
        let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/RunDatabase/RunDatabase.docc/Schema.md")
        var shapes: [Shape] = []
        for line in try String(contentsOf: article, encoding: .utf8).split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if line.hasPrefix("### `") {
                shapes.append(Shape(name: line.dropFirst(5).dropLast().description, columns: []))
            } else if line.hasPrefix("| `"), let last = shapes.indices.last {
                let meaning = cells[cells.count - 1]
                #expect(meaning.hasSuffix(".") || meaning.hasSuffix("…"), "\(shapes[last].name) \(cells[0])")
                var column = String(cells[0].dropFirst().dropLast())
                // Tables have a column with the type and where a reference leads.
                if cells.count == 3 { column += " " + cells[1] }
                shapes[last].columns.append(column)
            }
        }
        return shapes
    }

    private func real() throws -> [Shape] {
        let names = try reader.query(
            "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name <> 'grdb_migrations'")
        return try names.rows.map { row in
            guard case .text(let name) = row[0], case .text(let kind) = row[1] else {
                return Shape(name: "?", columns: [])
            }
            let sql = """
                SELECT c.name || iif('\(kind)' = 'view', '', ' ' || c.type || coalesce(' → ' || k."table", '')
                    || iif(c."notnull" OR c.pk, '', ', may be NULL'))
                FROM pragma_table_xinfo('\(name)') c LEFT JOIN pragma_foreign_key_list('\(name)') k ON k."from" = c.name
                ORDER BY c.cid
                """
            let columns = try reader.query(sql).rows.map { row in
                if case .text(let text) = row[0] { text } else { "?" }
            }
            return Shape(name: name, columns: columns)
        }
    }

    @Test("the article describes every table, view and column as it is, in order")
    func article() throws {
        let documented = try documented().sorted { $0.name < $1.name }
        let real = try real().sorted { $0.name < $1.name }
        #expect(documented.map(\.name) == real.map(\.name))
        for (left, right) in zip(documented, real) { #expect(left == right) }
    }

    @Test("every table is strict, and every view can be read")
    func strict() throws {
        let loose = try reader.query(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND schema = 'main'")
        #expect(loose.rows == [[.text("sqlite_schema")], [.text("grdb_migrations")]])
        for shape in try real() { _ = try reader.query("SELECT * FROM \(shape.name)") }
    }

    @Test("the version stands in the file and in the run")
    func version() throws {
        #expect(try reader.query("PRAGMA user_version").rows == [[.integer(Int64(RunSchema.version))]])
        #expect(try reader.query("SELECT schema FROM run").rows == [[.integer(Int64(RunSchema.version))]])
    }
}
