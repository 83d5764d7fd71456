package import Chronology

/// What is wrong with a case.
package struct SwarmFailure: Hashable, Sendable {
    /// The kinds of failure.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Something that must always hold did not.
        case invariant
        /// All was mended, and the cluster did not come to where its objects want it.
        case unsettled
        /// More events than any such case needs.
        case endless
        /// The scenario has errors; of a drawn one, a mistake of the swarm.
        case rejected
        /// The process that ran it ended.
        case crash
    }

    package let kind: Kind
    /// What the kind is about: an invariant's name, the words of an unsettled trouble, or where the process ended.
    package let subject: String
    package let message: String
    /// The number of the event after which it was found, and its time; zero for what has none.
    package let event: Int64
    package let at: Duration

    package init(_ kind: Kind, _ subject: String, _ message: String, event: Int64 = 0, at: Duration = .zero) {
        self.kind = kind
        self.subject = subject
        self.message = message
        self.event = event
        self.at = at
    }

    /// Whether this is the same failure, seen in another case.
    package func isSame(as other: SwarmFailure) -> Bool { kind == other.kind && subject == other.subject }
}

extension SwarmFailure: CustomStringConvertible {
    package var description: String {
        let place = event > 0 ? " (event \(event), \(at) after the start)" : ""
        return "\(kind.rawValue): \(subject): \(message)\(place)"
    }
}
