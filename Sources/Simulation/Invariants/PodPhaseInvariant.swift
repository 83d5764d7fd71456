/// A pod's phase changes only as it may: never out of a terminal one, and from running back to pending
/// only where init containers can run again.
enum PodPhaseInvariant: Invariant {
    static let name = "pod-phase"

    static func problem(in world: borrowing World) -> String? { world.lifecycle.illegalPhase }
}
