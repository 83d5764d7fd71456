/// A container of all pods of a workload, which is the one at the top of the chain of owners.
package struct ContainerPlace: Hashable, Sendable {
    package var namespace: String
    /// The owner's kind, such as `Deployment`; `Pod` for a pod of its own.
    package var kind: String
    package var owner: String
    package var container: String

    /// Names a container.
    package init(namespace: String, kind: String, owner: String, container: String) {
        self.namespace = namespace
        self.kind = kind
        self.owner = owner
        self.container = container
    }
}

/// What shares of a request stand for in what a container uses, whatever it asks for now.
package struct UsageBasis: Hashable, Sendable {
    /// Thousandths of a core.
    package var cpuMilli: Int64
    package var memoryBytes: Int64

    /// Creates a basis.
    package init(cpuMilli: Int64, memoryBytes: Int64) {
        self.cpuMilli = cpuMilli
        self.memoryBytes = memoryBytes
    }
}
