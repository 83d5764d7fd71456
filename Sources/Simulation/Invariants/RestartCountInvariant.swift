/// The restart count of a container never falls.
enum RestartCountInvariant: Invariant {
    static let name = "restart-count"

    static func problem(in world: borrowing World) -> String? { world.lifecycle.fallenCount }
}
