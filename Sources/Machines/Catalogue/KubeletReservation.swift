// Kubernetes counterpart: the kubelet's --kube-reserved, --system-reserved and --eviction-hard, as each provider sets
// them. Deliberate differences: none known; the EKS figures agree with Karpenter's published table for every type.

/// The rule by which a node keeps a part of its machine from pods.
package enum KubeletReservation: String, Hashable, Sendable {
    /// Everything is allocatable.
    case none
    /// The kubelet's own defaults: eviction below 100 MiB of memory or 10 % of the disk, nothing else kept.
    case kubelet
    /// Amazon EKS with Amazon Linux 2023, as Karpenter computes it.
    case eks
    /// Google Kubernetes Engine, Standard clusters.
    case gke

    /// What a rule keeps from pods.
    package struct Amounts: Hashable, Sendable {
        package var milliCPU: Int64
        package var memoryBytes: Int64
        package var diskBytes: Int64

        /// Creates amounts.
        package init(milliCPU: Int64 = 0, memoryBytes: Int64 = 0, diskBytes: Int64 = 0) {
            self.milliCPU = milliCPU
            self.memoryBytes = memoryBytes
            self.diskBytes = diskBytes
        }
    }

    private static let mebibyte: Int64 = 1 << 20
    private static let gibibyte: Int64 = 1 << 30
    private static let evictionMemoryBytes = 100 * mebibyte

    /// Returns the memory of `type` that its operating system can see, in bytes.
    ///
    /// For EKS that is the advertised memory less 64 MiB on arm64 (a contiguous area that the kernel sets aside), less
    /// 7.5 % for the hypervisor and firmware, rounded up to whole MiB (Karpenter's `vmMemoryOverheadPercent`).
    package func visibleMemoryBytes(of type: MachineType) -> Int64 {
        switch self {
        case .none, .kubelet, .gke:
            return type.memoryBytes
        case .eks:
            let setAside = type.architecture == .arm64 ? 64 * Self.mebibyte : 0
            let memory = max(0, type.memoryBytes - setAside)
            let unit = 1_000 * Self.mebibyte
            let overheadMebibytes = Int64((Int128(memory) * 75 + Int128(unit) - 1) / Int128(unit))
            return max(0, memory - overheadMebibytes * Self.mebibyte)
        }
    }

    /// Returns what this rule keeps from pods on a machine of `type`.
    package func reserved(on type: MachineType) -> Amounts {
        var sum = kubeReserved(on: type)
        sum.add(evictionHard(on: type))
        return sum
    }

    /// Returns what this rule reserves for the kubelet and its runtime.
    func kubeReserved(on type: MachineType) -> Amounts {
        switch self {
        case .none, .kubelet: Amounts()
        case .eks:
            Amounts(
                milliCPU: Self.steppedMilliCPU(type.milliCPU),
                memoryBytes: (11 * type.maxPods + 255) * Self.mebibyte, diskBytes: Self.gibibyte)
        case .gke:
            Amounts(
                milliCPU: Self.isSharedCore(type) ? 1_060 : Self.steppedMilliCPU(type.milliCPU),
                memoryBytes: Self.googleMemoryBytes(type.memoryBytes), diskBytes: Self.googleDiskBytes(type.diskBytes))
        }
    }

    /// Returns what this rule keeps free, so that the kubelet can evict before nothing is left.
    func evictionHard(on type: MachineType) -> Amounts {
        self == .none
            ? Amounts()
            : Amounts(memoryBytes: Self.evictionMemoryBytes, diskBytes: Self.tenth(of: type.diskBytes))
    }

    // MARK: - Formulas

    /// Returns 6 % of the first core, 1 % of the second, 0.5 % of the next two and 0.25 % of the rest, in thousandths
    /// rounded down; EKS and GKE use the same steps.
    private static func steppedMilliCPU(_ milliCPU: Int64) -> Int64 {
        let shares = [(1_000, 600), (1_000, 100), (2_000, 50)].reduce((left: milliCPU, sum: Int64(0))) { state, step in
            let part = min(state.left, Int64(step.0))
            return (state.left - part, state.sum + part * Int64(step.1))
        }
        return (shares.sum + shares.left * 25) / 10_000
    }

    /// Returns 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112 and 2 % of the
    /// rest, in bytes; 255 MiB on machines below 1 GiB.
    private static func googleMemoryBytes(_ memory: Int64) -> Int64 {
        if memory < gibibyte { return 255 * mebibyte }
        var left = memory
        var hundredths: Int128 = 0
        for (size, percent) in [(Int64(4), Int128(25)), (4, 20), (8, 10), (112, 6)] {
            let part = min(left, size * gibibyte)
            hundredths += Int128(part) * percent
            left -= part
        }
        return Int64((hundredths + Int128(left) * 2) / 100)
    }

    /// Returns the least of half the boot disk, 6 GiB and 35 % of it, and 100 GiB.
    private static func googleDiskBytes(_ disk: Int64) -> Int64 {
        min(disk / 2, 6 * gibibyte + Int64(Int128(disk) * 35 / 100), 100 * gibibyte)
    }

    private static func isSharedCore(_ type: MachineType) -> Bool {
        ["e2-micro", "e2-small", "e2-medium"].contains(type.name)
    }

    /// Returns the kubelet's default eviction threshold of a disk: a tenth, rounded up.
    private static func tenth(of disk: Int64) -> Int64 { disk / 10 + (disk % 10 == 0 ? 0 : 1) }
}
