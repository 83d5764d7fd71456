package import Chronology
import VirtualTime

extension MachineFleet {
    /// Lets a machine work at so many thousandths of its speed: starts of containers, unpacking, and its network link.
    ///
    /// How fast its containers work is set for each pod (`setSpeed`).
    package mutating func setMachineSpeed(
        _ node: NodeSlot, permille: Int64, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let index = Int(node.index)
        nodes[index].speed = max(1, permille)
        let bandwidth = Int64(Int128(nodes[index].bandwidth) * Int128(nodes[index].speed) / 1_000)
        transfers.setBandwidth(bandwidth, of: nodes[index].ingress)
        if nodes[index].egress >= 0 { transfers.setBandwidth(bandwidth, of: nodes[index].egress) }
        scheduleTransfers(at: now, into: &effects)
    }

    /// Says whether a machine's disk has no room for an image.
    package mutating func setDisk(_ node: NodeSlot, isFull: Bool) { nodes[Int(node.index)].isDiskFull = isFull }

    /// Returns how long something takes at `speed` (thousandths) that takes `time` at full speed.
    ///
    /// Static, since a call on a fleet that changes copies all of it for the arguments.
    static func slowed(_ time: Duration, at speed: Int64) -> Duration {
        if speed == 1_000 { return time }
        let slowed = Int128(time.nanoseconds) * 1_000 / Int128(speed)
        // Longer than any run; beyond it there is no instant at which it could end.
        return Duration(nanoseconds: Int64(min(slowed, Int128(Limits.sampledDuration.nanoseconds))))
    }
}
