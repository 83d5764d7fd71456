package import RunDatabase

/// The reason why a report cannot be found, read or run, in words for its user.
package enum ReportError: Error, Hashable, Sendable {
    /// The folder that the user named is not there.
    case noSuchFolder(path: String)
    /// A definition cannot be read from its file.
    case unreadable(path: String, reason: String)
    /// A definition's header is wrong; lines count from 1.
    case badHeader(report: String, line: Int, reason: String)
    /// No report has the name.
    case unknown(name: String, known: [String])
    /// A setting names no parameter of the report.
    case unknownParameter(report: String, setting: String, known: [String])
    /// A parameter cannot have the value.
    case badValue(report: String, parameter: String, value: String, known: [String])
    /// The report's query fails on this database.
    case badQuery(report: String, reason: String)
    /// The database cannot be read.
    case database(RunDatabaseError)
}

extension ReportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSuchFolder(let path):
            "there is no folder of reports at \(path)"
        case .unreadable(let path, let reason):
            "\(path): \(reason)"
        case .badHeader(let report, let line, let reason):
            "\(report).sql:\(line): \(reason)"
        case .unknown(let name, let known) where known.isEmpty:
            "there is no report \"\(name)\": no folder of reports was found; name one with --reports or ORRERY_REPORTS"
        case .unknown(let name, let known):
            "there is no report \"\(name)\" (there are: \(known.joined(separator: ", ")))"
        case .unknownParameter(let report, let setting, let known) where known.isEmpty:
            "--set \(setting): the report \(report) has nothing that can be set"
        case .unknownParameter(let report, let setting, let known):
            "--set \(setting): the report \(report) takes \(known.map { "\($0)=…" }.joined(separator: ", "))"
        case .badValue(let report, let parameter, let value, let known):
            "--set \(parameter)=\(value): \(parameter) of the report \(report) is one of "
                + known.joined(separator: ", ")
        case .badQuery(let report, let reason):
            "\(report).sql: \(reason)"
        case .database(let error):
            error.description
        }
    }
}
