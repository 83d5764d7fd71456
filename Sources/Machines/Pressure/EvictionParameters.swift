package import Chronology

// Counterpart: evictionHard, evictionSoft, evictionSoftGracePeriod, evictionMinimumReclaim, evictionMaxPodGracePeriod
// and evictionPressureTransitionPeriod of KubeletConfiguration, and pkg/kubelet/eviction/defaults_linux.go (v1.36).
// Deliberate differences: inodes and process ids are not counted.

/// What a kubelet watches to see whether its machine is running out of something.
package enum EvictionSignal: String, Hashable, Sendable, CaseIterable {
    case memoryAvailable = "memory.available"
    case nodefsAvailable = "nodefs.available"
    case imagefsAvailable = "imagefs.available"

    /// The resource that runs out, by its name in messages.
    package var resource: String { self == .memoryAvailable ? "memory" : "ephemeral-storage" }

    /// The node condition that it raises.
    package var condition: PressureCondition { self == .memoryAvailable ? .memory : .disk }
}

/// A condition of a node under pressure.
package enum PressureCondition: String, Hashable, Sendable, CaseIterable {
    case memory = "MemoryPressure"
    case disk = "DiskPressure"
}

/// A part of what a machine has (`ThresholdValue`).
package enum EvictionAmount: Hashable, Sendable {
    case bytes(Int64)
    /// In hundredths of the capacity, as upstream reads it: single precision.
    case percent(Float)

    /// Returns the amount in bytes, cut to a whole one as `GetThresholdQuantity` does.
    package func bytes(of capacity: Int64) -> Int64 {
        switch self {
        case .bytes(let bytes): bytes
        case .percent(let percent): Int64(Double(capacity) * Double(percent / 100))
        }
    }
}

/// A bound on what must stay free (`Threshold`).
package struct EvictionThreshold: Hashable, Sendable {
    package var signal: EvictionSignal
    package var value: EvictionAmount
    /// Zero for a hard threshold.
    package var gracePeriod: Duration
    /// How much more than `value` must be free again before reclaiming ends.
    package var minimumReclaim: EvictionAmount?

    /// Whether pods are killed at once.
    package var isHard: Bool { gracePeriod == .zero }
}

/// The thresholds of the kubelets of a run.
package struct EvictionParameters: Hashable, Sendable {
    /// What is said of one signal; nil switches a threshold off.
    package struct Signal: Hashable, Sendable {
        package var hard: EvictionAmount?
        package var soft: EvictionAmount?
        package var softGracePeriod: Duration?
        package var minimumReclaim: EvictionAmount?

        /// Creates a signal with a hard threshold.
        package init(hard: EvictionAmount?) { self.hard = hard }
    }

    package var memory = Signal(hard: .bytes(100 << 20))
    package var nodefs = Signal(hard: .percent(10))
    package var imagefs = Signal(hard: .percent(15))
    /// How often a kubelet looks (`evictionMonitoringPeriod`, a constant upstream).
    package var monitoringPeriod = Duration.seconds(10)
    /// How long a condition stays after it was last seen.
    package var pressureTransitionPeriod = Duration.minutes(5)
    /// The seconds that a pod gets to end when a soft threshold drives it off.
    package var maxPodGracePeriodSeconds: Int64 = 0

    /// Creates upstream's defaults.
    package init() {}

    /// All thresholds: the hard ones first, memory before disk.
    package var thresholds: [EvictionThreshold] {
        let signals: [(EvictionSignal, Signal)] = [
            (.memoryAvailable, memory), (.nodefsAvailable, nodefs), (.imagefsAvailable, imagefs),
        ]
        var thresholds: [EvictionThreshold] = []
        for (name, signal) in signals {
            guard let value = signal.hard else { continue }
            thresholds.append(
                EvictionThreshold(
                    signal: name, value: value, gracePeriod: .zero, minimumReclaim: signal.minimumReclaim))
        }
        for (name, signal) in signals {
            guard let value = signal.soft, let grace = signal.softGracePeriod else { continue }
            thresholds.append(
                EvictionThreshold(
                    signal: name, value: value, gracePeriod: grace, minimumReclaim: signal.minimumReclaim))
        }
        return thresholds
    }
}
