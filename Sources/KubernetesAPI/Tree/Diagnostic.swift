/// One finding about an input: what is wrong, where, and what was expected.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: UInt8, Hashable, Sendable, CaseIterable {
        case error, warning, note

        /// The word that stands in a rendered line.
        package var name: String {
            switch self {
            case .error: "error"
            case .warning: "warning"
            case .note: "note"
            }
        }
    }

    package var severity: Severity
    package var file: String
    /// nil when the finding is about the whole file.
    package var position: Position?
    /// The field, such as `spec.template.spec.containers[0].resources`; empty when it is about the whole object.
    package var path: String
    package var message: String
    /// What would have been right, or nil.
    package var expected: String?
    /// The nearest valid name, or nil.
    package var nearest: String?
    /// How many like findings this one stands for; at least 1.
    package var count: Int

    package init(
        _ severity: Severity, file: String, position: Position? = nil, path: String = "", message: String,
        expected: String? = nil, nearest: String? = nil, count: Int = 1
    ) {
        self.severity = severity
        self.file = file
        self.position = position
        self.path = path
        self.message = message
        self.expected = expected
        self.nearest = nearest
        self.count = count
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The canonical line: `file:line:column: error: path: message (expected …; did you mean "…"?)`.
    package var description: String {
        var line = file
        if let position { line += ":\(position.line):\(position.column)" }
        line += ": \(severity.name): "
        if !path.isEmpty { line += "\(path): " }
        line += message
        var remarks: [String] = []
        if let expected { remarks.append("expected \(expected)") }
        if let nearest { remarks.append("did you mean \"\(nearest)\"?") }
        if count > 1 { remarks.append("\(count - 1) more like this") }
        if !remarks.isEmpty { line += " (\(remarks.joined(separator: "; ")))" }
        return line
    }
}
