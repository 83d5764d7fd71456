package import Chronology
import KubernetesAPI
import VirtualTime

/// Something that must never happen and did: a bug in us.
package struct InvariantViolation: Error, Hashable, Sendable {
    /// The invariant's name.
    package let invariant: String
    package let message: String
    /// The number of the event after which it was found.
    package let event: Int64
    package let at: Instant
}

/// Something that holds after every event.
protocol Invariant: SendableMetatype {
    static var name: String { get }
    /// Returns what is wrong, or nil.
    static func problem(in world: borrowing World) -> String?
}

extension World {
    /// The seed and the place in the run, for messages about bugs.
    var reproduction: String {
        "scenario \(setup.name), seed \(setup.seed), event \(events) at \(now.sinceStart)"
    }

    /// Checks every invariant and returns the first that does not hold.
    func firstViolation(after event: SimulationEvent) -> InvariantViolation? {
        for invariant in InvariantRegistry.inOrder {
            if let problem = invariant.problem(in: self) {
                return InvariantViolation(invariant: invariant.name, message: problem, event: events, at: now)
            }
        }
        return nil
    }
}
