// Counterpart: the kernel's fair scheduler under cgroup v2, and how the kubelet sets cpu.weight and cpu.max (v1.36:
// pkg/kubelet/cm helpers_linux.go, cgroup_manager_linux.go, qos_container_manager_linux.go).
// Deliberate differences: what each gets is the long-run share, without periods and slices; weights of containers are
// converted as the kubelet converts those of pods, not by the curve that runc has used since 1.3.2.

/// How the processor of a machine is shared when more is wanted than there is.
package enum CPUSharing {
    /// One of several that share: a container, a pod, or a class of pods.
    package struct Claim: Hashable, Sendable {
        /// Above zero: `cpu.weight`.
        package var weight: Int64
        /// What it would use alone, its quota counted; in any unit.
        package var wanted: Int64

        /// Creates a claim.
        package init(weight: Int64, wanted: Int64) {
            self.weight = weight
            self.wanted = wanted
        }
    }

    /// The shares of whoever asks for nothing (`MinShares`).
    package static let leastShares: Int64 = 2
    private static let mostShares: Int64 = 262_144

    /// Returns the CPU shares of a request in thousandths of a core (`MilliCPUToShares`).
    package static func shares(ofMilliCPU request: Int64) -> Int64 {
        min(mostShares, max(leastShares, request * 1_024 / 1_000))
    }

    /// Returns the weight of a request in thousandths of a core (`getCPUWeight`): 1 to 10,000.
    package static func weight(ofMilliCPU request: Int64) -> Int64 {
        1 + (shares(ofMilliCPU: request) - 2) * 9_999 / 262_142
    }

    /// Returns what each claim gets of `available`, in the order of the claims.
    ///
    /// Nobody gets more than it wants; what is left over is shared by weight among those who want more, to the last
    /// unit by largest remainder, the earlier claim first among equals.
    package static func fill(_ available: Int64, _ claims: [Claim]) -> [Int64] {
        var granted = [Int64](repeating: 0, count: claims.count)
        var open = claims.indices.filter { claims[$0].wanted > 0 }
        var left = max(0, available)
        while !open.isEmpty {
            let weights = open.reduce(Int128(0)) { $0 + Int128(claims[$1].weight) }
            let content = open.filter {
                Int128(claims[$0].wanted) * weights <= Int128(left) * Int128(claims[$0].weight)
            }
            if content.isEmpty {
                divide(left, among: open, claims, weights, into: &granted)
                break
            }
            for index in content {
                granted[index] = claims[index].wanted
                left -= claims[index].wanted
            }
            open.removeAll { granted[$0] == claims[$0].wanted }
        }
        return granted
    }

    private static func divide(
        _ amount: Int64, among open: [Int], _ claims: [Claim], _ weights: Int128, into granted: inout [Int64]
    ) {
        var rest = amount
        var remainders: [(index: Int, remainder: Int128)] = []
        for index in open {
            let product = Int128(amount) * Int128(claims[index].weight)
            granted[index] = Int64(product / weights)
            rest -= granted[index]
            remainders.append((index, product % weights))
        }
        remainders.sort { ($1.remainder, $0.index) < ($0.remainder, $1.index) }
        for (index, _) in remainders.prefix(Int(rest)) { granted[index] += 1 }
    }
}

// MARK: - A machine

/// What a pod wants of the processor, with the figures of its cgroups.
package struct CPUDemand: Hashable, Sendable {
    /// The classes that share a machine: guaranteed pods stand beside the two groups of the others.
    package enum Class: Hashable, Sendable { case guaranteed, burstable, bestEffort }

    package var qosClass: Class
    /// The pod's request in thousandths of a core.
    package var request: Int64
    /// What the pod would use alone, quotas counted, in millionths of a core.
    package var wanted: Int64

    /// Creates a demand.
    package init(_ qosClass: Class, request: Int64, wanted: Int64) {
        self.qosClass = qosClass
        self.request = request
        self.wanted = wanted
    }
}

extension CPUSharing {
    /// Returns what each pod of a machine gets of `available` millionths of a core (`kubepods` and its two groups).
    package static func share(_ available: Int64, among pods: [CPUDemand]) -> [Int64] {
        if pods.reduce(0, { $0 + $1.wanted }) <= available { return pods.map(\.wanted) }
        var groups: [(weight: Int64, members: [Int])] = []
        let burstable = pods.indices.filter { pods[$0].qosClass == .burstable }
        groups.append((weight(ofMilliCPU: burstable.reduce(0) { $0 + pods[$1].request }), burstable))
        groups.append((weight(ofMilliCPU: 0), pods.indices.filter { pods[$0].qosClass == .bestEffort }))
        for index in pods.indices where pods[index].qosClass == .guaranteed {
            groups.append((weight(ofMilliCPU: pods[index].request), [index]))
        }
        let claims = groups.map { group in
            Claim(weight: group.weight, wanted: group.members.reduce(0) { $0 + pods[$1].wanted })
        }
        var granted = [Int64](repeating: 0, count: pods.count)
        for (group, amount) in zip(groups, fill(available, claims)) {
            let members = group.members.map {
                Claim(weight: weight(ofMilliCPU: pods[$0].request), wanted: pods[$0].wanted)
            }
            for (index, part) in zip(group.members, fill(amount, members)) { granted[index] = part }
        }
        return granted
    }
}
