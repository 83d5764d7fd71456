import Machines

/// What is on its way never exceeds the bandwidth of a machine, a cache or a registry.
enum ImageBandwidthInvariant: Invariant {
    static let name = "image-bandwidth"

    static func problem(in world: borrowing World) -> String? { world.fleet.transferProblem() }
}
