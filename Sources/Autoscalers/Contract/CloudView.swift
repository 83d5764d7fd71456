package import KubernetesAPI

/// What an autoscaler can ask its cloud (`cloudprovider.CloudProvider` of the Cluster Autoscaler and of Karpenter).
///
/// Answers show the present, never what the cloud will do next.
package protocol CloudView {
    /// The types of machines on sale, in name order.
    var types: [MachineModel] { get }
    /// What is on sale, sorted by type, zone and purchase model. Whether there are any at present shows only a launch.
    var offers: [MachineOffer] { get }
    /// The groups whose size may be changed, in the order of the scenario.
    var groups: [NodeGroup] { get }
    /// The machines of those groups, and those that the autoscaler ordered, in the order of launch; without those
    /// that are gone for good.
    func machines() -> [CloudMachine]
    /// The machine whose node has this name, or nil.
    func machine(_ name: String) -> CloudMachine?
}

/// What an autoscaler asks of its cloud.
package enum CloudRequest: Sendable {
    /// Launch so many more machines of a group, in the zones that the cloud chooses.
    case grow(group: String, by: Int)
    /// Launch one machine whose node will be as given, under the name that it has.
    case launch(MachineOrder)
    /// Take a machine away, whose node goes with it; a machine of a group counts no longer as wanted.
    case terminate(machine: String)
}

/// One machine that is to be launched.
package struct MachineOrder: Sendable {
    /// The pool for which it is ordered, for reports.
    package let pool: String
    package let offer: MachineOffer
    /// The node as its kubelet will register it: name, labels, taints, capacity.
    package let node: Node

    /// Creates an order.
    package init(pool: String, offer: MachineOffer, node: Node) {
        self.pool = pool
        self.offer = offer
        self.node = node
    }
}
