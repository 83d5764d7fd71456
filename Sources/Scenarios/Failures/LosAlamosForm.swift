import Chronology
import KubernetesAPI

/// The failure data that Los Alamos National Laboratory published of its systems (1996 to 2005), as it comes.
///
/// Times are taken as UTC. A machine is called by its system and its number from zero (`20-17`); `cause` is the category
/// whose column is filled. A machine is watched from the month in which it began production to the one in which it was
/// taken out of service.
enum LosAlamosForm {
    private static let causes = [
        ("Facilities", "facilities"), ("Hardware", "hardware"), ("Human Error", "human"), ("Network", "network"),
        ("Undetermined", "undetermined"), ("Software", "software"),
    ]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func isMet(by table: DelimitedTable) -> Bool {
        ["System", "nodenumz", "Prob Started", "Prob Fixed"].allSatisfy { table.column($0) != nil }
    }

    static func read(_ table: DelimitedTable) -> FailureLog {
        var outages: [FailureLog.Outage] = []
        let places = causes.map { (place: table.column($0.0), name: $0.1) }
        let (production, retired) = (table.column("node prod"), table.column("node decom"))
        guard let system = table.column("System"), let number = table.column("nodenumz"),
            let started = table.column("Prob Started"), let fixed = table.column("Prob Fixed")
        else { return FailureLog(file: table.file, columns: [], content: .outages([]), namesNodes: true) }
        for row in table.rows {
            if table.isHopeless { break }
            func time(_ column: Int) -> LogTime? {
                if let time = LogTime(american: row.fields[column]) { return time }
                table.fail(
                    row, column, "\(table.header.fields[column]): \"\(row.fields[column])\" is no time",
                    expected: "such as 6/21/2005 10:54")
                return nil
            }
            guard let start = time(started), let end = time(fixed) else { continue }
            guard end.nanoseconds >= start.nanoseconds else {
                table.fail(row, fixed, "Prob Fixed: \(row.fields[fixed]) is before Prob Started")
                continue
            }
            let name = row.fields[number].isEmpty ? row.fields[system] : "\(row.fields[system])-\(row.fields[number])"
            let cause = places.first { $0.place.map { !row.fields[$0].isEmpty } ?? false }?.name ?? ""
            outages.append(
                FailureLog.Outage(
                    line: row.number, node: name, start: start,
                    length: Duration(nanoseconds: end.nanoseconds - start.nanoseconds),
                    since: production.flatMap { month(row.fields[$0]) },
                    until: retired.flatMap { month(row.fields[$0]) },
                    values: row.fields + [name, cause]))
        }
        return FailureLog(
            file: table.file, columns: table.header.fields + ["node", "cause"], content: .outages(outages),
            namesNodes: true)
    }

    /// Returns the beginning of a month such as `Jan-97`, or `5-Apr` for April 2005; nil for "current" and the like.
    static func month(_ text: String) -> LogTime? {
        let parts = text.split(separator: "-").map(String.init)
        guard parts.count == 2 else { return nil }
        let (name, digits) = months.contains(parts[0]) ? (parts[0], parts[1]) : (parts[1], parts[0])
        guard let month = months.firstIndex(of: name), let year = Int(digits), (0..<100).contains(year) else {
            return nil
        }
        return LogTime(american: "\(month + 1)/1/\(year < 70 ? 2_000 + year : 1_900 + year)")
    }
}
