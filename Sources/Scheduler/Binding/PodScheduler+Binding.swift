package import Chronology
package import KubernetesAPI
package import SchedulingFramework

// Kubernetes counterpart: bindingCycle, handleBindingCycleError in schedule_one.go (v1.36).

// What the host does with a pod that has a node:
//
//   attempt ─▶ .assumed, binding: .bind             send the binding, call bindFinished
//                        binding: .write(objects)   send them, call writesFinished; then look for tasks
//                        binding: .wait             nothing; a task comes when the pod may go on, or fails
//
// After each call that changes the scheduler, takeBindingTasks() says which other bindings went on.
extension PodScheduler {
    /// Takes the steps of bindings that became due since the last call, in order.
    package mutating func takeBindingTasks() -> [BindingTask] {
        defer { bindingTasks.removeAll() }
        return bindingTasks
    }

    /// Tells that the binding of an assumed pod was answered. A failed one frees the node, and the pod backs off.
    ///
    /// A pod that the watch has shown bound, or gone, is left alone. Returns what to tell of the failure, if there was one.
    @discardableResult
    package mutating func bindFinished(
        pod uid: UID, node: String, succeeded: Bool, message: String = "", now: Instant
    ) -> BindingFailure? {
        if dropOrphan(uid) { return nil }
        guard let binding = bindings[uid], binding.stage != .bound else { return nil }
        guard succeeded else { return failBinding(uid, .error(message), now: now) }
        binding.stage = .bound
        wake(uid)
        queue.inFlight.leave(uid)
        tellBound(binding)
        return nil
    }

    /// Tells that the writes of a `.write` step were answered; all must have succeeded. The next step is among the tasks.
    package mutating func writesFinished(pod uid: UID, succeeded: Bool, message: String = "", now: Instant) {
        if dropOrphan(uid) { return }
        guard let binding = bindings[uid], binding.stage == .writing else { return }
        let plugin = profiles[binding.record.profile].preBinds[binding.cursor].name
        proceed(uid) { scheduler in
            if succeeded { return scheduler.preBind(uid, now: now) }
            return scheduler.fail(uid, .error("running PreBind plugin \"\(plugin)\": \(message)"), now: now)
        }
    }

    /// Gives up an assumption without putting the pod back in line.
    package mutating func forget(pod uid: UID, now: Instant) {
        guard bindings[uid] != nil else { return }
        bindings[uid]?.isDoomed = true
        _ = failBinding(uid, .error(""), now: now)
    }

    // MARK: - Permission

    /// The pods that permit plugins hold, in the order in which they began to wait.
    package var waitingPods: [WaitingPod] {
        sleepers.compactMap { uid in
            guard let binding = bindings[uid], binding.stage == .waiting else { return nil }
            return WaitingPod(pod: binding.info, node: binding.node, holders: binding.holds.map(\.plugin))
        }
    }

    /// Lifts the hold of `plugin`; when it was the last, the pod goes on.
    package mutating func allow(pod uid: UID, plugin: PluginName, now: Instant) {
        guard bindings[uid]?.stage == .waiting else { return }
        bindings[uid]?.holds.removeAll { $0.plugin == plugin }
        guard bindings[uid]?.holds.isEmpty ?? false else { return }
        proceed(uid) { $0.permitted(uid, now: now) }
    }

    /// Rejects a waiting pod for `plugin`: it is unschedulable until something happens that this plugin asked for.
    package mutating func reject(pod uid: UID, plugin: PluginName, reason: String, now: Instant) {
        guard bindings[uid]?.stage == .waiting else { return }
        proceed(uid) { $0.fail(uid, .rejection(plugin, [reason]), now: now) }
    }

    /// Takes a step of a binding, and hands what follows from it to the host.
    mutating func proceed(_ uid: UID, _ step: (inout PodScheduler) -> BindingStep?) {
        guard let binding = bindings[uid], let next = step(&self) else { return }
        bindingTasks.append(BindingTask(pod: binding.info.key, uid: uid, node: binding.node, step: next))
    }

    /// Ends the binding of a pod that was deleted meanwhile; returns whether it was one.
    private mutating func dropOrphan(_ uid: UID) -> Bool {
        guard !orphans.isEmpty, let orphan = orphans.removeValue(forKey: uid) else { return false }
        let profile = profiles[orphan.record.profile]
        unreserve(orphan.info, on: orphan.node, profile: profile, state: orphan.state)
        return true
    }
}
