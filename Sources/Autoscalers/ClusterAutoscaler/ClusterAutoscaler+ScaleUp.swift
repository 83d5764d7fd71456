import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: core/scaleup/orchestrator, processors/nodegroupset.

extension ClusterAutoscaler {
    /// Grows a group for the pods that wait; returns whether one grew.
    mutating func scaleUp(_ pending: [PendingGroup], in trial: TrialCluster, _ scan: inout ClusterScan) -> Bool {
        var estimate = ScaleUpEstimate(
            pending: pending, trial: trial, daemons: trial.daemonPods(of: scan.view), parameters: parameters)
        var refusals = [[String]](repeating: [], count: pending.count)
        var options: [ScaleUpOption] = []
        let total = ClusterTotals(trial.nodes.map(\.node))
        let states = scan.groupStates()
        for group in scan.groups {
            var objection: String?
            let state = states[group.name] ?? GroupState()
            if !state.isHealthy(group.targetSize, growths[group.name], parameters) {
                objection = "not ready for scale-up"
            } else if let backoff = backoffs[group.name], backoff.until > scan.now {
                scan.callAgain(at: backoff.until)
                objection = "in backoff after failed scale-up"
            } else if group.targetSize >= group.maxSize {
                objection = "max node group size reached"
            }
            let room = objection == nil ? self.room(for: group, total) : 0
            if objection == nil, room <= 0 { objection = "max cluster limit reached" }
            if let objection {
                for place in refusals.indices { refusals[place].append(objection) }
            } else if let option = estimate.option(for: group, nodesMax: room, refusals: &refusals) {
                options.append(option)
            }
        }
        let chain = ExpanderChain(parameters: parameters, pending: pending, now: scan.now)
        guard let best = chain.choice(options) else {
            for (place, pods) in pending.enumerated() { complain(pods, refusals[place], &scan) }
            return false
        }
        grow(best, among: options, pending, &scan)
        for (place, pods) in pending.enumerated()
        where !options.contains(where: { $0.placed[place] > 0 }) {
            complain(pods, refusals[place], &scan)
        }
        return true
    }

    /// How many machines may be added to `group` by all limits.
    private func room(for group: NodeGroup, _ total: ClusterTotals) -> Int {
        var room = min(group.maxSize - group.targetSize, parameters.maxNodesPerScaleUp)
        if parameters.maxNodesTotal > 0 { room = min(room, parameters.maxNodesTotal - total.nodes) }
        guard let template = group.templates.first else { return 0 }
        let each = ClusterTotals([template])
        if each.cores > 0 { room = min(room, Int(max(0, parameters.coresTotal.upperBound - total.cores) / each.cores)) }
        if each.memory > 0 {
            let most = ClusterTotals.bytes(parameters.memoryTotal.upperBound)
            room = min(room, Int(max(0, most - total.memory) / each.memory))
        }
        return room
    }

    private mutating func grow(
        _ best: ScaleUpOption, among options: [ScaleUpOption], _ pending: [PendingGroup], _ scan: inout ClusterScan
    ) {
        var shares = [(group: best.group, count: best.nodeCount)]
        if parameters.balancesSimilarNodeGroups {
            let similar = options.filter { option in
                option.group.name != best.group.name && isSimilar(option.group, best.group)
                    && zip(best.placed, option.placed).allSatisfy { $0 == 0 || $1 > 0 }
            }
            shares = GroupBalance.shares(of: best.nodeCount, among: [best.group] + similar.map(\.group))
        }
        var texts: [String] = []
        for (group, count) in shares where count > 0 {
            let size = group.targetSize + count
            texts.append("{\(group.name) \(group.targetSize)->\(size) (max: \(group.maxSize))}")
            scan.step.requests.append(.grow(group: group.name, by: count))
            noteGrowth(of: group.name, by: count, at: scan.now)
            scan.tell(
                ClusterScan.status, .normal, "ScaledUpGroup",
                "Scale-up: setting group \(group.name) size to \(size) instead of \(group.targetSize) "
                    + "(max: \(group.maxSize))")
            let expanders = parameters.expanders.map(\.rawValue).joined(separator: ",")
            scan.decide(
                .up, "ScaleUp", group, count: count,
                message: "for \(best.podCount) pod(s), \(options.count) option(s), expander \(expanders)")
        }
        let text = texts.joined(separator: " ")
        for (place, count) in best.placed.enumerated() {
            for pod in pending[place].pods.prefix(count) {
                complaints[pod.uid] = nil
                scan.tell(pod.key, .normal, "TriggeredScaleUp", "pod triggered scale-up: [\(text)]")
            }
        }
    }

    /// Says of pods why no group grows for them, once for each cause.
    private mutating func complain(_ pods: PendingGroup, _ refusals: [String], _ scan: inout ClusterScan) {
        var counts: [String: Int] = [:]
        for refusal in refusals { counts[refusal, default: 0] += 1 }
        let text = counts.keys.sorted().map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
        let message = "pod didn't trigger scale-up: " + text
        for pod in pods.pods where complaints[pod.uid] != message {
            complaints[pod.uid] = message
            scan.tell(pod.key, .normal, "NotTriggerScaleUp", message)
        }
    }

    // MARK: - Similar groups

    /// Labels by which machines of one group differ as well, or that name the group's place.
    private static let ignoredLabels: Set<String> = [
        "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
        "beta.kubernetes.io/fluentd-ds-ready", "kops.k8s.io/instancegroup", "alpha.eksctl.io/nodegroup-name",
        "eks.amazonaws.com/nodegroup", "cloud.google.com/gke-nodepool", "agentpool",
    ]

    private func isSimilar(_ left: NodeGroup, _ right: NodeGroup) -> Bool {
        guard let first = left.templates.first, let second = right.templates.first else { return false }
        func labels(_ node: Node) -> [StringMap.Pair] {
            node.metadata.labels.pairs.filter {
                !Self.ignoredLabels.contains($0.key) && !parameters.balancingIgnoredLabels.contains($0.key)
            }
        }
        return first.status.capacity == second.status.capacity && first.spec.taints == second.spec.taints
            && labels(first) == labels(second)
    }
}

/// What the nodes of a cluster have together.
struct ClusterTotals {
    var nodes = 0
    var cores: Int64 = 0
    /// In bytes.
    var memory: Int64 = 0

    init(_ list: [Node]) {
        for node in list {
            nodes += 1
            cores += node.status.capacity[.cpu]?.value ?? 0
            memory += node.status.capacity[.memory]?.value ?? 0
        }
    }

    /// Returns how many bytes so many GiB are.
    static func bytes(_ gibibytes: Int64) -> Int64 { Int64(clamping: Int128(gibibytes) << 30) }

    mutating func subtract(_ other: ClusterTotals) {
        nodes -= other.nodes
        cores -= other.cores
        memory -= other.memory
    }
}

/// How new machines are shared out among similar groups.
enum GroupBalance {
    /// Gives each machine to the smallest group that is not full, the first of equal ones.
    static func shares(of count: Int, among groups: [NodeGroup]) -> [(group: NodeGroup, count: Int)] {
        var shares = groups.map { (group: $0, count: 0) }
        for _ in 0..<count {
            let open = shares.indices.filter { place in
                shares[place].group.targetSize + shares[place].count < shares[place].group.maxSize
            }
            let smallest = open.min { left, right in
                let (first, second) = (shares[left], shares[right])
                return first.group.targetSize + first.count < second.group.targetSize + second.count
            }
            guard let smallest else { break }
            shares[smallest].count += 1
        }
        return shares
    }
}
