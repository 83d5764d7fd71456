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
        let isEmpty: Bool
        /// Whether pods on it have to end by themselves.
        let isAwaited: Bool
        /// Whether its pods cannot all go at once.
        let isRisky: Bool
    }

    /// Finds the nodes that are superfluous, and takes those away that have been for long enough, if any may go now.
    mutating func scaleDown(in trial: TrialCluster, mayRemove: Bool, _ scan: inout ClusterScan) {
        let candidates = unneeded(in: trial, &scan)
        var since: [String: Instant] = [:]
        for candidate in candidates {
            since[candidate.node.name] = unneededSince[candidate.node.name] ?? scan.now
        }
        unneededSince = since
        let rest = coolDownEnd
        if candidates.isEmpty || !mayRemove {
            // There is nothing to do, or whoever said so asked for another call.
        } else if rest > scan.now {
            scan.callAgain(at: rest)
        } else if remove(candidates, &scan) {
            lastScaleDownDelete = scan.now
        }
        updateSoftTaints(&scan)
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

    private func unneeded(in trial: TrialCluster, _ scan: inout ClusterScan) -> [Candidate] {
        var drainability = Drainability(scan)
        var found: [Candidate] = []
        let limit = candidatesMax
        // Pods do not move to machines that are not there yet.
        let leaving = scan.upcoming.union(deletions.keys)
        // Who is eligible is asked before any pod is moved, which would make the nodes look used.
        let order = candidateOrder(drainability, in: trial, scan).filter { !leaving.contains($0) }
        let eligible = order.compactMap { name -> (node: NodeInfo, group: NodeGroup)? in
            guard let node = trial.node(name), let group = scan.group(of: name) else { return nil }
            for pod in node.pods { drainability.changeTime(of: pod.pod).map { scan.callAgain(at: $0) } }
            return isEligible(node, group, scan) ? (node, group) : nil
        }
        trial.fork()
        defer { trial.revert() }
        trial.keepRooms()
        var isLeaving = trial.nodes.map { leaving.contains($0.name) }
        for (node, group) in eligible {
            if found.count >= limit.now {
                if limit.now < limit.most { scan.callAgain(at: scan.now + parameters.scanInterval) }
                break
            }
            var moved: [PodInfo] = []
            var (isBlocked, isAwaited) = (false, false)
            for pod in node.pods {
                switch drainability.verdict(pod.pod) {
                case .ignored: break
                case .awaited: isAwaited = true
                case .evicted: moved.append(pod)
                case .blocked: isBlocked = true
                }
            }
            if isBlocked || !rehouse(moved, from: node, without: &isLeaving, in: trial) { continue }
            let pods = moved.map(\.pod)
            found.append(
                Candidate(
                    node: node, group: group, isEmpty: moved.isEmpty, isAwaited: isAwaited,
                    isRisky: drainability.areRisky(pods)))
            drainability.charge(pods)
        }
        return found
    }

    /// How many superfluous nodes there may be before no more are looked for: as many more as can go in two scans, and no
    /// more than can go in the time for which they must be superfluous (`unneededNodesLimit`).
    private var candidatesMax: (now: Int, most: Int) {
        let each = parameters.maxScaleDownParallelism
        let time = max(parameters.scaleDownUnneededTime, parameters.scanInterval)
        let scans = Int(time.nanoseconds / parameters.scanInterval.nanoseconds)
        let most = each * scans + each
        return (min(unneededSince.count + 2 * each, most), most)
    }

    /// The nodes of groups in the order in which they are looked at: empty ones, those found superfluous before, others.
    private func candidateOrder(
        _ drainability: Drainability, in trial: TrialCluster, _ scan: ClusterScan
    ) -> [String] {
        var ranks: [[String]] = [[], [], []]
        for node in trial.nodes where scan.group(of: node.name) != nil {
            let isEmpty = node.pods.allSatisfy { drainability.isIgnored($0.pod) }
            ranks[isEmpty ? 0 : unneededSince[node.name] != nil ? 1 : 2].append(node.name)
        }
        return ranks.flatMap { $0 }
    }

    private func isEligible(_ node: NodeInfo, _ group: NodeGroup, _ scan: ClusterScan) -> Bool {
        if group.targetSize <= group.minSize || scan.machine(node.name)?.state != .registered { return false }
        if node.taints.contains(where: DeletionTaint.isHard) { return false }
        if node.node.metadata.annotations["cluster-autoscaler.kubernetes.io/scale-down-disabled"] == "true" {
            return false
        }
        if !parameters.scaleDownUnreadyEnabled, !scan.isReady(node.node) { return false }
        return NodeUtilization.isLow(node, parameters, at: scan.now)
    }

    /// Moves `pods` to nodes that stay, the first with room each, and lets `node` leave; returns false, with nothing moved,
    /// when one finds no place. `isLeaving` tells by place which nodes go.
    private func rehouse(
        _ pods: [PodInfo], from node: NodeInfo, without isLeaving: inout [Bool], in trial: TrialCluster
    ) -> Bool {
        guard let own = trial.rooms?.slot(of: node) else { return false }
        trial.fork()
        for pod in pods { trial.remove(pod, from: node) }
        let wasLeaving = isLeaving[own]
        isLeaving[own] = true
        for pod in pods {
            guard let place = trial.firstRoom(trial.kind(of: pod), isClosed: isLeaving) else {
                trial.revert()
                isLeaving[own] = wasLeaving
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
        // What is on its way out is no longer there for the cluster's minima.
        var total = ClusterTotals(
            scan.nodes.filter { node in
                let name = node.metadata.name
                return deletions[name] == nil && !(scan.machine(name).map(scan.isReleased) ?? false)
            })
        var draining = deletions.values.count { !$0.isEmpty }
        var started = 0
        // Empty nodes go first, and last those whose pods have to wait for each other.
        let drains = candidates.filter { !$0.isEmpty }
        let order = candidates.filter(\.isEmpty) + drains.filter { !$0.isRisky } + drains.filter(\.isRisky)
        for candidate in order {
            let name = candidate.node.name
            let isReady = scan.isReady(candidate.node.node)
            let time = isReady ? parameters.scaleDownUnneededTime : parameters.scaleDownUnreadyTime
            let due = (unneededSince[name] ?? scan.now) + time
            if due > scan.now {
                scan.callAgain(at: due)
                continue
            }
            let size = sizes[candidate.group.name] ?? candidate.group.targetSize
            var rest = total
            rest.subtract(ClusterTotals([candidate.node.node]))
            guard size > candidate.group.minSize, rest.cores >= parameters.coresTotal.lowerBound,
                rest.memory >= ClusterTotals.bytes(parameters.memoryTotal.lowerBound)
            else { continue }
            guard !candidate.isAwaited, deletions.count < parameters.maxScaleDownParallelism,
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
}
