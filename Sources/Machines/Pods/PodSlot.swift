/// The place of one pod in a `MachineFleet`; every call ignores a slot whose pod was forgotten.
package struct PodSlot: Hashable, Sendable {
    /// The position, from 0; positions are used again.
    package let index: Int32
    /// How many pods had this position before.
    package let generation: Int32

    /// Names the pod that is the `generation`th at `index`.
    package init(index: Int32, generation: Int32) {
        self.index = index
        self.generation = generation
    }
}
