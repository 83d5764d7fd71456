import Machines

/// No node's pods are granted more of its processor than pods may use, and no container holds more memory than its limit.
enum PressureInvariant: Invariant {
    static let name = "pressure"

    static func problem(in world: borrowing World) -> String? {
        for (index, machine) in world.pressure.nodes.enumerated() where machine != nil {
            if let problem = machine?.problem(at: world.now) { return "\(world.nodes[index].name): \(problem)" }
        }
        return nil
    }
}
