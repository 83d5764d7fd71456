import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: core/scaledown/planner.

extension ClusterAutoscaler {
    /// A node that is superfluous, with what must happen to its pods.
    private struct Candidate {
        let node: NodeInfo
        let group: NodeGroup
        let machine: CloudMachine
        let isEmpty: Bool
    }

    /// Finds the nodes that are superfluous, and takes those away that have been for long enough.
    mutating func scaleDown(in trial: TrialCluster, _ scan: inout ClusterScan) {
        let candidates = unneeded(in: trial, scan)
        var since: [String: Instant] = [:]
        for candidate in candidates {
            since[candidate.node.name] = unneededSince[candidate.node.name] ?? scan.now
        }
        unneededSince = since
        if candidates.isEmpty { return updateSoftTaints(&scan) }
        let rest = coolDownEnd
        if rest > scan.now { return scan.callAgain(at: rest) }
        if !remove(candidates, &scan) { updateSoftTaints(&scan) }
    }

    /// When nodes may be taken away again.
    private var coolDownEnd: Instant {
        let ends = [
            lastScaleUp.map { $0 + parameters.scaleDownDelayAfterAdd },
            lastScaleDownDelete.map { $0 + parameters.scaleDownDelayAfterDelete },
            lastScaleDownFailure.map { $0 + parameters.scaleDownDelayAfterFailure },
        ]
        return ends.compactMap { $0 }.max() ?? Instant(nanoseconds: Int64.min)
    }

    // MARK: - Superfluous nodes

    private func unneeded(in trial: TrialCluster, _ scan: ClusterScan) -> [Candidate] {
        let drainability = Drainability(scan)
        let order = candidateOrder(drainability, in: trial, scan)
        var found: [Candidate] = []
        var leaving = Set(deletions.keys)
        var occupied = 0
        trial.fork()
        defer { trial.revert() }
        for name in order where !leaving.contains(name) {
            guard let node = trial.node(name), let group = scan.group(of: name), let machine = scan.machine(name),
                machine.state == .registered, isEligible(node, group, scan)
            else { continue }
            var moved: [PodInfo] = []
            var isBlocked = false
            for pod in node.pods {
                switch drainability.verdict(pod.pod) {
                case .ignored: break
                case .evicted where pod.priority < parameters.expendablePodsPriorityCutoff: break
                case .evicted: moved.append(pod)
                case .blocked: isBlocked = true
                }
            }
            if isBlocked { continue }
            if !moved.isEmpty {
                guard occupied < parameters.scaleDownNonEmptyCandidatesCount, drainability.allows(moved.map(\.pod)),
                    rehouse(moved, from: node, without: leaving, in: trial)
                else { continue }
                occupied += 1
            }
            leaving.insert(name)
            found.append(Candidate(node: node, group: group, machine: machine, isEmpty: moved.isEmpty))
        }
        return found
    }

    /// The nodes of groups in the order in which they are looked at: empty ones, those found superfluous before, others.
    private func candidateOrder(
        _ drainability: Drainability, in trial: TrialCluster, _ scan: ClusterScan
    ) -> [String] {
        var ranks: [[String]] = [[], [], []]
        for node in trial.nodes where scan.group(of: node.name) != nil {
            let isEmpty = node.pods.allSatisfy { drainability.verdict($0.pod) == .ignored }
            ranks[isEmpty ? 0 : unneededSince[node.name] != nil ? 1 : 2].append(node.name)
        }
        return ranks.flatMap { $0 }
    }

    private func isEligible(_ node: NodeInfo, _ group: NodeGroup, _ scan: ClusterScan) -> Bool {
        if group.targetSize <= group.minSize { return false }
        if node.taints.contains(where: DeletionTaint.isHard) { return false }
        if node.node.metadata.annotations["cluster-autoscaler.kubernetes.io/scale-down-disabled"] == "true" {
            return false
        }
        if !node.node.isReady, !parameters.scaleDownUnreadyEnabled || scan.isStarting(node.node) { return false }
        return NodeUtilization.isLow(node, parameters)
    }

    /// Moves `pods` to nodes that stay; returns false, with nothing moved, when one finds no place.
    private func rehouse(
        _ pods: [PodInfo], from node: NodeInfo, without leaving: Set<String>, in trial: TrialCluster
    ) -> Bool {
        trial.fork()
        for pod in pods { trial.remove(pod, from: node) }
        for pod in pods {
            let kind = trial.kind(of: pod)
            let place = trial.firstFit(kind) { $0 !== node && !leaving.contains($0.name) }
            guard let place else {
                trial.revert()
                return false
            }
            trial.add(pod, to: trial.nodes[place])
        }
        trial.commit()
        return true
    }

    // MARK: - Removal

    /// Begins to take away those whose time has come; returns whether there were any.
    private mutating func remove(_ candidates: [Candidate], _ scan: inout ClusterScan) -> Bool {
        var sizes: [String: Int] = [:]
        for name in deletions.keys.sorted() {
            guard let group = scan.group(of: name) else { continue }
            sizes[group.name, default: group.targetSize] -= 1
        }
        var total = ClusterTotals(scan.nodes)
        var draining = deletions.values.count { !$0.isEmpty }
        var started = 0
        // Empty nodes go first.
        for candidate in candidates.filter(\.isEmpty) + candidates.filter({ !$0.isEmpty }) {
            let name = candidate.node.name
            let time =
                candidate.node.node.isReady ? parameters.scaleDownUnneededTime : parameters.scaleDownUnreadyTime
            let due = (unneededSince[name] ?? scan.now) + time
            if due > scan.now {
                scan.callAgain(at: due)
                continue
            }
            let size = sizes[candidate.group.name] ?? candidate.group.targetSize
            var rest = total
            rest.subtract(ClusterTotals([candidate.node.node]))
            guard size > candidate.group.minSize, rest.cores >= parameters.coresTotal.lowerBound,
                rest.gibibytes >= parameters.memoryTotal.lowerBound
            else { continue }
            guard deletions.count < parameters.maxScaleDownParallelism,
                candidate.isEmpty || draining < parameters.maxDrainParallelism
            else { continue }
            if !candidate.isEmpty { draining += 1 }
            sizes[candidate.group.name] = size - 1
            total = rest
            started += 1
            begin(candidate, &scan)
        }
        return started > 0
    }

    private mutating func begin(_ candidate: Candidate, _ scan: inout ClusterScan) {
        let name = candidate.node.name
        unneededSince[name] = nil
        deletions[name] = NodeDeletion(startedAt: scan.now, isEmpty: candidate.isEmpty)
        let old = candidate.node.taints.filter(DeletionTaint.isSoft)
        scan.step.actions.append(.patchNodeTaints(name, add: [DeletionTaint.hard(scan.now)], remove: old))
        let key = ObjectKey(.node, name: name)
        let text = candidate.isEmpty ? "removing empty node" : "removing underutilized node"
        scan.tell(key, .normal, "ScaleDown", "marked the node as toBeDeleted/unschedulable")
        scan.tell(
            ClusterScan.status, .normal, candidate.isEmpty ? "ScaleDownEmpty" : "ScaleDown",
            "Scale-down: \(text) \"\(name)\"")
        scan.decide(
            .down, candidate.isEmpty ? "ScaleDownEmpty" : "ScaleDown", candidate.group,
            count: 1, message: "\(text) \(name)")
        scan.callAgain(at: scan.now + parameters.scanInterval)
    }

    /// Marks the nodes that are superfluous, and takes the mark off the others.
    private func updateSoftTaints(_ scan: inout ClusterScan) {
        var left = parameters.maxBulkSoftTaintCount
        if left <= 0 { return }
        for node in scan.nodes {
            let name = node.metadata.name
            let old = node.spec.taints.filter(DeletionTaint.isSoft)
            let wants = unneededSince[name] != nil
            if wants == !old.isEmpty || deletions[name] != nil || scan.group(of: name) == nil { continue }
            guard left > 0 else { return scan.callAgain(at: scan.now + parameters.scanInterval) }
            left -= 1
            scan.step.actions.append(
                .patchNodeTaints(name, add: wants ? [DeletionTaint.soft(scan.now)] : [], remove: old))
        }
    }
}
