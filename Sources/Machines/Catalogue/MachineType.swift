package import KubernetesAPI

/// A kind of machine that a cloud sells, as the kubelet on it would report it.
package struct MachineType: Hashable, Sendable {
    /// The processor's instruction set (`kubernetes.io/arch`).
    package enum Architecture: String, Hashable, Sendable {
        case amd64, arm64
    }

    /// The name under which the provider sells it, such as `m5.large`.
    package let name: String
    /// The processors in thousandths.
    package let milliCPU: Int64
    /// The advertised memory in bytes; the operating system sees a little less.
    package let memoryBytes: Int64
    /// The disk that pods share with the operating system, in bytes.
    package let diskBytes: Int64
    /// The most pods the kubelet accepts (`--max-pods`).
    package let maxPods: Int64
    /// The number of GPUs; a slice of one counts as one.
    package let gpuCount: Int64
    /// The provider's name for its GPUs, or nil without any.
    package let gpuType: String?
    /// How many devices such as this one make a whole GPU: 1, or more where the machine has a slice.
    package let gpuSlices: Int64
    package let architecture: Architecture
    /// How much of it the node's own daemons keep.
    package let reservation: KubeletReservation
    /// What somebody set apart from the rule.
    package var settings = ReservationSettings()

    /// Creates a machine type from its figures, which must not be negative.
    package init(
        name: String, milliCPU: Int64, memoryBytes: Int64, diskBytes: Int64, maxPods: Int64, gpuCount: Int64 = 0,
        gpuType: String? = nil, gpuSlices: Int64 = 1, architecture: Architecture = .amd64,
        reservation: KubeletReservation
    ) {
        precondition(
            milliCPU >= 0 && memoryBytes >= 0 && diskBytes >= 0 && maxPods >= 0 && gpuCount >= 0,
            "machine type \(name) has a negative figure")
        precondition(gpuSlices >= 1, "machine type \(name) has a GPU in no parts")
        self.name = name
        self.milliCPU = milliCPU
        self.memoryBytes = memoryBytes
        self.diskBytes = diskBytes
        self.maxPods = maxPods
        self.gpuCount = gpuCount
        self.gpuType = gpuType
        self.gpuSlices = gpuSlices
        self.architecture = architecture
        self.reservation = reservation
    }

    /// Returns a machine type that a scenario defines: all of it is allocatable unless a reservation is given.
    package static func custom(
        name: String, cpu: Quantity, memory: Quantity, disk: Quantity = Quantity(100 << 30, format: .binarySI),
        maxPods: Int64 = 110, gpuCount: Int64 = 0, gpuType: String? = nil, architecture: Architecture = .amd64,
        reservation: KubeletReservation = .none
    ) -> MachineType {
        MachineType(
            name: name, milliCPU: max(0, cpu.milliValue), memoryBytes: max(0, memory.value),
            diskBytes: max(0, disk.value), maxPods: max(0, maxPods), gpuCount: max(0, gpuCount), gpuType: gpuType,
            architecture: architecture, reservation: reservation)
    }
}

// MARK: - What the node reports

extension MachineType {
    /// What the node reports as `status.capacity`.
    package var capacity: ResourceList {
        list(cpu: milliCPU, memory: reservation.visibleMemoryBytes(of: self), disk: diskBytes)
    }

    /// What the node reports as `status.allocatable`: the capacity less what is reserved for the node itself.
    package var allocatable: ResourceList {
        let reserved = settings.reserved(on: self)
        return list(
            cpu: max(0, milliCPU - reserved.milliCPU),
            memory: max(0, reservation.visibleMemoryBytes(of: self) - reserved.memoryBytes),
            disk: max(0, diskBytes - reserved.diskBytes))
    }

    /// The GPUs as people read them, such as `4` or `1/8`; the node reports `gpuCount`.
    package var gpuText: String { gpuSlices == 1 ? String(gpuCount) : "\(gpuCount)/\(gpuSlices)" }

    /// The resource under which the GPUs are asked for, or nil where the maker has no device plugin that we know.
    package var gpuResource: ResourceName? {
        guard gpuCount > 0 else { return nil }
        guard let gpuType else { return .nvidiaGPU }
        return gpuType.hasPrefix("radeon") ? "amd.com/gpu" : .nvidiaGPU
    }

    private func list(cpu: Int64, memory: Int64, disk: Int64) -> ResourceList {
        var list: ResourceList = [
            .cpu: Quantity(milli: cpu),
            .memory: Quantity(memory, format: .binarySI),
            .ephemeralStorage: Quantity(disk, format: .binarySI),
            .pods: Quantity(maxPods),
        ]
        if let gpuResource { list[gpuResource] = Quantity(gpuCount) }
        return list
    }
}
