// Kubernetes counterpart: plugins/defaultpreemption, framework/preemption (v1.36).
// Deliberate differences: the search starts at the first node instead of a random one, ties after the five criteria go to
// the first node in the snapshot's order, and victims are handed to the host, which evicts them and tells when it has.

import Chronology
import KubernetesAPI

/// Makes room for a pod by evicting pods of lower priority from one node.
package struct DefaultPreemption: SchedulerPlugin {
    /// The plugin's arguments (`DefaultPreemptionArgs`).
    package struct Arguments: Hashable, Sendable {
        /// Percent of the candidate nodes that are tried at least.
        package var minCandidateNodesPercentage: Int64 = 10
        /// Number of candidate nodes that are tried at least.
        package var minCandidateNodesAbsolute: Int64 = 100

        package init() {}
    }

    package static let name: PluginName = "DefaultPreemption"
    static let noVictims = Verdict.unresolvable("No preemption victims found for incoming pod")
    static let notHelpful = "Preemption is not helpful for scheduling"
    package let arguments: Arguments

    package init(arguments: Arguments = Arguments()) { self.arguments = arguments }
}

// MARK: - PreEnqueue

extension DefaultPreemption: PreEnqueuePlugin {
    /// Keeps a pod out of the queue while its evictions are on their way: it would only evict more.
    package func preEnqueue(_ pod: PodInfo, facts: EnqueueFacts) -> Verdict {
        facts.isPreempting ? Self.waiting : .success
    }

    private static let waiting = Verdict.unresolvable("waiting for the preemption for this pod to be finished")
}

// MARK: - PostFilter

extension DefaultPreemption: PostFilterPlugin {
    package func postFilter(_ pod: PodInfo, state: CycleState, host: any PostFilterHost) -> PostFilterOutcome {
        if let obstacle = Self.obstacle(for: pod, host: host) {
            return PostFilterOutcome(.unschedulable("preemption: " + obstacle))
        }
        var refusals: [(reason: String, count: Int)] = []
        func count(_ reason: String, _ nodes: Int) {
            if let place = refusals.firstIndex(where: { $0.reason == reason }) {
                refusals[place].count += nodes
            } else if nodes > 0 {
                refusals.append((reason, nodes))
            }
        }
        var candidates: [PreemptionCandidate] = []
        var errors: [String] = []
        let places = host.snapshot.nodes.indices.filter { host.verdict(at: $0)?.verdict.code == .unschedulable }
        let wanted = wantedCandidates(of: places.count)
        var (clean, breaking) = (0, 0)
        for place in places {
            switch victims(for: pod, on: host.snapshot.nodes[place], state: state, host: host) {
            case .failure(let refusal):
                if refusal.verdict.code == .error { errors += refusal.verdict.reasons }
                for reason in refusal.verdict.reasons { count(reason, 1) }
            case .success(let candidate):
                if candidate.violations == 0 {
                    clean += 1
                } else {
                    // As many are kept as are wanted; the search goes on for one that spares all budgets.
                    if breaking == wanted { continue }
                    breaking += 1
                }
                candidates.append(candidate)
            }
            if clean > 0 && candidates.count >= wanted { break }
        }
        if candidates.isEmpty && !errors.isEmpty {
            return PostFilterOutcome(Verdict(.error, reasons: ["preemption: " + errors.joined(separator: ", ")]))
        }
        if candidates.isEmpty {
            count(Self.notHelpful, host.snapshot.nodes.count - places.count)
            let text = FailureMessage.compose(nodes: host.snapshot.nodes.count, counts: refusals.map { ($0, $1) })
            return PostFilterOutcome(.unschedulable("preemption: " + text), nomination: .some(nil))
        }
        do throws(ExtenderFailure) {
            guard let best = Self.best(try host.approved(candidates, for: pod)) else {
                return PostFilterOutcome(.unschedulable("preemption: no candidate node for preemption"))
            }
            return PostFilterOutcome(.success, nomination: .some(best.node), victims: best.victims)
        } catch {
            return PostFilterOutcome(Verdict(.error, reasons: ["preemption: " + error.message]))
        }
    }

    private func wantedCandidates(of count: Int) -> Int {
        let share = count * Int(arguments.minCandidateNodesPercentage) / 100
        return min(count, max(share, Int(arguments.minCandidateNodesAbsolute)))
    }

    /// Returns why `pod` may not evict anybody, or nil.
    private static func obstacle(for pod: PodInfo, host: any PostFilterHost) -> String? {
        if pod.spec.preemptionPolicy == .never { return "not eligible due to preemptionPolicy=Never." }
        guard let nominated = pod.pod.status.nominatedNodeName,
            let place = host.snapshot.nodes.firstIndex(where: { $0.name == nominated })
        else { return nil }
        if host.verdict(at: place)?.verdict.code == .unresolvable { return nil }
        for other in host.snapshot.nodes[place].pods where other.priority < pod.priority && other.pod.isPreempted {
            return "not eligible due to a terminating pod on the nominated node."
        }
        return nil
    }
}

// MARK: - Requeue

extension DefaultPreemption: RequeueHinting {
    /// A victim's end concerns the plugins that refused the pod, which ask for it themselves.
    package static let wakeEvents: [EventInterest] = [EventInterest(.assignedPod, .delete)]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint { .skip }
}

extension Pod {
    /// Whether the pod is on its way out because the scheduler evicted it.
    var isPreempted: Bool {
        guard isTerminating, let target = status.conditions.named(Condition.disruptionTarget) else { return false }
        return target.status == .true && target.reason == "PreemptionByScheduler"
    }
}
