import Chronology

/// Requests per minute to the site of the 1998 World Cup as a service.
enum WorldCupTrace: TraceFormat {
    static let name = "worldcup98"
    static let summary = "requests per minute: one CSV file with period, count"

    static func convert(_ source: TraceSource, _ options: ImportOptions, into folder: ScenarioFolder) {
        guard let paths = source.paths(1...1, expected: "one CSV file") else { return }
        var rates = RequestRates(step: .minutes(1))
        source.rows(of: paths[0], columns: ["period", "count"]) { fields, line in
            guard let time = RequestRates.milliseconds(fields[0]), time >= 0 else {
                return source.fail(
                    paths[0], line: line, "period: \"\(fields[0])\" is no time", expected: "such as 1998-04-30 21:30:00"
                )
            }
            guard let count = Int64(fields[1]), count >= 0, count < 1 << 40 else {
                return source.fail(paths[0], line: line, "count: \"\(fields[1])\" is no number of requests")
            }
            if !rates.add(count, at: time) {
                source.fail(paths[0], line: line, "\(fields[0]) lies years from the others")
            }
        }
        guard !source.hasErrors else { return }
        let service = RequestRates.Service(
            name: name, title: "Requests to a web site by a trace",
            cpuPerRequest: options.cpuPerRequest ?? .milliseconds(10))
        rates.write(service, source, options, into: folder)
    }
}
