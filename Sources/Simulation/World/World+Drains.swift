import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import VirtualTime

// Counterpart: k8s.io/kubectl/pkg/drain (v1.36).
// Deliberate differences: a refused eviction is tried again on kubectl's grid of 5 s, but only after a change that could
// let it through.

/// A node that is being emptied.
struct Drain {
    /// A pod that has to go.
    struct Target: Hashable {
        let key: ObjectKey
        let uid: UID
    }

    let number: Int64
    let options: DrainOptions
    let since: Instant
    /// When it gives up.
    let deadline: Instant
    /// Pods whose eviction was refused, or was not tried yet.
    var waiting: [Target]
    /// Pods that are on their way out.
    var leaving: [Target] = []
    /// Pods whose eviction was refused for good.
    var failed: [Target] = []
    /// When evictions were tried last.
    var triedAt: Instant
    /// When it goes on, as far as that is scheduled.
    var due = Instant.never
    let count: Int
}

extension World {
    /// Cordons a node and begins to empty it; pods that the options do not cover keep it from beginning.
    mutating func beginDrain(_ options: DrainOptions) {
        let key = ObjectKey(.node, name: options.node)
        guard api.node(options.node) != nil else {
            tellDrain(key, .warning, "DrainFailed", "there is no such node")
            return
        }
        setUnschedulable(options.node, true)
        var targets: [Drain.Target] = []
        var refusals: [(text: String, pods: [String])] = []
        for pod in api.pods(onNode: options.node) {
            let verdict = DrainFilter.verdict(on: pod, options) {
                let owner = pod.metadata.controllerReference?.name ?? ""
                return api.object(ObjectKey(.daemonSet, namespace: pod.metadata.namespace, name: owner)) != nil
            }
            switch verdict {
            case .stays: continue
            case .goes: targets.append(Drain.Target(key: pod.key, uid: pod.metadata.uid))
            case .refuses(let text):
                let name = "\(pod.metadata.namespace)/\(pod.metadata.name)"
                if let place = refusals.firstIndex(where: { $0.text == text }) {
                    refusals[place].pods.append(name)
                } else {
                    refusals.append((text, [name]))
                }
            }
        }
        guard refusals.isEmpty else {
            let texts = refusals.map { "cannot delete \($0.text): \($0.pods.joined(separator: ", "))" }
            tellDrain(key, .warning, "DrainFailed", texts.joined(separator: "; "))
            return
        }
        drainCount += 1
        let drain = Drain(
            number: drainCount, options: options, since: now,
            deadline: options.timeout.map { now + $0 } ?? .never, waiting: targets, triedAt: now,
            count: targets.count)
        drains.append(drain)
        if drain.deadline <= end { enqueue(.drain, b: drain.number, at: drain.deadline) }
        tryEvictions(of: drain.number)
        settleDrain(drain.number)
    }

    /// Begins to empty a node as the next step of a chain that has come to it, or of what is being carried out.
    mutating func beginDrainInTurn(_ options: DrainOptions) {
        let outer = causes.current
        resumeCause(ofDrain: options.node)
        beginDrain(options)
        causes.current = outer
    }

    /// Goes on with a drain after something changed, or its time is over.
    mutating func continueDrain(_ number: Int64) {
        guard let place = drains.firstIndex(where: { $0.number == number }) else { return }
        if drains[place].due <= now { drains[place].due = .never }
        let isTime = (now - drains[place].triedAt).nanoseconds % RunLimits.drainRetry.nanoseconds == 0
        if isTime, now > drains[place].triedAt, now < drains[place].deadline {
            resumeCause(ofDrain: drains[place].options.node)
            tryEvictions(of: number)
            causes.current = nil
        }
        settleDrain(number)
    }

    private mutating func tryEvictions(of number: Int64) {
        guard let place = drains.firstIndex(where: { $0.number == number }) else { return }
        let options = drains[place].options
        let targets = drains[place].waiting
        drains[place].triedAt = now
        drains[place].waiting = []
        drains[place].leaving += targets
        var refused: [Drain.Target] = []
        var failed: [Drain.Target] = []
        var isUnanswered = false
        for target in targets {
            guard let pod = api.pod(namespace: target.key.namespace, name: target.key.name),
                pod.metadata.uid == target.uid, !pod.isTerminating
            else { continue }
            let error =
                options.disableEviction
                ? request(
                    .delete(
                        target.key, uid: target.uid, gracePeriodSeconds: options.gracePeriodSeconds,
                        propagation: .background))
                : request(.evict(pod: target.key, gracePeriodSeconds: options.gracePeriodSeconds))
            switch error {
            case nil, .notFound: continue
            case .disruptionBudget:
                refused.append(target)
                tellDrain(
                    target.key, .warning, "EvictionRefused",
                    "Cannot evict pod as it would violate the pod's disruption budget.")
            case .unavailable where isInWave(options.node):
                // kubectl gives up; the upgrade of a machine tries again.
                refused.append(target)
                isUnanswered = true
            case let other?:
                failed.append(target)
                tellDrain(target.key, .warning, "EvictionFailed", "error when evicting pod: \(other)")
            }
        }
        guard let place = drains.firstIndex(where: { $0.number == number }) else { return }
        drains[place].waiting = refused
        drains[place].failed += failed
        drains[place].leaving.removeAll { refused.contains($0) || failed.contains($0) }
        if isUnanswered { retryDrain(place) }
    }

    /// Ends a drain of which nothing is left, or whose time is over.
    private mutating func settleDrain(_ number: Int64) {
        guard let place = drains.firstIndex(where: { $0.number == number }) else { return }
        let leaving = drains[place].leaving.filter { api.object(uid: $0.uid) != nil }
        drains[place].leaving = leaving
        drains[place].waiting = drains[place].waiting.filter { api.object(uid: $0.uid) != nil }
        let drain = drains[place]
        let left = drain.waiting + leaving
        if left.isEmpty || now >= drain.deadline, !faults.waves.isEmpty { maintenanceMayGoOn() }
        let key = ObjectKey(.node, name: drain.options.node)
        if left.isEmpty {
            drains.remove(at: place)
            if !drain.failed.isEmpty {
                tellDrain(key, .warning, "DrainFailed", "\(drain.failed.count) pods cannot be evicted")
                return
            }
            tellDrain(key, .normal, "Drained", "\(drain.count) pods left the node in \(now - drain.since)")
        } else if now >= drain.deadline {
            drains.remove(at: place)
            let names = left.map { "\($0.key.namespace)/\($0.key.name)" }.joined(separator: ", ")
            tellDrain(
                key, .warning, "DrainFailed", "global timeout reached: \(drain.deadline - drain.since); left: \(names)")
        }
    }

    private mutating func tellDrain(_ key: ObjectKey, _ kind: EventRecord.Kind, _ reason: String, _ message: String) {
        record(EventRecord(key, kind, reason: reason, message: message), source: "drain")
    }

    /// Tells of drains that the run leaves unfinished.
    mutating func closeDrains() {
        for drain in drains {
            tellDrain(
                ObjectKey(.node, name: drain.options.node), .warning, "DrainUnfinished",
                "\(drain.waiting.count) pods may not go, \(drain.leaving.count) are on their way")
        }
    }

    // MARK: - What a drain waits for

    /// A pod went away, or its readiness changed.
    mutating func podMattersToDrains(_ pod: Pod) {
        for place in drains.indices {
            if drains[place].leaving.contains(where: { $0.uid == pod.metadata.uid }) {
                scheduleDrain(place, at: now)
            } else if drains[place].waiting.contains(where: { $0.uid == pod.metadata.uid }) {
                retryDrain(place)
            }
        }
    }

    /// A disruption budget changed.
    mutating func budgetMattersToDrains(_ budget: PodDisruptionBudget) {
        for place in drains.indices {
            let namespace = budget.metadata.namespace
            if drains[place].waiting.contains(where: { $0.key.namespace == namespace }) { retryDrain(place) }
        }
    }

    /// Has the evictions tried again at the next point of the grid.
    private mutating func retryDrain(_ place: Int) {
        let period = RunLimits.drainRetry
        let passed = (now - drains[place].triedAt).nanoseconds / period.nanoseconds
        scheduleDrain(place, at: drains[place].triedAt + period * (passed + 1))
    }

    private mutating func scheduleDrain(_ place: Int, at due: Instant) {
        guard due < drains[place].due else { return }
        drains[place].due = due
        enqueue(.drain, b: drains[place].number, at: due)
    }
}
