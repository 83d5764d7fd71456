import KubernetesAPI
import SchedulingFramework

/// The plans in use, and which pods they are for.
struct TopologyTable {
    /// What other pods mean for a pod.
    enum Route {
        /// Nothing.
        case none
        case plan(TopologyPlan)
        /// More than a plan has room for.
        case unsupported
    }

    /// Pods for which other pods mean the same.
    private struct Asker: Hashable {
        let shape: ObjectIdentifier
        let namespace: String
        let labels: StringMap
        /// What owns the pod, when that matters.
        let owner: [String]
    }

    fileprivate struct Entry {
        /// Held, so that its identity is not used again.
        let shape: PodShape
        let route: Route
        let selectorVersion: UInt64
        let indexVersion: UInt64
    }

    /// The answer about the last pod of a shape, which a memo keeps: mostly the next one is a sibling.
    struct Recent {
        fileprivate let namespace: String
        fileprivate let labels: StringMap
        fileprivate let owners: [OwnerReference]
        fileprivate let entry: Entry
        fileprivate let epoch: UInt64
        fileprivate let trims: UInt64

        fileprivate func isAbout(_ metadata: ObjectMeta) -> Bool {
            labels == metadata.labels && owners == metadata.ownerReferences && namespace == metadata.namespace
        }
    }

    private struct PlanKey: Hashable {
        let shape: ObjectIdentifier
        let rules: TopologyRules
    }

    private var keys = TopologyKeys()
    private var entries: [Asker: Entry] = [:]
    private var plans: [PlanKey: TopologyPlan] = [:]
    private var clock: UInt64 = 0
    private var epoch: UInt64 = 0
    /// How often plans were dropped.
    private var trims: UInt64 = 0
    private static let entriesMax = 1 << 14
    /// Bounds the memory of the plans to some 200 MB.
    private static let cellsMax = 4_000_000

    /// Returns what other pods mean for `pod`; `memo` is that of its shape, if there is one.
    mutating func route(
        of pod: PodInfo, _ profile: TopologyProfile, _ cache: NodeCache, memo: ShapeMemo?
    ) -> Route {
        clock += 1
        let metadata = pod.pod.metadata
        let hasDefaults = profile.spread != nil && !pod.shape.hasSpreadConstraints
        if !pod.shape.hasSpreadConstraints, !pod.shape.hasPodAffinity, cache.index.holders.isEmpty {
            guard hasDefaults else { return .none }
            if metadata.controllerUID == nil, cache.snapshot.services(in: metadata.namespace).isEmpty { return .none }
        }
        if cache.index.isOverfull { cache.restartIndex() }
        if epoch != cache.index.epoch {
            epoch = cache.index.epoch
            entries.removeAll(keepingCapacity: true)
            plans.removeAll()
        }
        if let recent = memo?.recentRoute, recent.epoch == epoch, recent.trims == trims,
            recent.entry.indexVersion == cache.index.version,
            !hasDefaults || recent.entry.selectorVersion == cache.snapshot.selectorVersion, recent.isAbout(metadata)
        {
            if case .plan(let plan) = recent.entry.route { plan.lastUsed = clock }
            return recent.entry.route
        }
        let entry = look(up: pod, profile, cache, hasDefaults: hasDefaults)
        memo?.recentRoute = Recent(
            namespace: metadata.namespace, labels: metadata.labels, owners: metadata.ownerReferences, entry: entry,
            epoch: epoch, trims: trims)
        return entry.route
    }

    private mutating func look(
        up pod: PodInfo, _ profile: TopologyProfile, _ cache: NodeCache, hasDefaults: Bool
    ) -> Entry {
        let metadata = pod.pod.metadata
        var owner: [String] = []
        if hasDefaults, let reference = metadata.controllerReference {
            owner = [reference.apiVersion, reference.kind, reference.name]
        }
        let asker = Asker(
            shape: ObjectIdentifier(pod.shape), namespace: metadata.namespace, labels: metadata.labels, owner: owner)
        if let entry = entries[asker], entry.indexVersion == cache.index.version,
            !hasDefaults || entry.selectorVersion == cache.snapshot.selectorVersion
        {
            if case .plan(let plan) = entry.route { plan.lastUsed = clock }
            return entry
        }
        let route = resolve(pod, profile, cache)
        if entries.count >= Self.entriesMax { entries.removeAll(keepingCapacity: true) }
        let entry = Entry(
            shape: pod.shape, route: route, selectorVersion: cache.snapshot.selectorVersion,
            indexVersion: cache.index.version)
        entries[asker] = entry
        return entry
    }

    private mutating func resolve(_ pod: PodInfo, _ profile: TopologyProfile, _ cache: NodeCache) -> Route {
        let resolver = TopologyResolver(profile: profile, cache: cache, keys: keys, now: clock)
        let rules = resolver.rules(for: pod)
        if rules.isEmpty { return .none }
        let key = PlanKey(shape: ObjectIdentifier(pod.shape), rules: rules)
        if let plan = plans[key] {
            plan.lastUsed = clock
            return .plan(plan)
        }
        let plan = TopologyPlan(
            rules, shape: pod.shape, hard: profile.spread?.hardConstraints(of: pod, in: cache.snapshot) ?? [],
            soft: profile.spread?.softConstraints(of: pod, in: cache.snapshot) ?? [], keys: keys)
        guard let plan else { return .unsupported }
        plan.lastUsed = clock
        trim(nodes: cache.slots.count)
        plans[key] = plan
        return .plan(plan)
    }

    /// Drops plans not used for long when there are too many.
    private mutating func trim(nodes: Int) {
        guard plans.count >= max(16, Self.cellsMax / max(1, nodes)) else { return }
        // Half of them at once, so that this is rare.
        let ages = plans.values.map(\.lastUsed).sorted()
        let limit = ages[ages.count / 2]
        plans = plans.filter { $0.value.lastUsed > limit }
        trims += 1
        entries.removeAll(keepingCapacity: true)
    }
}
