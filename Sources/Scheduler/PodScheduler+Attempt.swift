package import Chronology
import KubernetesAPI
import SchedulingFramework

extension PodScheduler {
    /// Takes the first pod in line and looks for a node; nil when nobody is ready.
    ///
    /// `tieDraw` is a uniform number that decides among equals when the configuration says `seeded`.
    package mutating func attempt(
        now: Instant, capturing capture: AttemptCapture = .summary, tieDraw: UInt64 = 0
    ) -> SchedulingAttempt? {
        while let record = queue.pop(now: now) {
            if record.info.pod.isTerminating {
                // On its way out (`skipPodSchedule`).
                queue.finish(record.info.uid)
                continue
            }
            return cycle(record, now: now, capture: capture, draw: tieDraw)
        }
        return nil
    }

    private mutating func cycle(
        _ record: QueuedPod, now: Instant, capture: AttemptCapture, draw: UInt64
    ) -> SchedulingAttempt {
        let pod = record.info
        let profile = profiles[record.profile]
        var attempt = SchedulingAttempt(
            pod: pod.key, uid: pod.uid, number: record.attempts, outcome: .error, queueWait: now - record.timestamp)
        cache.settle()
        guard !cache.order.isEmpty else {
            attempt.message = FailureMessage.noNodes
            attempt.outcome = .unschedulable(nominated: nil, victims: [])
            attempt.clearsNomination = setNomination(of: pod, to: .some(nil))
            putBack(record, rejectors: 0, now: now)
            return attempt
        }
        let state = CycleState()
        let chooser = Chooser(tieBreak: configuration.tieBreak, draw: draw)
        let ground = self.ground(pod, profile: profile, state: state, capture: capture)
        let run = FilterRun(
            profile: profile, snapshot: cache.snapshot, nominator: nominator, skipped: ground.pre.skipped)
        let result = scan(pod, run: run, ground: ground, state: state, capture: capture, chooser: chooser)
        attempt.evaluatedNodes = result.evaluated
        attempt.feasibleNodes = result.feasible
        attempt.score = result.score
        attempt.tieCount = result.tieCount
        attempt.detail = result.detail
        attempt.rejections = Self.rejections(result)
        guard let winner = result.winner else {
            fail(&attempt, record: record, result: result, run: run, ground: ground, state: state, now: now)
            return attempt
        }
        assume(
            &attempt, record: record, node: cache.snapshot.nodes[winner].name, profile: profile, state: state, now: now)
        return attempt
    }

    // MARK: - Search

    private mutating func scan(
        _ pod: PodInfo, run: FilterRun, ground: SearchGround, state: CycleState, capture: AttemptCapture,
        chooser: Chooser
    ) -> ScanResult {
        let pre = ground.pre
        if let rejection = pre.rejection {
            var result = ScanResult()
            result.preFilter = rejection
            result.naming = pre.naming
            result.unasked = pre.unasked
            if capture == .all {
                result.detail = AttemptDetail()
                result.detail?.preFilter = rejection
            }
            return result
        }
        let isShortCut =
            configuration.usesShapeMemo && capture == .summary && pre.nodeNames == nil && !hasNomination(pod)
        if isShortCut {
            let memo = self.memo(of: pod, profile: run.profile, pre: ground.local, state: state)
            if let plan = ground.plan, let topology = run.profile.topology {
                let scan = TopologyScan(
                    profile: run.profile, topology: topology, cache: cache, memo: memo, plan: plan, chooser: chooser)
                return scan.search(&search)
            }
            memo.sync(with: cache)
            let scan = MemoScan(
                run: run, profile: run.profile, cache: cache, memo: memo, chooser: chooser,
                clusterFilters: ground.isPlain ? [] : run.profile.clusterFilters(without: pre.skipped),
                hasClusterScores: ground.hasClusterScores)
            return scan.search(pod, state: state, search: &search)
        }
        let scan = FullScan(
            run: run, profile: run.profile, snapshot: cache.snapshot, capture: capture, chooser: chooser)
        return scan.search(pod, pre: pre, state: state, search: &search)
    }

    /// The memo of the pod's shape; made when there is none.
    mutating func memo(
        of pod: PodInfo, profile: CompiledProfile, pre: PreFilterRun, state: CycleState
    ) -> ShapeMemo {
        if let memo = shapes.memo(of: pod.shape) { return memo }
        var skippedScores: Set<PluginName> = []
        for entry in profile.preScores where entry.scope != .cluster {
            let verdict = entry.plugin.preScore(pod, nodes: [], in: cache.snapshot, state: state)
            if verdict.code == .skip { skippedScores.insert(entry.name) }
        }
        let memo = ShapeMemo(pod, profile: profile, pre: pre, skippedScores: skippedScores)
        shapes.keep(memo, nodes: cache.slots.count)
        return memo
    }

    // MARK: - A node was found

    private mutating func assume(
        _ attempt: inout SchedulingAttempt, record: QueuedPod, node: String, profile: CompiledProfile,
        state: CycleState, now: Instant
    ) {
        let pod = record.info
        var refusal: Verdict?
        var refuser: UInt64 = 0
        var hasReserved = false
        for plugin in profile.reserves {
            let verdict = plugin.reserve(pod, on: node, in: cache.snapshot, state: state)
            if verdict.isSuccess { hasReserved = true }
            if verdict.isSuccess || verdict.code == .skip { continue }
            (refusal, refuser) = (verdict, profile.bit(of: type(of: plugin).name))
            break
        }
        if refusal == nil {
            // No plugin of the registry waits; waiting would count as consent.
            for plugin in profile.permits {
                let verdict = plugin.permit(pod, on: node, state: state)
                if verdict.isSuccess || verdict.code == .wait { continue }
                (refusal, refuser) = (verdict, profile.bit(of: type(of: plugin).name))
                break
            }
        }
        if let refusal {
            for plugin in profile.reserves.reversed() {
                plugin.unreserve(pod, on: node, in: cache.snapshot, state: state)
            }
            attempt.message = FailureMessage.compose(nodes: 1, counts: refusal.reasons.map { ($0, 1) })
            attempt.outcome = refusal.isRejection ? .unschedulable(nominated: nil, victims: []) : .error
            attempt.clearsNomination = setNomination(of: pod, to: .some(nil))
            putBack(record, rejectors: refusal.isRejection ? refuser : 0, now: now)
            return
        }
        cache.place(pod, on: node, isAssumed: true)
        nominator.remove(pod.uid)
        queue.finish(pod.uid)
        assumed[pod.uid] = record
        if hasReserved {
            reservations[pod.uid] = Reservation(pod: pod, node: node, profile: record.profile, state: state)
            attempt.updates = profile.preBinds.flatMap { $0.updates(for: pod, to: node, state: state) }
        }
        attempt.outcome = .assumed(node: node)
    }

    // MARK: - No node was found

    private mutating func fail(
        _ attempt: inout SchedulingAttempt, record: QueuedPod, result: ScanResult, run: FilterRun,
        ground: SearchGround, state: CycleState, now: Instant
    ) {
        let pod = record.info
        let run = self.run(forPostFiltersOf: pod, after: run, ground: ground, state: state)
        var rejectors = rejectorBits(result, run.profile)
        let nodes = cache.snapshot.nodes.count
        var parts: [String] = []
        if let preFilter = result.preFilter {
            parts.append("0/\(nodes) nodes are available: \(preFilter.verdict.message).")
        } else {
            parts.append(FailureMessage.compose(nodes: nodes, counts: Self.reasonCounts(result)))
        }
        let host = CycleHost(run: run, verdicts: result.verdicts, fallback: result.preFilter, unasked: result.unasked)
        var nomination: String??
        var victims: [PodInfo] = []
        var refusals: [String] = []
        var isSaved = false
        for (_, plugin) in run.profile.postFilters {
            let outcome = plugin.postFilter(pod, state: state, host: host)
            if outcome.nomination != nil { nomination = outcome.nomination }
            if outcome.verdict.isSuccess {
                victims = outcome.victims
                isSaved = true
                break
            }
            refusals.append(contentsOf: outcome.verdict.reasons)
            if outcome.verdict.code == .unresolvable || !outcome.verdict.isRejection { break }
        }
        if !isSaved && !refusals.isEmpty { parts.append(refusals.joined(separator: ", ")) }
        attempt.message = parts.joined(separator: " ")
        let isError = result.preFilter?.verdict.code == .error
        attempt.outcome = isError ? .error : .unschedulable(nominated: nomination ?? nil, victims: victims.map(\.key))
        if isError { rejectors = 0 }
        attempt.clearsNomination = setNomination(of: pod, to: nomination)
        putBack(record, rejectors: rejectors, now: now)
    }

    private mutating func putBack(_ record: QueuedPod, rejectors: UInt64, now: Instant) {
        // A newer version may have come while the pod was in flight.
        let info = queue.pods[record.info.uid]?.info ?? record.info
        queue.putBack(info.uid, info: info, rejectors: rejectors, record: record, now: now)
    }

    /// Records a nomination; returns whether the pod's status must lose one.
    private mutating func setNomination(of pod: PodInfo, to nomination: String??) -> Bool {
        guard let nomination else { return false }
        guard let node = nomination else {
            nominator.remove(pod.uid)
            return pod.pod.status.nominatedNodeName != nil
        }
        nominator.set(pod, node: node)
        return false
    }

    private func rejectorBits(_ result: ScanResult, _ profile: CompiledProfile) -> UInt64 {
        var bits: UInt64 = 0
        for name in result.naming { bits |= profile.bit(of: name) }
        if let name = result.preFilter?.plugin { bits |= profile.bit(of: name) }
        for entry in result.tally { if let name = entry.verdict.plugin { bits |= profile.bit(of: name) } }
        return bits
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

    private static func rejections(_ result: ScanResult) -> [Rejection] {
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
