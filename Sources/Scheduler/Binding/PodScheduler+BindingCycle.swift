import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: prepareForBindingCycle, bindingCycle in schedule_one.go; RunPermitPlugins, RunPreBindPlugins,
// RunBindPlugins in framework/runtime/framework.go (v1.36).
// Deliberate difference: pre-bind plugins run one after the other, never at once.

/// What ended a binding.
enum BindingTrouble {
    /// A plugin refused the pod, with its reasons.
    case rejection(PluginName, [String])
    /// Something went wrong; or a plugin refused at a point where that no longer makes a pod unschedulable.
    case error(String)
}

extension PodScheduler {
    // MARK: - Permit

    /// Runs the permit plugins; the holds of those that want to wait, or why the pod may not go on.
    mutating func askPermission(
        _ pod: PodInfo, on node: String, profile: CompiledProfile, state: CycleState, now: Instant
    ) -> Result<[Binding.Hold], PhaseFailure> {
        if profile.permits.isEmpty { return .success([]) }
        var holds: [Binding.Hold] = []
        if let facts = queue.gangs.facts(of: pod.uid, now: now) { state[GangScheduling.name] = GangNote(facts) }
        for (name, plugin) in profile.permits {
            let outcome = plugin.permit(pod, on: node, among: waitingPods, state: state)
            for uid in outcome.allowed { allow(pod: uid, plugin: name, now: now) }
            for (uid, reason) in outcome.rejected { reject(pod: uid, plugin: name, reason: reason, now: now) }
            switch outcome.verdict.code {
            case .success: continue
            case .wait:
                let timeout = min(outcome.timeout, PermitOutcome.timeoutMax)
                holds.append(Binding.Hold(plugin: name, timeout: timeout, deadline: now + timeout))
            case .unschedulable, .unresolvable, .pending, .error, .skip:
                return .failure(PhaseFailure("Permit", name, outcome.verdict))
            }
        }
        return .success(holds)
    }

    /// Begins the binding of a pod that is assumed and recorded in `bindings`.
    mutating func beginBinding(
        _ uid: UID, announcesNode: inout Bool, now: Instant
    ) -> BindingStep? {
        guard let binding = bindings[uid] else { return nil }
        let profile = profiles[binding.record.profile]
        for (position, (name, plugin)) in profile.preBinds.enumerated() {
            let verdict = plugin.preBindPreFlight(binding.info, to: binding.node, state: binding.state)
            switch verdict.code {
            case .success: announcesNode = true
            case .skip: binding.skipped |= 1 << UInt64(position)
            case .error:
                let text = "running PreBindPreFlight \"\(name)\": \(verdict.message)"
                return fail(uid, .error(text), now: now)
            case .unschedulable, .unresolvable, .pending, .wait:
                let text =
                    "PreBindPreFlight \(name) returned \"\(verdict.code.rawValue)\", which is unsupported."
                    + " It is supposed to return Success, Skip, or Error status"
                return fail(uid, .error(text), now: now)
            }
        }
        if binding.holds.isEmpty { return permitted(uid, now: now) }
        announcesNode = true
        binding.stage = .waiting
        sleepers.append(uid)
        queue.inFlight.enter(uid)
        return .wait(until: binding.giveUp ?? .never)
    }

    /// The pod has all permissions: from here on it cannot be unschedulable any more.
    mutating func permitted(_ uid: UID, now: Instant) -> BindingStep? {
        queue.inFlight.leave(uid)
        wake(uid)
        queue.gangs.isPlaced(uid)
        return preBind(uid, now: now)
    }

    // MARK: - PreBind and Bind

    /// Goes on with the pre-bind plugins, and binds when they are through.
    mutating func preBind(_ uid: UID, now: Instant) -> BindingStep? {
        guard let binding = bindings[uid] else { return nil }
        let profile = profiles[binding.record.profile]
        cache.settle()
        while binding.cursor < profile.preBinds.count {
            let (name, plugin) = profile.preBinds[binding.cursor]
            if binding.skipped & 1 << UInt64(binding.cursor) == 0 {
                let outcome = plugin.preBind(
                    binding.info, to: binding.node, in: cache.snapshot, state: binding.state)
                switch outcome.verdict.code {
                case .success: break
                case .wait: return pause(binding, outcome, now: now)
                case .unschedulable, .unresolvable, .pending:
                    return fail(uid, .error(outcome.verdict.message), now: now)
                case .error, .skip:
                    let text = "running PreBind plugin \"\(name)\": \(outcome.verdict.message)"
                    return fail(uid, .error(text), now: now)
                }
            }
            binding.cursor += 1
            binding.deadline = nil
            binding.nextLook = nil
        }
        binding.stage = .binding
        wake(uid)
        if let message = bindRefusal(binding, profile: profile) {
            return fail(uid, .error(message), now: now)
        }
        return .bind
    }

    /// A pod waits for nothing any more.
    mutating func wake(_ uid: UID) {
        if !sleepers.isEmpty { sleepers.removeAll { $0 == uid } }
    }

    private mutating func pause(_ binding: Binding, _ outcome: PreBindOutcome, now: Instant) -> BindingStep? {
        let uid = binding.info.uid
        if !outcome.writes.isEmpty {
            binding.stage = .writing
            wake(uid)
            return .write(outcome.writes)
        }
        let deadline = binding.deadline ?? now + outcome.timeout
        binding.deadline = deadline
        binding.lateText = outcome.lateText
        binding.stage = .preBinding
        binding.nextLook = outcome.pace.map { pace in
            // A look that came late moves none of the others.
            var next = (binding.nextLook ?? now) + pace
            while next <= now { next = next + pace }
            return next
        }
        if !sleepers.contains(uid) {
            sleepers.append(uid)
            return .wait(until: deadline)
        }
        return nil
    }

    /// Asks the extenders and then the plugins that bind; returns why nobody takes the pod.
    private func bindRefusal(_ binding: Binding, profile: CompiledProfile) -> String? {
        if let answer = extenders?.bind(binding.info, to: binding.node) { return answer.message }
        for (name, plugin) in profile.binds {
            let verdict = plugin.bind(binding.info, to: binding.node)
            switch verdict.code {
            case .skip: continue
            case .success: return nil
            case .unschedulable, .unresolvable, .pending: return verdict.message
            case .error, .wait: return "running Bind plugin \"\(name)\": \(verdict.message)"
            }
        }
        return ""
    }

    func tellBound(_ binding: Binding) {
        for plugin in profiles[binding.record.profile].postBinds {
            plugin.postBind(binding.info, to: binding.node, state: binding.state)
        }
    }

    // MARK: - Time and change

    /// Asks the pre-bind plugins again that wait for the cluster, and not for their next look.
    mutating func resumeBindings(now: Instant) {
        for uid in sleepers {
            guard let binding = bindings[uid], binding.stage == .preBinding, binding.nextLook == nil else { continue }
            proceed(uid) { $0.preBind(uid, now: now) }
        }
    }

    /// When the first waiting pod looks again, or gives up.
    var nextBindingMoment: Instant? { sleepers.compactMap { bindings[$0]?.nextMoment }.min() }

    /// Ends the bindings that have waited for too long, and has those look again that are due.
    mutating func advanceBindings(to now: Instant) {
        for uid in sleepers {
            guard let binding = bindings[uid], let due = binding.nextMoment, due <= now else { continue }
            guard let end = binding.giveUp, end <= now else {
                proceed(uid) { $0.preBind(uid, now: now) }
                continue
            }
            switch binding.stage {
            case .waiting:
                guard let hold = binding.holds.min(by: { $0.deadline < $1.deadline }) else { continue }
                let text =
                    "rejected due to timeout after waiting \(hold.timeout.goText) at plugin \(hold.plugin)"
                reject(pod: uid, plugin: hold.plugin, reason: text, now: now)
            case .preBinding:
                let plugin = profiles[binding.record.profile].preBinds[binding.cursor].name
                let text = "running PreBind plugin \"\(plugin)\": \(binding.lateText)"
                proceed(uid) { $0.fail(uid, .error(text), now: now) }
            case .writing, .binding, .bound: continue
            }
        }
    }
}

extension Duration {
    /// The length as Go writes it: 1m30s, 15m0s, 500ms.
    var goText: String {
        if nanoseconds == 0 { return "0s" }
        if nanoseconds.magnitude < 1_000_000_000 { return description }
        let total = wholeSeconds
        let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60)
        let rest = Duration(nanoseconds: nanoseconds - (total - seconds) * 1_000_000_000)
        let tail = rest == .zero ? "0s" : rest.description
        return (hours > 0 ? "\(hours)h" : "") + (total >= 60 ? "\(minutes)m" : "") + tail
    }
}
