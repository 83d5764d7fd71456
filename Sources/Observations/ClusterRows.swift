package import Chronology

/// A machine that joined the cluster.
package struct NodeRow: Hashable, Sendable {
    /// A small number that other rows refer to.
    package var node: Int32
    package var name: String
    package var machineType: String
    package var zone: String
    package var pool: String
    /// `on-demand` or `spot`.
    package var purchase: String
    /// In nano-dollars; 0 when the price is not known.
    package var pricePerHour: Int64
    /// In thousandths of a core.
    package var capacityCPU: Int64
    /// In bytes.
    package var capacityMemory: Int64
    package var capacityGPU: Int64
    /// In thousandths of a core.
    package var allocatableCPU: Int64
    /// In bytes.
    package var allocatableMemory: Int64
    package var allocatablePods: Int64
    package var allocatableGPU: Int64
    package var launchedAt: Instant

    package init(
        node: Int32, name: String, machineType: String, zone: String, pool: String, purchase: String,
        pricePerHour: Int64, capacityCPU: Int64, capacityMemory: Int64, capacityGPU: Int64, allocatableCPU: Int64,
        allocatableMemory: Int64, allocatablePods: Int64, allocatableGPU: Int64, launchedAt: Instant
    ) {
        self.node = node
        self.name = name
        self.machineType = machineType
        self.zone = zone
        self.pool = pool
        self.purchase = purchase
        self.pricePerHour = pricePerHour
        self.capacityCPU = capacityCPU
        self.capacityMemory = capacityMemory
        self.capacityGPU = capacityGPU
        self.allocatableCPU = allocatableCPU
        self.allocatableMemory = allocatableMemory
        self.allocatablePods = allocatablePods
        self.allocatableGPU = allocatableGPU
        self.launchedAt = launchedAt
    }
}

/// A stretch of time in which a node was in one state.
package struct NodeIntervalRow: Hashable, Sendable {
    package var node: Int32
    package var state: NodeState
    package var from: Instant
    package var to: Instant

    package init(
        node: Int32, state: NodeState, from: Instant, to: Instant
    ) {
        self.node = node
        self.state = state
        self.from = from
        self.to = to
    }
}

/// The workload at the top of an ownership chain, or a bare pod.
package struct ControllerRow: Hashable, Sendable {
    /// A small number that other rows refer to.
    package var controller: Int32
    package var namespace: String
    package var kind: String
    package var name: String

    package init(
        controller: Int32, namespace: String, kind: String, name: String
    ) {
        self.controller = controller
        self.namespace = namespace
        self.kind = kind
        self.name = name
    }
}

/// A pod as it was created.
package struct PodRow: Hashable, Sendable {
    /// A small number that other rows refer to.
    package var pod: Int32
    /// The upper and the lower half of the uid.
    package var uidHigh: UInt64
    package var uidLow: UInt64
    package var namespace: String
    package var name: String
    package var controller: Int32
    /// In thousandths of a core.
    package var requestCPU: Int64
    /// In bytes.
    package var requestMemory: Int64
    package var requestGPU: Int64
    package var priority: Int32
    package var createdAt: Instant
    /// Its labels over those of its namespace, as a JSON object in the order of their keys.
    package var labels: String
    /// Whether it has the address of its node instead of one of its own.
    package var usesHostNetwork = false

    package init(
        pod: Int32, uidHigh: UInt64, uidLow: UInt64, namespace: String, name: String, controller: Int32,
        requestCPU: Int64, requestMemory: Int64, requestGPU: Int64, priority: Int32, createdAt: Instant,
        labels: String = "{}"
    ) {
        self.pod = pod
        self.uidHigh = uidHigh
        self.uidLow = uidLow
        self.namespace = namespace
        self.name = name
        self.controller = controller
        self.requestCPU = requestCPU
        self.requestMemory = requestMemory
        self.requestGPU = requestGPU
        self.priority = priority
        self.createdAt = createdAt
        self.labels = labels
    }
}

/// A stretch of time in which a pod was in one state.
package struct PodIntervalRow: Hashable, Sendable {
    package var pod: Int32
    package var state: PodState
    /// -1 while the pod is bound to none.
    package var node: Int32
    package var from: Instant
    package var to: Instant

    package init(
        pod: Int32, state: PodState, node: Int32, from: Instant, to: Instant
    ) {
        self.pod = pod
        self.state = state
        self.node = node
        self.from = from
        self.to = to
    }
}

/// How a pod stood at the end of its life, or at the end of the run.
package struct PodEndRow: Hashable, Sendable {
    package var pod: Int32
    /// -1 when it was never bound.
    package var node: Int32
    /// `Succeeded` or `Failed` for a pod that ran to its end, `Deleted` for one that was taken away before, else its phase.
    package var phase: String
    /// Why it ended: a status reason, or empty.
    package var reason: String
    package var restarts: Int32
    /// Whether the run ended before the pod did.
    package var isAlive: Bool
    package var endedAt: Instant

    package init(
        pod: Int32, node: Int32, phase: String, reason: String, restarts: Int32, isAlive: Bool, endedAt: Instant
    ) {
        self.pod = pod
        self.node = node
        self.phase = phase
        self.reason = reason
        self.restarts = restarts
        self.isAlive = isAlive
        self.endedAt = endedAt
    }
}
