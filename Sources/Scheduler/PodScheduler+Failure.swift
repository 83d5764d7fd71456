import Chronology
package import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: handleSchedulingFailure in schedule_one.go, RunPostFilterPlugins, FitError (v1.36).

extension PodScheduler {
    // MARK: - No node was found

    mutating func fail(
        _ attempt: inout SchedulingAttempt, record: QueuedPod, result: ScanResult, run: FilterRun,
        ground: SearchGround, state: CycleState, now: Instant
    ) {
        let pod = record.info
        if let error = Self.error(in: result) {
            // The attempt says nothing of the pod.
            attempt.message = error
            attempt.outcome = .error
            putBack(record, rejectors: .none, now: now)
            attempt.clearsNomination = setNomination(of: pod, to: .some(nil))
            return
        }
        let run = self.run(forPostFiltersOf: pod, after: run, ground: ground, state: state)
        let nodes = cache.snapshot.nodes.count
        var parts: [String] = []
        if let preFilter = result.preFilter {
            parts.append("0/\(nodes) nodes are available: \(preFilter.verdict.message).")
        } else {
            parts.append(FailureMessage.compose(nodes: nodes, counts: Self.reasonCounts(result)))
        }
        let rescue = runPostFilters(pod, result: result, run: run, state: state)
        if !rescue.message.isEmpty { parts.append(rescue.message) }
        attempt.message = parts.joined(separator: " ")
        putBack(record, rejectors: rejectors(result, run.profile), now: now)
        attempt.clearsNomination = setNomination(of: pod, to: rescue.nomination)
        var victims: [ObjectKey] = []
        if let plugin = rescue.plugin, let node = rescue.nomination ?? nil {
            // When all victims are on their way out already, nobody is evicted and nobody loses a promise.
            if rescue.victims.contains(where: { !$0.pod.isTerminating }) {
                attempt.displaced = displaced(by: pod, on: node)
            }
            victims = prepareEvictions(of: rescue.victims, for: pod, by: plugin, now: now)
        }
        attempt.outcome = .unschedulable(nominated: rescue.nomination ?? nil, victims: victims)
    }

    /// What the post-filters came to.
    private struct Rescue {
        var nomination: String??
        /// Who found a way, and whom it costs.
        var plugin: PluginName?
        var victims: [PodInfo] = []
        var message = ""
    }

    private func runPostFilters(_ pod: PodInfo, result: ScanResult, run: FilterRun, state: CycleState) -> Rescue {
        var rescue = Rescue()
        // Without any, nobody can keep the nomination.
        if run.profile.postFilters.isEmpty { rescue.nomination = .some(nil) }
        let host = CycleHost(run: run, verdicts: result.verdicts, fallback: result.preFilter, unasked: result.unasked)
        var refusals: [String] = []
        for (name, plugin) in run.profile.postFilters {
            let outcome = plugin.postFilter(pod, state: state, host: host)
            switch outcome.verdict.code {
            case .success:
                return Rescue(nomination: outcome.nomination, plugin: name, victims: outcome.victims)
            case .unresolvable: return Rescue(nomination: outcome.nomination, message: outcome.verdict.message)
            case .unschedulable, .pending:
                if outcome.nomination != nil { rescue.nomination = outcome.nomination }
                refusals.append(contentsOf: outcome.verdict.reasons)
            case .error, .wait, .skip: return Rescue(message: outcome.verdict.message)
            }
        }
        rescue.message = refusals.joined(separator: ", ")
        return rescue
    }

    /// The text of an error that ended the search, if one did.
    private static func error(in result: ScanResult) -> String? {
        if let error = result.error { return error }
        if let verdict = result.preFilter, verdict.verdict.code == .error {
            guard let plugin = verdict.plugin else { return verdict.verdict.message }
            return "running PreFilter plugin \"\(plugin)\": \(verdict.verdict.message)"
        }
        for entry in result.tally where entry.verdict.verdict.code == .error {
            guard let plugin = entry.verdict.plugin else { return entry.verdict.verdict.message }
            return "running \"\(plugin)\" filter plugin: \(entry.verdict.verdict.message)"
        }
        return nil
    }

    /// Whether a failure changes what is known of the pod's status: nothing is sent for one that does not (`updatePod`).
    package func isNews(
        of uid: UID, reason: String, message: String, nomination: String??
    ) -> Bool {
        guard let status = queue.pods[uid]?.info.pod.status else { return true }
        if let nomination, nomination ?? "" != status.nominatedNodeName ?? "" { return true }
        guard let known = status.conditions.named(Condition.podScheduled) else { return true }
        return known.status != .false || known.reason != reason || known.message != message
    }

    mutating func putBack(_ record: QueuedPod, rejectors: Rejectors, now: Instant) {
        queue.putBack(record, rejectors: rejectors, now: now)
    }

    /// Records a nomination; returns whether the pod's status must lose one.
    mutating func setNomination(of pod: PodInfo, to nomination: String??) -> Bool {
        guard let nomination else {
            // Left as it is; what the status says counts more than what was noted here.
            if let node = pod.pod.status.nominatedNodeName, !node.isEmpty { nominator.set(pod, node: node) }
            return false
        }
        guard let node = nomination else {
            nominator.remove(pod.uid)
            return pod.pod.status.nominatedNodeName != nil
        }
        nominator.set(pod, node: node)
        return false
    }

    private func rejectors(_ result: ScanResult, _ profile: CompiledProfile) -> Rejectors {
        var rejectors = Rejectors.none
        for name in result.naming { rejectors.insert(profile.bit(of: name), code: .unresolvable) }
        if let verdict = result.preFilter, let name = verdict.plugin {
            rejectors.insert(profile.bit(of: name), code: verdict.verdict.code)
        }
        for entry in result.tally {
            if let name = entry.verdict.plugin {
                rejectors.insert(profile.bit(of: name), code: entry.verdict.verdict.code)
            }
        }
        if result.isCutByExtenders { rejectors.insert(profile.bit(of: Rejector.extenderName), code: .unschedulable) }
        return rejectors
    }

    private static func reasonCounts(_ result: ScanResult) -> [(String, Int)] {
        var counts: [(reason: String, count: Int)] = []
        func count(_ reasons: [String], _ nodes: Int) {
            for reason in reasons {
                if let place = counts.firstIndex(where: { $0.reason == reason }) {
                    counts[place].count += nodes
                } else {
                    counts.append((reason, nodes))
                }
            }
        }
        for entry in result.tally { count(entry.verdict.verdict.reasons, entry.count) }
        if let absent = result.absent, absent.count > 0 { count(absent.verdict.verdict.reasons, absent.count) }
        return counts.map { ($0, $1) }
    }

    static func rejections(_ result: ScanResult) -> [Rejection] {
        var list: [Rejection] = []
        func add(_ verdict: NodeVerdict, _ nodes: Int) {
            for reason in verdict.verdict.reasons {
                let same = list.firstIndex {
                    $0.plugin == verdict.plugin && $0.code == verdict.verdict.code && $0.reason == reason
                }
                if let same {
                    list[same].count += nodes
                } else {
                    list.append(
                        Rejection(plugin: verdict.plugin, code: verdict.verdict.code, reason: reason, count: nodes))
                }
            }
        }
        for entry in result.tally { add(entry.verdict, entry.count) }
        if let absent = result.absent, absent.count > 0 { add(absent.verdict, absent.count) }
        if let preFilter = result.preFilter { add(preFilter, 0) }
        if list.count < 2 { return list }
        return list.sorted {
            if $0.count != $1.count { return $0.count > $1.count }
            if $0.reason != $1.reason { return $0.reason < $1.reason }
            if $0.plugin != $1.plugin { return ($0.plugin?.text ?? "") < ($1.plugin?.text ?? "") }
            return $0.code.rawValue < $1.code.rawValue
        }
    }
}
