package import Chronology
package import KubernetesAPI

/// What one container holds of its machine, and what its spec grants it.
package struct ContainerLoad: Hashable, Sendable {
    package var name: String
    package var isRunning = false
    /// Working set; counts while it runs.
    package var memory = GrowingAmount.zero
    /// Logs and writable layer, or what it writes into `volume`; counts while it runs.
    package var disk = GrowingAmount.zero
    /// The emptyDir volume that it writes into, whose content outlives the container.
    package var volume: String?
    /// What it would use of the processor, in thousandths of a core.
    package var cpuWanted: Int64 = 0

    package var requestMemory: Int64
    package var requestStorage: Int64
    package var limitCPU: Int64?
    package var limitMemory: Int64?
    package var limitStorage: Int64?

    /// Creates the load of a container that does not run.
    package init(_ container: Container) {
        name = container.name
        requestMemory = max(0, container.requests[.memory]?.value ?? 0)
        requestStorage = max(0, container.requests[.ephemeralStorage]?.value ?? 0)
        limitCPU = Self.bound(container.limits[.cpu]?.milliValue)
        limitMemory = Self.bound(container.limits[.memory]?.value)
        limitStorage = Self.bound(container.limits[.ephemeralStorage]?.value)
    }

    /// A limit of zero bounds nothing.
    static func bound(_ value: Int64?) -> Int64? { value.flatMap { $0 > 0 ? $0 : nil } }

    func memory(at now: Instant) -> Int64 { isRunning ? memory.value(at: now) : 0 }
}

/// What one pod holds of its machine.
package struct PodLoad: Sendable {
    /// The caller's number.
    package var id: Int32
    package var name: String
    package var qosClass: PodStatus.QOSClass
    package var priority: Int32
    /// Whether the kubelet never evicts it (`IsCriticalPod`).
    package var isCritical: Bool
    /// Whether it is known what its containers use; otherwise the pod is taken to use what it asks for.
    package var isMeasured: Bool
    package var requestCPU: Int64
    package var requestMemory: Int64
    package var requestStorage: Int64
    /// What it gets to end when nobody says otherwise.
    package var grace: Duration
    /// Limits of the pod as a whole; that of storage is what its containers add up to.
    package var limitCPU: Int64?
    package var limitMemory: Int64?
    package var limitStorage: Int64?
    /// The pod-level request of memory as messages name it.
    package var podRequestMemory: Int64?
    /// The part of a pod-level request of memory that falls to each container beside its own.
    package var memoryRemainder: Int64 = 0
    /// emptyDir volumes that have a limit.
    package var volumeLimits: [(name: String, limit: Quantity)] = []
    /// In the kubelet's order: init containers first.
    package var containers: [ContainerLoad]
    /// What volumes keep of containers that ended, in bytes, by container.
    var kept: [Int64]
    /// Whether it was told to go.
    var isEvicted = false
    /// What it wants of the processor, quotas counted, and what it gets, in millionths of a core.
    package internal(set) var cpu: (wanted: Int64, granted: Int64) = (0, 0)
    /// What it wanted without quotas when the processor was shared last.
    var cpuUncut: Int64 = 0

    /// The priority from which on pods are critical to the system (`SystemCriticalPriority`).
    package static let criticalPriority: Int32 = 2_000_000_000
    /// The priority of pods that a node needs (`system-node-critical`).
    static let nodeCriticalPriority: Int32 = 2_000_001_000

    /// Creates the load of a pod of which nothing runs yet; `requests` are those of the pod as a whole.
    package init(id: Int32, _ pod: Pod, requests: ResourceList, isMeasured: Bool) {
        let spec = pod.spec
        self.id = id
        name = pod.metadata.name
        qosClass = pod.status.qosClass ?? .burstable
        priority = pod.priority
        isCritical =
            pod.priority >= Self.criticalPriority || pod.isMirror
        grace = .seconds(spec.terminationGracePeriodSeconds)
        self.isMeasured = isMeasured
        requestCPU = max(0, requests[.cpu]?.milliValue ?? 0)
        requestMemory = max(0, requests[.memory]?.value ?? 0)
        requestStorage = max(0, requests[.ephemeralStorage]?.value ?? 0)
        limitCPU = ContainerLoad.bound(spec.limits[.cpu]?.milliValue)
        limitMemory = ContainerLoad.bound(spec.limits[.memory]?.value)
        podRequestMemory = spec.requests[.memory]?.value
        containers = (spec.initContainers + spec.containers).map(ContainerLoad.init)
        // Only main containers are held to limits of storage of their own.
        for index in spec.initContainers.indices { containers[index].limitStorage = nil }
        kept = Array(repeating: 0, count: containers.count)
        limitStorage = spec.storageLimit?.value
        if let whole = podRequestMemory, !spec.containers.isEmpty {
            let own = spec.containers.reduce(Int64(0)) { $0.addingCut(max(0, $1.requests[.memory]?.value ?? 0)) }
            memoryRemainder = max(0, whole - own) / Int64(spec.containers.count)
        }
        for volume in spec.volumes {
            if case .emptyDir(_, let limit?) = volume.source, limit > .zero {
                volumeLimits.append((volume.name, limit))
            }
        }
    }
}

// MARK: - What it holds

extension PodLoad {
    /// Returns the pod's working set.
    package func memory(at now: Instant) -> Int64 {
        guard isMeasured else { return requestMemory }
        return containers.reduce(0) { $0 + $1.memory(at: now) }
    }

    /// Returns what the pod holds of the disk: logs, writable layers and volumes.
    package func disk(at now: Instant) -> Int64 {
        guard isMeasured else { return 0 }
        return containers.indices.reduce(0) { $0 + disk(of: $1, at: now) }
    }

    func disk(of container: Int, at now: Instant) -> Int64 {
        kept[container] + (containers[container].isRunning ? containers[container].disk.value(at: now) : 0)
    }

    /// Returns what is in a volume.
    func disk(inVolume name: String, at now: Instant) -> Int64 {
        containers.indices.reduce(0) { $0 + (containers[$1].volume == name ? disk(of: $1, at: now) : 0) }
    }

    /// What the pod wants of the processor, quotas counted, in millionths of a core.
    var cpuDemand: Int64 {
        guard isMeasured else { return requestCPU * 1_000 }
        var sum: Int64 = 0
        for container in containers where container.isRunning {
            sum += min(container.cpuWanted, container.limitCPU ?? .max)
        }
        return min(sum, limitCPU ?? .max) * 1_000
    }

    /// What the pod would use of the processor without any bound, in millionths of a core.
    package var cpuWanted: Int64 {
        guard isMeasured else { return requestCPU * 1_000 }
        return containers.reduce(0) { $0 + ($1.isRunning ? $1.cpuWanted * 1_000 : 0) }
    }

    /// What the pod gets of what it wants, in thousandths: 1,000 for all of it, and never 0 when it gets anything.
    package var cpuSharePermille: Int64 {
        let wanted = cpuWanted
        guard wanted > cpu.granted else { return 1_000 }
        let share = Int64(Int128(cpu.granted) * 1_000 / Int128(wanted))
        return share == 0 && cpu.granted > 0 ? 1 : share
    }

    /// Returns whether one of its containers runs, those before the first main one left out.
    package func runsAny(from firstMain: Int) -> Bool {
        containers.indices.contains { $0 >= firstMain && containers[$0].isRunning }
    }

    var isGrowing: Bool {
        isMeasured && containers.contains { $0.isRunning && ($0.memory.growth > 0 || $0.disk.growth > 0) }
    }

    var cpuClass: CPUDemand.Class {
        switch qosClass {
        case .guaranteed: .guaranteed
        case .burstable: .burstable
        case .bestEffort: .bestEffort
        }
    }
}
