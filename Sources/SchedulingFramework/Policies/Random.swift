package import KubernetesAPI

// Counterpart: RandomScore of the FGD paper's simulator.
// Deliberate difference: the draw is a function of the seed and the pod's uid, so that runs repeat.

/// Takes any node that fits, and of its devices any that fit, each with the same chance.
package struct Random: SchedulerPlugin {
    package static let name: PluginName = "Random"

    /// The plugin's arguments.
    package struct Arguments: Hashable, Sendable {
        /// Another number, other draws.
        package var seed: UInt64 = 0

        package init(seed: UInt64 = 0) { self.seed = seed }

        /// Reads `seed`, a whole number from 0 up.
        package init(reading reader: FieldReader) {
            self.init(seed: UInt64(reader.int64("seed", in: 0...Int64.max) ?? 0))
        }
    }

    package let arguments: Arguments

    package init(arguments: Arguments = Arguments()) { self.arguments = arguments }
}

// MARK: - Score

extension Random: ScorePlugin {
    /// Needs all nodes that fit at once.
    package var scoreScope: PluginScope { .cluster }
    package var normalization: ScoreNormalization { .custom }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 { 0 }

    /// Gives one node all points.
    package func normalize(
        _ scores: inout [Int64], nodes: [NodeInfo], for pod: PodInfo, in snapshot: Snapshot, state: CycleState
    ) {
        guard !scores.isEmpty else { return }
        scores[pick(among: scores.count, pod, purpose: 1)] = NodeScore.max
    }
}

// MARK: - Devices

extension Random: DevicePlugin {
    package func devices(for pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot) -> UInt64? {
        guard let request = pod.shape.gpu, request.isShared, let gpus = node.gpus else { return nil }
        let fitting = (0..<gpus.count).filter { gpus.left[$0] >= request.milli }
        guard !fitting.isEmpty else { return nil }
        return 1 << UInt64(fitting[pick(among: fitting.count, pod, purpose: 2)])
    }
}

// MARK: - The draw

extension Random {
    /// Returns a number below `count`, the same for the same seed, pod and purpose.
    private func pick(among count: Int, _ pod: PodInfo, purpose: UInt64) -> Int {
        var draw = Self.mixed(arguments.seed &+ purpose &* 0x9E37_79B9_7F4A_7C15)
        draw = Self.mixed(draw ^ pod.uid.high)
        draw = Self.mixed(draw ^ pod.uid.low)
        return Int(draw.multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Returns a number each bit of which depends on every bit of `value` (the finaliser of SplitMix64).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
