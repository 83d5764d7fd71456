import Machines

/// The bytes of images on each machine are the sum of its distinct layers.
enum ImageStoreInvariant: Invariant {
    static let name = "image-store"

    static func problem(in world: borrowing World) -> String? { world.fleet.imageStoreProblem() }
}
