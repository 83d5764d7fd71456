/// What an autoscaler can ask its cloud (`cloudprovider.CloudProvider` of the Cluster Autoscaler).
///
/// Answers show the present, never what the cloud will do next.
package protocol CloudView {
    /// The groups whose size may be changed, in the order of the scenario.
    var groups: [NodeGroup] { get }
    /// The machines of those groups, and those that were bought one by one, in the order of launch, without those that
    /// are gone for good.
    var machines: [CloudMachine] { get }
    /// What is sold machine by machine.
    var market: MachineMarket { get }

    /// Whether a machine has this name or had it.
    func isTaken(_ name: String) -> Bool
}

/// What an autoscaler asks of its cloud.
package enum CloudRequest: Sendable {
    /// Launch so many more machines of a group, in the zones that the cloud chooses.
    case grow(group: String, by: Int)
    /// Launch one machine of the first offer that can be had, under the name that it has; answered at once.
    case launch(MachineOrder)
    /// Take a machine away, whose node goes with it; it counts no longer as wanted.
    case terminate(machine: String)
}
