package import Chronology
package import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: the PodGroupManager (v1.36); lastDeniedPG of coscheduling in scheduler-plugins.

/// A gang as invariants look at it.
package struct GangReport: Hashable, Sendable {
    package let namespace: String
    package let name: String
    package let minCount: Int64
    /// Whether so many of its pods had a place at some time that it could run.
    package let wasComplete: Bool
    /// Its pods that are on nodes, by uid.
    package let bound: [UID]

    package init(namespace: String, name: String, minCount: Int64, wasComplete: Bool, bound: [UID]) {
        self.namespace = namespace
        self.name = name
        self.minCount = minCount
        self.wasComplete = wasComplete
        self.bound = bound
    }
}

/// The gangs that the scheduler knows of: who belongs to them, and how far each has come.
struct GangBook {
    struct Key: Hashable {
        let namespace: String
        let name: String
    }

    private struct Gang {
        var policy: PodGroupPolicy?
        /// In the order in which they appeared.
        var members: [UID] = []
        /// Bound, or with all permissions.
        var placed: Set<UID> = []
        var bound: Set<UID> = []
        /// When those that wait give up; nil while nobody waits.
        var deadline: Instant?
        /// When it may try again after it gave up.
        var deniedUntil: Instant?
        var denials: Int64 = 0
        var wasComplete = false
    }

    /// Upstream's time for which the first member waits.
    private static let patience = Duration.minutes(5)

    /// Whether a profile enables the plugin: otherwise nothing is followed.
    let isOn: Bool
    private let backoff: (initial: Duration, max: Duration)
    private var gangs: [Key: Gang] = [:]
    // In the order of appearance, for what goes over all of them.
    private var order: [Key] = []
    private var keys: [UID: Key] = [:]
    /// The earliest end of a back-off.
    private(set) var nextRelease: Instant?

    init(isOn: Bool, initial: Duration, max: Duration) {
        self.isOn = isOn
        backoff = (initial, max)
    }

    // MARK: - Following

    /// Takes in a PodGroup, or its end; returns the pods that may be tried now.
    mutating func set(_ policy: PodGroupPolicy?, namespace: String, name: String) -> [UID] {
        let key = Key(namespace: namespace, name: name)
        open(key)
        gangs[key]?.policy = policy
        return policy == nil ? [] : gangs[key]?.members ?? []
    }

    /// Takes in a pod that has not ended; returns the pods that may be tried now that it is there.
    mutating func follow(_ pod: Pod) -> [UID] {
        guard isOn, let name = pod.podGroupName else { return [] }
        let uid = pod.metadata.uid
        let key = Key(namespace: pod.metadata.namespace, name: name)
        open(key)
        if keys[uid] != nil, pod.nodeName == nil || gangs[key]?.bound.contains(uid) == true { return [] }
        guard var gang = gangs[key] else { return [] }
        defer { gangs[key] = gang }
        if pod.nodeName != nil {
            gang.bound.insert(uid)
            gang.placed.insert(uid)
            noteCompletion(&gang)
        }
        guard keys[uid] == nil else { return [] }
        keys[uid] = key
        gang.members.append(uid)
        // The last one that was missing lets the others in.
        return gang.policy.map { $0.minCount == Int64(gang.members.count) } == true ? gang.members : []
    }

    /// Forgets a pod that ended or is gone.
    mutating func forget(_ uid: UID) {
        guard isOn, let key = keys.removeValue(forKey: uid), var gang = gangs[key] else { return }
        gang.members.removeAll { $0 == uid }
        gang.placed.remove(uid)
        gang.bound.remove(uid)
        gangs[key] = gang
        if gang.members.isEmpty, gang.policy == nil {
            gangs[key] = nil
            order.removeAll { $0 == key }
        }
    }

    private mutating func open(_ key: Key) {
        guard gangs[key] == nil else { return }
        gangs[key] = Gang()
        order.append(key)
    }

    private func noteCompletion(_ gang: inout Gang) {
        guard let policy = gang.policy, Int64(gang.placed.count) >= policy.minCount else { return }
        gang.wasComplete = true
        gang.denials = 0
        gang.deadline = nil
    }

    // MARK: - Asking

    /// What is known of the gang of a pod, or nil when it has none.
    func facts(of uid: UID, now: Instant? = nil) -> GangFacts? {
        guard isOn, let key = keys[uid], let gang = gangs[key] else { return nil }
        let whole = gang.policy?.timeout ?? Self.patience
        let patience = now.flatMap { now in gang.deadline.map { max(.zero, $0 - now) } } ?? whole
        return GangFacts(
            name: key.name, minCount: gang.policy?.minCount, members: Int64(gang.members.count),
            placed: Int64(gang.placed.count), patience: patience, isBackingOff: gang.deniedUntil != nil)
    }

    /// Every gang with a policy.
    var reports: [GangReport] {
        order.compactMap { key in
            guard let gang = gangs[key], let policy = gang.policy else { return nil }
            return GangReport(
                namespace: key.namespace, name: key.name, minCount: policy.minCount, wasComplete: gang.wasComplete,
                bound: gang.members.filter(gang.bound.contains))
        }
    }

    // MARK: - Permission

    /// A member has a node and waits; returns the others, which should hurry.
    mutating func beginsToWait(_ uid: UID, now: Instant) -> [UID] {
        guard isOn, let key = keys[uid], var gang = gangs[key] else { return [] }
        if gang.deadline == nil { gang.deadline = now + (gang.policy?.timeout ?? Self.patience) }
        gangs[key] = gang
        return gang.members.filter { $0 != uid }
    }

    /// A member has all permissions.
    mutating func isPlaced(_ uid: UID) {
        guard isOn, let key = keys[uid], var gang = gangs[key] else { return }
        gang.placed.insert(uid)
        noteCompletion(&gang)
        gangs[key] = gang
    }

    /// The binding of a member came to nothing: it has no place any more.
    mutating func losesPlace(_ uid: UID) {
        guard isOn, let key = keys[uid] else { return }
        gangs[key]?.placed.remove(uid)
    }

    /// A waiting member gave up: the gang backs off. Returns the others, or nothing when it does so already.
    mutating func deny(_ uid: UID, now: Instant) -> [UID] {
        guard isOn, let key = keys[uid], var gang = gangs[key], gang.deniedUntil == nil else { return [] }
        var wait = backoff.initial
        for _ in 0..<min(gang.denials, 32) where wait < backoff.max { wait = min(wait * 2, backoff.max) }
        gang.denials += 1
        gang.deadline = nil
        gang.deniedUntil = now + wait
        gangs[key] = gang
        nextRelease = min(nextRelease ?? .never, now + wait)
        return gang.members.filter { $0 != uid }
    }

    /// Ends the back-offs that are over; returns whom to try again.
    mutating func release(now: Instant) -> [UID] {
        guard let next = nextRelease, next <= now else { return [] }
        var freed: [UID] = []
        nextRelease = nil
        for key in order {
            guard let until = gangs[key]?.deniedUntil else { continue }
            if until <= now {
                gangs[key]?.deniedUntil = nil
                freed += gangs[key]?.members ?? []
            } else {
                nextRelease = min(nextRelease ?? .never, until)
            }
        }
        return freed
    }
}
