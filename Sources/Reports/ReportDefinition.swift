import Foundation

/// A report as its `.sql` file defines it: one SELECT under a header of comments.
///
///     -- title: Cost by namespace
///     -- question: Who spends the money?
///     -- chart: bar namespace total
///     -- column total: usd
///     -- parameter level: namespace | controller
///     SELECT …
///
/// A parameter is `:level` in the query; the first of its values, which may be empty, holds when nobody gives one. Lines of the header that begin otherwise are plain comments.
package struct ReportDefinition: Hashable, Sendable {
    /// The file's name without its ending; what a user asks for.
    package let name: String
    package let title: String
    /// What the report answers, as a question.
    package let question: String
    /// How it may be drawn, such as `bar namespace total`; nil when it is for reading only.
    package let chart: String?
    /// What the numbers of a column mean, by the column's name.
    package let units: [String: ReportUnit]
    /// What a user may set, in the order of the header.
    package let parameters: [ReportParameter]
    /// The query, header and all.
    package let sql: String

    /// Reads a definition, or says in which line its header is wrong.
    package init(name: String, parsing text: String) throws(ReportError) {
        var fields: [String: String] = [:]
        var units: [String: ReportUnit] = [:]
        var parameters: [ReportParameter] = []
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            guard line.hasPrefix("--") else { break }
            let parts = line.dropFirst(2).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let key = parts[0].trimmingCharacters(in: .whitespaces)
            let value = parts[1].trimmingCharacters(in: .whitespaces)
            if ["title", "question", "chart"].contains(key) {
                guard fields[key] == nil else {
                    throw .badHeader(report: name, line: number, reason: "a second \(key)")
                }
                fields[key] = value
            } else if key.hasPrefix("parameter ") {
                let parameter = ReportParameter(
                    name: key.dropFirst(10).trimmingCharacters(in: .whitespaces), parsing: value)
                guard !parameters.contains(where: { $0.name == parameter.name }) else {
                    throw .badHeader(report: name, line: number, reason: "a second parameter \(parameter.name)")
                }
                parameters.append(parameter)
            } else if key.hasPrefix("column ") {
                guard let unit = ReportUnit(rawValue: value) else {
                    let known = ReportUnit.allCases.map(\.rawValue).joined(separator: ", ")
                    throw .badHeader(report: name, line: number, reason: "unknown unit \"\(value)\" (known: \(known))")
                }
                units[key.dropFirst(7).trimmingCharacters(in: .whitespaces)] = unit
            }
        }
        guard let title = fields["title"], let question = fields["question"] else {
            let missing = fields["title"] == nil ? "title" : "question"
            throw .badHeader(report: name, line: 1, reason: "the header needs a line \"-- \(missing): …\"")
        }
        self.name = name
        self.title = title
        self.question = question
        chart = fields["chart"]
        self.units = units
        self.parameters = parameters
        sql = text
    }
}
