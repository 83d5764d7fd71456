import Foundation
import Testing

/// Python, and what it can import.
enum Python {
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { $0 + "/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    static func has(_ module: String) -> Bool {
        guard path != nil, let folder = try? TemporaryFolder() else { return false }
        return (try? run("import \(module)", in: folder))?.status == 0
    }

    static func run(_ script: String, in folder: TemporaryFolder) throws -> (status: Int32, output: String) {
        try Tool.run(path ?? "", ["-c", script], in: folder)
    }
}

@Suite("tables are read by others as they are")
struct TableExportTests {
    /// Columns of other types than the types say, tables with other values than the database has.
    private static let compare = """
        import csv, json, sqlite3
        database = sqlite3.connect("out.sqlite")
        package = json.load(open("tables/datapackage.json"))
        names = [row[0] for row in database.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'"
            " AND name <> 'grdb_migrations'")]
        assert sorted(names) == sorted(r["name"] for r in package["resources"]), names
        read = {"integer": int, "number": float, "string": str, "date": str, "datetime": str}
        rows = 0
        for resource in package["resources"]:
            fields = resource["schema"]["fields"]
            found = list(csv.reader(open("tables/" + resource["path"], newline=""), strict=True))
            assert found[0] == [field["name"] for field in fields], resource["name"]
            if resource["name"].endswith("_view"):
                assert len(found) - 1 == resource["rows"]
                continue
            stored = list(database.execute("SELECT * FROM " + resource["name"] + " ORDER BY rowid"))
            assert len(stored) == len(found) - 1 == resource["rows"], resource["name"]
            for left, right in zip(stored, found[1:]):
                rows += 1
                for field, old, new in zip(fields, left, right):
                    if old is None or old == "":
                        assert new == ""
                    elif isinstance(old, bytes):
                        assert new == old.hex()
                    else:
                        assert read[field["type"]](new) == old, (resource["name"], field, old, new)
        assert rows > 100
        """

    private func exported() throws -> TemporaryFolder {
        let folder = try DatabaseCommandTests.finishedRun()
        let outcome = try OrreryProcess.run(["export", "out.sqlite", "--format", "csv", "-o", "tables"], in: folder)
        #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains("tables and views with "), "\(outcome.errors)")
        return folder
    }

    @Test(
        "Python's csv module reads every table as the database has it",
        .enabled(if: Python.path != nil, "there is no Python here"))
    func python() throws {
        let told = try Python.run(Self.compare, in: exported())
        #expect(told.status == 0, "\(told.output)")
    }

    @Test(
        "pyarrow reads every table with the types that are told, and tells NULL from the empty text",
        .enabled(if: Python.has("pyarrow"), "there is no pyarrow here"))
    func arrow() throws {
        let told = try Python.run(
            """
            import json
            import pyarrow as pa
            from pyarrow import csv
            types = {"integer": pa.int64(), "number": pa.float64(), "string": pa.string(), "date": pa.date32(),
                     "datetime": pa.timestamp("ms", tz="UTC")}
            def read(path, fields):
                return csv.read_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True),
                    convert_options=csv.ConvertOptions(
                        column_types={f["name"]: types[f["type"]] for f in fields}, null_values=[""],
                        strings_can_be_null=True, quoted_strings_can_be_null=False))
            tables = {}
            for resource in json.load(open("tables/datapackage.json"))["resources"]:
                fields = resource["schema"]["fields"]
                table = tables[resource["name"]] = read("tables/" + resource["path"], fields)
                assert table.num_rows == resource["rows"], resource["name"]
                for field in fields:
                    if field.get("constraints", {}).get("required"):
                        assert table[field["name"]].null_count == 0, (resource["name"], field)
            assert str(tables["pod_view"]["created"].type) == "timestamp[ms, tz=UTC]"
            # A pod that nothing ended has no reason: the empty text. One without a node has NULL.
            assert "" in tables["pod_view"]["reason"].to_pylist() and None in tables["pod_view"]["node"].to_pylist()
            """, in: exported())
        #expect(told.status == 0, "\(told.output)")
    }

    @Test(
        "DuckDB reads reports with the types that are told", .enabled(if: Python.has("duckdb"), "there is no DuckDB here"))
    func duck() throws {
        let folder = try DatabaseCommandTests.finishedRun()
        for name in ["pods", "cost-by-namespace", "cost-by-day"] {
            let report = ["report", "out.sqlite", name, "--format", "csv"]
            try OrreryProcess.run(report + ["-o", "\(name).csv"], in: folder)
            try OrreryProcess.run(report + ["--types", "-o", "\(name).json"], in: folder)
        }
        let told = try Python.run(
            """
            import duckdb, json
            types = {"integer": "BIGINT", "number": "DOUBLE", "string": "VARCHAR", "date": "DATE", "datetime": "TIMESTAMPTZ"}
            def read(name):
                fields = json.load(open(name + ".json"))["fields"]
                columns = {field["name"]: types[field["type"]] for field in fields}
                return duckdb.sql(
                    f"SELECT * FROM read_csv('{name}.csv', header=true, columns={columns}, nullstr='', allow_quoted_nulls=false)")
            pods = read("pods").fetchall()
            assert len(pods) == 4, pods
            assert len({type(pod[7]).__name__ for pod in pods}) == 1 and type(pods[0][7]).__name__ == "datetime", pods
            giant = [pod for pod in pods if pod[1] == "giant"][0]
            assert giant[3] is None and giant[5] == "", giant
            assert sum(row[5] for row in read("cost-by-namespace").fetchall()) > 0
            assert type(read("cost-by-day").fetchall()[0][0]).__name__ == "date"
            """, in: folder)
        #expect(told.status == 0, "\(told.output)")
    }

    @Test("--types is refused where there are no columns")
    func refused() throws {
        let folder = try DatabaseCommandTests.finishedRun()
        for arguments in [["pods", "--types"], ["--format", "csv", "--types"]] {
            let outcome = try OrreryProcess.run(["report", "out.sqlite"] + arguments, in: folder)
            #expect(outcome.status == 2 && outcome.errors.contains("--types tells of"), "\(outcome.errors)")
        }
    }
}
