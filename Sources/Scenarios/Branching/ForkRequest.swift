/// What the user wants to be another from an instant of an earlier run on, as it was written.
package struct ForkRequest: Hashable, Sendable {
    /// A time since the start, or a date.
    package var at: String
    /// The run that is left: its name and its digest; for people.
    package var parent = ""
    /// Changes to the scenario, each a `path=value`.
    package var settings: [String] = []
    package var duration: String?
    package var schedulerConfiguration: String?

    /// Creates a fork in which nothing is another.
    package init(at: String) { self.at = at }
}

// MARK: - Text

extension ForkRequest {
    /// What the key of each line begins with; the line that opens a fork has no more than this.
    static let key = "fork"

    /// The lines of a request that say it, the opening one first.
    var lines: [(key: String, value: String?)] {
        [("fork", at), ("fork-parent", parent), ("fork-duration", duration)]
            + settings.map { ("fork-set", $0) } + [("fork-scheduler-config", schedulerConfiguration)]
    }

    /// Takes a line; returns false when there is no such key.
    mutating func read(_ key: Substring, _ value: String) -> Bool {
        switch key {
        case "fork": at = value
        case "fork-parent": parent = value
        case "fork-duration": duration = value
        case "fork-set": settings.append(value)
        case "fork-scheduler-config": schedulerConfiguration = value
        default: return false
        }
        return true
    }
}
