// Kubernetes counterpart: kubeReserved, systemReserved and evictionHard of KubeletConfiguration (v1.36).
// Deliberate differences: of the eviction signals those of memory and of the node's disk count.

/// What a pool or a machine type says of its nodes' reservations; what is nil stays as the machine type's rule has it.
package struct ReservationSettings: Hashable, Sendable {
    /// A threshold below which the kubelet evicts.
    package enum Threshold: Hashable, Sendable {
        case bytes(Int64)
        /// In parts per million of the capacity.
        case share(Int64)

        /// Returns the bytes that the threshold keeps free of `capacity`.
        func bytes(of capacity: Int64) -> Int64 {
            switch self {
            case .bytes(let bytes): bytes
            case .share(let parts): Int64(Int128(capacity) * Int128(parts) / 1_000_000)
            }
        }
    }

    /// For the kubelet and the container runtime.
    package var kubeReserved: KubeletReservation.Amounts?
    /// For the daemons of the operating system.
    package var systemReserved: KubeletReservation.Amounts?
    package var evictionMemory: Threshold?
    package var evictionDisk: Threshold?

    /// Creates settings that say nothing.
    package init() {}

    /// Returns these settings over `others`.
    package func over(_ others: ReservationSettings) -> ReservationSettings {
        var result = self
        result.kubeReserved = kubeReserved ?? others.kubeReserved
        result.systemReserved = systemReserved ?? others.systemReserved
        result.evictionMemory = evictionMemory ?? others.evictionMemory
        result.evictionDisk = evictionDisk ?? others.evictionDisk
        return result
    }

    /// Returns what is kept from pods on a machine of `type`: what is reserved, and the hard eviction thresholds.
    func reserved(on type: MachineType) -> KubeletReservation.Amounts {
        var sum = kubeReserved ?? type.reservation.kubeReserved(on: type)
        if let systemReserved { sum.add(systemReserved) }
        let eviction = type.reservation.evictionHard(on: type)
        sum.memoryBytes +=
            evictionMemory?.bytes(of: type.reservation.visibleMemoryBytes(of: type)) ?? eviction.memoryBytes
        sum.diskBytes += evictionDisk?.bytes(of: type.diskBytes) ?? eviction.diskBytes
        return sum
    }
}

extension KubeletReservation.Amounts {
    mutating func add(_ other: KubeletReservation.Amounts) {
        milliCPU += other.milliCPU
        memoryBytes += other.memoryBytes
        diskBytes += other.diskBytes
    }
}
