extension MachineFleet {
    /// Returns whether a container of the pod runs now.
    package func isRunningAnything(_ slot: PodSlot) -> Bool {
        guard let place = position(of: slot), nodes[Int(pods[place].node)].isOn else { return false }
        return pods[place].isRunningAnything
    }
}
