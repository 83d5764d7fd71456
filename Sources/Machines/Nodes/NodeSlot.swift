/// The place of one machine in a `MachineFleet`; places are never used again.
package struct NodeSlot: Hashable, Sendable {
    /// The position, from 0.
    package let index: Int32

    /// Names the machine at `index`.
    package init(index: Int32) { self.index = index }
}
