/// How full the machines of a run were, as means over its time.
package struct Fullness: Hashable, Sendable {
    /// In thousandths of a core, or in bytes.
    package var allocatable: Double
    package var requested: Double
    /// What the pods really used; nil without a model of the demand.
    package var used: Double?
    /// The part of it that nobody has said, as containers without usage are taken to use what they request; 0 in files
    /// that do not tell.
    package var assumed = 0.0
    /// The share of the allocatable that was requested at the moment when most was, or over the fullest hour: whichever is
    /// larger, and never less than the mean.
    package var peak: Double

    /// The share of what was used that is assumed, 0...1.
    package var assumedShare: Double { used.map { $0 > 0 ? min(1, assumed / $0) : 0 } ?? 0 }

    /// The share of the allocatable that was requested, 0...1; 0 when there was nothing to allocate.
    package var requestedShare: Double { allocatable > 0 ? requested / allocatable : 0 }
}

/// Pods of one workload that were bound to no node when the run ended.
package struct WaitingPods: Hashable, Sendable {
    /// Why some nodes were refused in the last attempts.
    package struct Refusal: Hashable, Sendable {
        package var plugin: String
        package var reason: String
        /// The most nodes that the reason ruled out in one attempt.
        package var nodes: Int64
    }

    /// `Kind namespace/name`.
    package var controller: String
    package var pods: Int64
    /// In thousandths of a core, for one pod.
    package var requestCPU: Int64
    /// In bytes, for one pod.
    package var requestMemory: Int64
    package var requestGPU: Int64
    /// The nodes that the last attempts looked at.
    package var evaluated: Int64
    /// The most refusing first.
    package var refusals: [Refusal]

    /// Whether some nodes have too little of a resource left for a pod of these.
    package var lacksResource: Bool { refusals.contains { $0.reason.hasPrefix("Insufficient") } }

    /// Resources of which no node looked at has enough left, other than CPU, memory and GPUs.
    package var otherShortages: [String] {
        let known = ["cpu", "memory", "nvidia.com/gpu"]
        return refusals.filter { $0.nodes >= evaluated && $0.reason.hasPrefix("Insufficient ") }
            .map { String($0.reason.dropFirst("Insufficient ".count)) }.filter { !known.contains($0) }
    }

    /// Whether some nodes have no room for a pod of these.
    package var isShortOfRoom: Bool { lacksResource || refusals.contains { $0.reason == "Too many pods" } }
}

/// Room on the machines when the run ended.
package struct FreeRoom: Hashable, Sendable {
    /// In thousandths of a core, over all ready nodes.
    package var cpu: Int64
    /// In bytes, over all ready nodes.
    package var memory: Int64
    package var gpu: Int64
    /// In thousandths of a core: what the biggest machine can allocate.
    package var largestCPU: Int64
    /// In bytes: what the biggest machine can allocate.
    package var largestMemory: Int64
}
