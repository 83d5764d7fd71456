/// What is to happen at an instant: a small trivial value whose meaning the simulation defines.
package struct SimulationEvent: Hashable, Sendable {
    /// What kind of event this is.
    package var kind: UInt16
    /// A small argument, such as a reason or a container's index.
    package var a: Int32
    /// An argument, such as a handle with its generation.
    package var b: Int64
    /// A second argument.
    package var c: Int64

    /// Creates an event of a kind with up to three arguments.
    package init(kind: UInt16, a: Int32 = 0, b: Int64 = 0, c: Int64 = 0) {
        self.kind = kind
        self.a = a
        self.b = b
        self.c = c
    }
}
