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
        if !departingPods.isEmpty { departingPods.removeAll() }
        while let record = queue.pop(now: now) {
            if record.info.pod.isTerminating || bindings[record.info.uid] != nil {
                // On its way out, or on its way to a node (`skipPodSchedule`).
                if record.info.pod.isTerminating { departingPods.append(record.info.key) }
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
            putBack(record, rejectors: .none, now: now)
            attempt.clearsNomination = setNomination(of: pod, to: .some(nil))
            return attempt
        }
        let state = CycleState(cache.snapshot)
        let chooser = Chooser(tieBreak: configuration.tieBreak, draw: draw)
        let asked = extenders?.interested(in: pod)
        // What extenders say is remembered nowhere: then every node is looked at.
        let ground = self.ground(
            pod, profile: profile, state: state, isShort: capture == .summary && asked == nil)
        let run = FilterRun(
            profile: profile, snapshot: cache.snapshot, nominator: nominator, skipped: ground.pre.skipped,
            extenders: asked)
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
            && run.extenders == nil
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
            run: run, profile: run.profile, cache: cache, capture: capture, chooser: chooser)
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
        cache.place(pod, on: node, isAssumed: true, devices: devices(for: pod, on: node, profile: profile))
        nominator.remove(pod.uid)
        if let failure = reserve(pod, on: node, profile: profile, state: state) {
            return giveUp(&attempt, record: record, node: node, state: state, failure, now: now)
        }
        let holds: [Binding.Hold]
        switch askPermission(pod, on: node, profile: profile, state: state, now: now) {
        case .success(let found): holds = found
        case .failure(let failure):
            return giveUp(&attempt, record: record, node: node, state: state, failure, now: now)
        }
        queue.finish(pod.uid)
        bindings[pod.uid] = Binding(record: record, node: node, state: state, holds: holds)
        gangIsPermitted(pod.uid, holds: holds, now: now)
        attempt.outcome = .assumed(node: node)
        let step = beginBinding(pod.uid, announcesNode: &attempt.announcesNode, now: now)
        // A pod that a preemption promised this node has it in its status already.
        if pod.pod.status.nominatedNodeName == node { attempt.announcesNode = false }
        guard let step else { return }
        attempt.binding = step
        if case .failed(let failure) = step {
            attempt.outcome = failure.isRejection ? .unschedulable(nominated: nil, victims: []) : .error
            attempt.message = failure.message
            attempt.clearsNomination = failure.clearsNomination
        }
    }

    private func reserve(
        _ pod: PodInfo, on node: String, profile: CompiledProfile, state: CycleState
    ) -> PhaseFailure? {
        for (name, plugin) in profile.reserves {
            let verdict = plugin.reserve(pod, on: node, in: cache.snapshot, state: state)
            if !verdict.isSuccess && verdict.code != .skip { return PhaseFailure("Reserve", name, verdict) }
        }
        return nil
    }

    /// A plugin stood in the way of a pod that had a node.
    private mutating func giveUp(
        _ attempt: inout SchedulingAttempt, record: QueuedPod, node: String, state: CycleState,
        _ failure: PhaseFailure, now: Instant
    ) {
        let pod = record.info
        let profile = profiles[record.profile]
        unreserve(pod, on: node, profile: profile, state: state)
        cache.remove(pod.uid)
        var rejectors = Rejectors.none
        if failure.verdict.isRejection {
            rejectors.insert(profile.bit(of: failure.plugin), code: failure.verdict.code)
            attempt.outcome = .unschedulable(nominated: nil, victims: [])
        } else {
            attempt.outcome = .error
        }
        attempt.message = failure.message
        putBack(record, rejectors: rejectors, now: now)
        attempt.clearsNomination = setNomination(of: pod, to: .some(nil))
    }

    /// The graphics processors that the profile's plugins choose for `pod`; nil to leave the choice to the node.
    private func devices(for pod: PodInfo, on node: String, profile: CompiledProfile) -> UInt64? {
        guard pod.shape.gpu != nil, let info = cache.node(node) else { return nil }
        for plugin in profile.deviceChoosers {
            if let devices = plugin.devices(for: pod, on: info, in: cache.snapshot) { return devices }
        }
        return nil
    }
}
