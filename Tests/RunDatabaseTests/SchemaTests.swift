import Foundation
import RunDatabase
import Testing

@Suite struct SchemaTests {
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

    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/RunDatabase/RunDatabase.docc/Schema.md")

    private func real() throws -> [SchemaArticle.Shape] {
        let names = try reader.query(
            "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name <> 'grdb_migrations'")
        return try names.rows.map { row in
            guard case .text(let name) = row[0], case .text(let kind) = row[1] else {
                return SchemaArticle.Shape(name: "?", columns: [])
            }
            let sql = """
                SELECT c.name, c.type || coalesce(' → ' || k."table", '') || iif(c."notnull" OR c.pk, '', ', may be NULL')
                FROM pragma_table_xinfo('\(name)') c LEFT JOIN pragma_foreign_key_list('\(name)') k ON k."from" = c.name
                ORDER BY c.cid
                """
            let columns = try reader.query(sql).rows.map { row in
                guard case .text(let column) = row[0], case .text(let type) = row[1] else {
                    return SchemaArticle.Shape.Column(name: "?")
                }
                return SchemaArticle.Shape.Column(name: column, type: kind == "view" ? nil : type)
            }
            return SchemaArticle.Shape(name: name, columns: columns)
        }
    }

    /// Tables and columns are rewritten with `UPDATE_GOLDEN=1 swift test --filter SchemaTests`; what they mean is kept.
    @Test("the article describes every table, view and column as the migrations make them, in order")
    func article() throws {
        let text = try String(contentsOf: Self.path, encoding: .utf8)
        let article = SchemaArticle(text)
        let wanted = article.text(of: try real())
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try wanted.write(to: Self.path, atomically: true, encoding: .utf8)
            return
        }
        let documented = article.shapes.sorted { $0.name < $1.name }
        let real = try real().sorted { $0.name < $1.name }
        #expect(documented.map(\.name) == real.map(\.name))
        for (left, right) in zip(documented, real) { #expect(left == right) }
        #expect(text == wanted, "rewrite Schema.md with UPDATE_GOLDEN=1")
        #expect(text.contains("This is schema version \(RunSchema.version)."))
        for (column, meaning) in article.meanings {
            #expect(meaning.hasSuffix(".") || meaning.hasSuffix("…"), "\(column) has no meaning")
        }
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
