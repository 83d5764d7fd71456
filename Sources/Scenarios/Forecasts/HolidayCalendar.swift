import Chronology
package import KubernetesAPI

/// Days on which demand is another, and what they are called.
package struct HolidayCalendar: Sendable {
    /// A day, in UTC.
    struct Day: Hashable, Sendable {
        let daysSince1970: Int
        let name: Int
    }

    /// In the order in which they occur first in the file.
    package let names: [String]
    private let days: [Day]

    /// A calendar without holidays.
    package static let none = HolidayCalendar(names: [], days: [])

    private init(names: [String], days: [Day]) { (self.names, self.days) = (names, days) }

    /// Reads a CSV file with a column `date` and, where they differ in their effect, `name`; nil, and what is wrong, when
    /// there is an error.
    package static func read(_ file: LoadedFile, _ diagnostics: Diagnostics) -> HolidayCalendar? {
        guard let table = DelimitedTable(file, diagnostics), !table.hasErrors else { return nil }
        guard let date = table.column("date") else {
            table.fail(
                line: table.header.number, "there is no column \"date\"", expected: "a first line such as date,name",
                nearest: NearestName.of("date", among: table.header.fields))
            return nil
        }
        let name = table.column("name")
        var names: [String] = []
        var days: [Day] = []
        for row in table.rows where !table.isHopeless {
            guard row.fields[date].utf8.count == 10, let time = try? UnixTime(parsing: row.fields[date]) else {
                table.fail(row, date, "\"\(row.fields[date])\" is no day", expected: "2026-12-25")
                continue
            }
            let text = name.map { row.fields[$0] } ?? "holiday"
            if !names.contains(text) { names.append(text) }
            days.append(
                Day(daysSince1970: Int(time.seconds.flooredDay), name: names.firstIndex(of: text) ?? 0))
        }
        return table.hasErrors ? nil : HolidayCalendar(names: names, days: days)
    }

    /// Returns, for each of `count` steps of a grid, the number of the holiday that it begins on.
    package func steps(of grid: UsageGrid, count: Int) -> [Int?] {
        guard !days.isEmpty else { return [] }
        let byDay = Dictionary(days.map { ($0.daysSince1970, $0.name) }, uniquingKeysWith: { first, _ in first })
        return (0..<count).map { place in
            let at = grid.start + Int64(place) * grid.step.nanoseconds
            return byDay[Int((at / 1_000_000_000).flooredDay)]
        }
    }
}

extension Int64 {
    /// The day of a number of seconds since 1970.
    fileprivate var flooredDay: Int64 { self >= 0 ? self / 86_400 : (self - 86_399) / 86_400 }
}
