package import Chronology

/// What the running pods of a workload used in a stretch of time.
package struct DemandIntervalRow: Hashable, Sendable {
    package var controller: Int32
    package var from: Instant
    package var to: Instant
    /// Thousandths of a core for each pod.
    package var cpu: Int64
    /// Bytes for each pod.
    package var memory: Int64
    package var pods: Int32
    /// The part of each that nobody has said: containers without usage are taken to use what they request.
    package var assumedCPU: Int64 = 0
    package var assumedMemory: Int64 = 0

    package init(
        controller: Int32, from: Instant, to: Instant, cpu: Int64, memory: Int64, pods: Int32
    ) {
        self.controller = controller
        self.from = from
        self.to = to
        self.cpu = cpu
        self.memory = memory
        self.pods = pods
    }
}

/// The sums over all ready nodes in a stretch of time.
package struct CapacityIntervalRow: Hashable, Sendable {
    package var from: Instant
    package var to: Instant
    package var nodes: Int32
    /// Pods bound to nodes.
    package var pods: Int32
    /// Pods bound to none.
    package var pending: Int32
    package var allocatableCPU: Int64
    package var requestedCPU: Int64
    package var allocatableMemory: Int64
    package var requestedMemory: Int64
    package var allocatableGPU: Int64
    package var requestedGPU: Int64
    /// What the bound pods asked for at the moment when that was most, and what they might ask for then.
    package var peakRequestedCPU: Int64 = 0
    package var peakAllocatableCPU: Int64 = 0
    package var peakRequestedMemory: Int64 = 0
    package var peakAllocatableMemory: Int64 = 0

    package init(
        from: Instant, to: Instant, nodes: Int32, pods: Int32, pending: Int32, allocatableCPU: Int64,
        requestedCPU: Int64, allocatableMemory: Int64, requestedMemory: Int64, allocatableGPU: Int64,
        requestedGPU: Int64
    ) {
        self.from = from
        self.to = to
        self.nodes = nodes
        self.pods = pods
        self.pending = pending
        self.allocatableCPU = allocatableCPU
        self.requestedCPU = requestedCPU
        self.allocatableMemory = allocatableMemory
        self.requestedMemory = requestedMemory
        self.allocatableGPU = allocatableGPU
        self.requestedGPU = requestedGPU
    }
}

/// What one asset cost: the debit side of the ledger.
package struct CostAssetRow: Hashable, Sendable {
    /// `node`, `control-plane`, …
    package var kind: String
    /// -1 for assets that are no machine.
    package var node: Int32
    package var name: String
    package var from: Instant
    package var to: Instant
    /// Nano-dollars.
    package var amount: Int64

    package init(
        kind: String, node: Int32, name: String, from: Instant, to: Instant, amount: Int64
    ) {
        self.kind = kind
        self.node = node
        self.name = name
        self.from = from
        self.to = to
        self.amount = amount
    }
}

/// Who an amount is for: the credit side of the ledger.
package struct CostAllocationRow: Hashable, Sendable {
    /// `pod`, `idle`, `overhead`, `control-plane`, `storage`, `zone-traffic`, …
    package var account: String
    /// The namespace of what belongs to one though no workload caused it; else empty.
    package var namespace: String
    /// -1 when spread over several.
    package var node: Int32
    /// -1 for what no workload caused.
    package var controller: Int32
    /// -1 when the row sums up many pods.
    package var pod: Int32
    package var from: Instant
    package var to: Instant
    /// Nano-dollars for CPU.
    package var cpu: Int64
    /// Nano-dollars for memory.
    package var memory: Int64
    /// Nano-dollars for GPUs.
    package var gpu: Int64
    /// Nano-dollars for anything else.
    package var other: Int64
    /// The labels of what belongs to no workload, as in `PodRow`; else empty.
    package var labels: String

    package init(
        account: String, namespace: String = "", node: Int32, controller: Int32, pod: Int32, from: Instant,
        to: Instant, cpu: Int64, memory: Int64, gpu: Int64, other: Int64, labels: String = ""
    ) {
        self.account = account
        self.namespace = namespace
        self.node = node
        self.controller = controller
        self.pod = pod
        self.from = from
        self.to = to
        self.cpu = cpu
        self.memory = memory
        self.gpu = gpu
        self.other = other
        self.labels = labels
    }
}
