import Machines

/// A container that runs has its image on its machine.
enum ImageInUseInvariant: Invariant {
    static let name = "image-in-use"

    static func problem(in world: borrowing World) -> String? { world.fleet.imageUseProblem() }
}
