/// Chooses which of a node's graphics processors a pod gets, when it is reserved there.
///
/// The scheduler asks the plugins of the `reserve` point in order, once the node is chosen, and remembers the answer
/// with the pod for as long as the pod is on the node. A pod that nobody chose for gets the devices that fit most
/// tightly: so does one that was bound by somebody else.
package protocol DevicePlugin: SchedulerPlugin {
    /// Returns a bit per device, as many as the pod asks for, each with enough left; nil to leave the choice to others.
    func devices(for pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot) -> UInt64?
}
