/// Why a cluster is not in the state that its objects ask for.
package struct Unsettled: Hashable, Sendable {
    /// What it is about, such as `Deployment default/web`, or a controller's name.
    package let subject: String
    /// The kind of trouble in a few words that name no object: two with the same words are the same trouble.
    package let trouble: String
    /// What was found.
    package let detail: String

    /// Creates a finding.
    package init(_ subject: String, _ trouble: String, _ detail: String = "") {
        self.subject = subject
        self.trouble = trouble
        self.detail = detail
    }
}

extension Unsettled: CustomStringConvertible {
    package var description: String { "\(subject) \(trouble)" + (detail.isEmpty ? "" : ": \(detail)") }
}
