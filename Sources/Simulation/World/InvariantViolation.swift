package import Chronology
import ClusterStore
import ControlPlane
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

/// Something that holds after every event, and takes a look at the whole world to tell.
protocol Invariant: SendableMetatype {
    static var name: String { get }
    /// Whether it is about the store alone, and so holds as long as nothing is written.
    static var isOfStoreAlone: Bool { get }
    /// Returns what is wrong, or nil.
    static func problem(in world: borrowing World) -> String?
}

extension Invariant {
    static var isOfStoreAlone: Bool { false }
}

/// Something that holds for every change, and takes a look at what it touched to tell.
protocol ChangeInvariant: SendableMetatype {
    static var name: String { get }
    /// Returns what is wrong, or nil; called after the event that made the change.
    static func problem(of judged: JudgedChange, in world: borrowing World) -> String?
}

extension World {
    /// The seed and the place in the run, for messages about bugs.
    var reproduction: String {
        "scenario \(setup.name), seed \(setup.seed), event \(events) at \(now.sinceStart)"
    }

    /// Checks every invariant and returns the first that does not hold.
    ///
    /// The whole world is looked at after so many events that a look costs each of them the same in a large world as in
    /// a small one; in a world of a few pods that is every event.
    mutating func firstViolation(after event: SimulationEvent) -> InvariantViolation? {
        if let violation = firstViolationOfChanges() { return violation }
        guard events >= witness.nextLook else { return nil }
        witness.nextLook = events + 1 + Int64((api.store.count(of: .pod) + nodes.count) / RunLimits.objectsPerLook)
        let isStoreSeen = witness.storeLooked == api.store.resourceVersion
        witness.storeLooked = api.store.resourceVersion
        return firstViolationAnywhere(isStoreSeen: isStoreSeen)
    }

    /// Judges the changes since the last look, each by itself, and remembers them.
    mutating func firstViolationOfChanges() -> InvariantViolation? {
        for judged in witness.changes {
            for invariant in InvariantRegistry.ofChanges {
                if let problem = invariant.problem(of: judged, in: self) {
                    return InvariantViolation(invariant: invariant.name, message: problem, event: events, at: now)
                }
            }
            witness.version = max(witness.version, judged.change.object.metadata.resourceVersion)
        }
        witness.remember(at: now)
        return nil
    }

    /// Looks at the whole world; `isStoreSeen` when nothing was written since the last look.
    func firstViolationAnywhere(isStoreSeen: Bool = false) -> InvariantViolation? {
        for invariant in InvariantRegistry.inOrder where !(isStoreSeen && invariant.isOfStoreAlone) {
            if let problem = invariant.problem(in: self) {
                return InvariantViolation(invariant: invariant.name, message: problem, event: events, at: now)
            }
        }
        return nil
    }
}
