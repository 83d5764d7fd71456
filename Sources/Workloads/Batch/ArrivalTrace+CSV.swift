package import Chronology
import KubernetesAPI

/// The documented CSV form of a trace of arrivals: a header names the columns, in any order.
///
/// | column | meaning |
/// |---|---|
/// | `time` | required; a length since the start (`90m`), whole seconds, or RFC 3339 |
/// | `name` | the object's name |
/// | `count` | objects at once |
/// | `parallelism`, `completions` | of a Job |
/// | `cpu`, `memory`, `gpu` | what each pod asks for, as quantities |
/// | `runtime` | a length, or seconds |
extension ArrivalTrace {
    /// The columns that a trace may have.
    package static let columns = [
        "time", "name", "count", "parallelism", "completions", "cpu", "memory", "gpu", "runtime",
    ]
    /// The most problems that are told of one file.
    private static let problemsMax = 20

    /// Reads a trace, or everything that is wrong with it; empty lines and lines that begin with `#` are skipped.
    package static func read(csv text: String, clock: WallClock) -> (trace: ArrivalTrace, problems: [SeriesProblem]) {
        let (trace, problems, _) = reading(csv: text, clock: clock)
        return (trace, problems)
    }

    /// Reads a trace as `read` does, with the first line of which one has to be warned, though it can be read.
    package static func reading(
        csv text: String, clock: WallClock
    ) -> (trace: ArrivalTrace, problems: [SeriesProblem], warning: SeriesProblem?) {
        var warning: SeriesProblem?
        var rows: [ArrivalRow] = []
        var problems: [SeriesProblem] = []
        var header: [String]?
        var lineOfName: [String: Int] = [:]
        for (offset, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard problems.count < problemsMax else { break }
            let number = offset + 1
            var content = Substring(line)
            // Spreadsheets begin a file with a byte order mark.
            if offset == 0, content.unicodeScalars.first == "\u{FEFF}" {
                content = Substring(content.unicodeScalars.dropFirst())
            }
            if content.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) || content.hasPrefix("#") {
                continue
            }
            do throws(SeriesProblem) {
                guard let fields = DelimitedLine.fields(of: content) else {
                    throw SeriesProblem(line: number, message: "a quote is not closed")
                }
                guard let names = header else {
                    header = try Self.header(fields, line: number)
                    continue
                }
                guard fields.count == names.count else {
                    let message = "the header names \(names.count) columns, and this line has \(fields.count)"
                    throw SeriesProblem(line: number, message: message)
                }
                let row = try Self.row(fields, names, line: number, clock)
                if !row.name.isEmpty, let first = lineOfName.updateValue(number, forKey: row.name) {
                    throw SeriesProblem(
                        line: number, message: "the name \"\(row.name)\" stands in line \(first) already")
                }
                if warning == nil, let fraction = row.memory.flatMap(PodWarnings.fraction) {
                    warning = SeriesProblem(line: number, message: "memory: \(fraction)")
                }
                rows.append(row)
            } catch {
                problems.append(error)
                // Without columns nothing else can be read.
                if header == nil { break }
            }
        }
        if rows.isEmpty, problems.isEmpty { problems.append(SeriesProblem(line: 1, message: "there is no arrival")) }
        return (ArrivalTrace(rows), problems, warning)
    }

    private static func header(_ fields: [String], line: Int) throws(SeriesProblem) -> [String] {
        for (place, field) in fields.enumerated() {
            guard columns.contains(field) else {
                let nearest = NearestName.of(field, among: columns).map { " (did you mean \"\($0)\"?)" } ?? ""
                let message = "there is no column \"\(field)\"; expected a header of \(columns.joined(separator: ", "))"
                throw SeriesProblem(line: line, message: message + nearest)
            }
            if fields[..<place].contains(field) {
                throw SeriesProblem(line: line, message: "the column \"\(field)\" stands twice")
            }
        }
        guard fields.contains("time") else {
            throw SeriesProblem(line: line, message: "the column \"time\" is missing")
        }
        return fields
    }

    private static func row(
        _ fields: [String], _ names: [String], line: Int, _ clock: WallClock
    ) throws(SeriesProblem) -> ArrivalRow {
        var row = ArrivalRow(at: .start)
        for (name, field) in zip(names, fields) where !field.isEmpty || name == "time" {
            func wrong(_ expected: String) -> SeriesProblem {
                SeriesProblem(line: line, message: "\(name): \"\(field)\" is no \(expected)")
            }
            func count(from least: Int64) throws(SeriesProblem) -> Int64 {
                guard let value = Int64(field), value >= least, value <= 1_000_000 else {
                    throw wrong("whole number from \(least) to 1000000")
                }
                return value
            }
            func amount() throws(SeriesProblem) -> Quantity {
                guard let quantity = Quantity(parsing: field), quantity >= .zero else {
                    throw wrong("quantity such as 500m, 2 or 1.5Gi")
                }
                return quantity
            }
            switch name {
            case "time":
                guard let time = SeriesShape.time(field, clock), time >= .zero else {
                    throw wrong("time since the start (90m, 5400, or RFC 3339)")
                }
                row.at = .start + time
            case "name":
                guard NameRules.isDNSLabel(field) else {
                    throw wrong("name: lower-case letters, digits and hyphens, at most 63")
                }
                row.name = field
            case "count": row.count = try count(from: 1)
            case "parallelism": row.parallelism = try count(from: 0)
            case "completions": row.completions = try count(from: 1)
            case "cpu": row.cpu = try amount()
            case "memory": row.memory = try amount()
            case "gpu":
                row.gpu = try amount()
                if let gpu = row.gpu, gpu != Quantity(gpu.value) { throw wrong("whole number of processors") }
            default:
                guard let time = SeriesShape.time(field, nil), time >= .zero else {
                    throw wrong("length of time (90m or 5400)")
                }
                row.runTime = time
            }
        }
        return row
    }
}
