import Foundation

/// What a user may set of a report, as its header says: `-- parameter level: namespace | controller`.
package struct ReportParameter: Hashable, Sendable {
    package let name: String
    /// What holds when nobody gives a value; it may be empty.
    package let standard: String
    /// The values that are allowed; empty when any text is.
    package let choices: [String]

    /// Reads what follows the name: one value that any text may replace, or all that there are, the usual one first.
    init(name: String, parsing text: String) {
        let values = text.split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        self.name = name
        standard = values[0]
        choices = values.count > 1 ? values : []
    }
}

extension ReportDefinition {
    /// Returns a value for each parameter: what `settings`, each `name=value`, say, and else what is usual.
    package func arguments(_ settings: [String]) throws(ReportError) -> [String: String] {
        var values = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.standard) })
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let wanted = String(parts[0])
            guard parts.count == 2, let parameter = parameters.first(where: { $0.name == wanted }) else {
                throw .unknownParameter(report: name, setting: setting, known: parameters.map(\.name))
            }
            let value = String(parts[1])
            guard parameter.choices.isEmpty || parameter.choices.contains(value) else {
                throw .badValue(
                    report: name, parameter: wanted, value: value, known: parameter.choices.filter { !$0.isEmpty })
            }
            values[wanted] = value
        }
        return values
    }
}
