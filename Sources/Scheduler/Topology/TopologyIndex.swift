import KubernetesAPI
import SchedulingFramework

/// Counts pods by node for the rules about other pods. It sleeps until the first such rule is met.
///
/// A value: the copy of a cache has its own.
struct TopologyIndex {
    private(set) var isActive = false
    private(set) var counters: [SlotCounter] = []
    /// Changes when a counter of holders comes.
    private(set) var version: UInt64 = 1
    /// Whether a rule chooses namespaces by their labels.
    private(set) var asksForNamespaces = false
    /// Changes when the counters begin anew.
    private(set) var epoch: UInt64 = 1
    /// The counters of pods that carry a term.
    private(set) var holders: [Int32] = []
    private var classes: [PodClass] = []
    private var classIDs: [PodClass.Key: Int32] = [:]
    private var freeClasses: [Int32] = []
    /// The class that a pod of a shape was of last: mostly the next one is of the same. Whoever looks here makes sure.
    private var recents: [Recent: Int32] = [:]
    private var counterIDs: [SlotCounter.Rule: Int32] = [:]
    /// By slot, the classes of the pods there.
    private var pods: [[Int32]] = []
    private static let cellsMax = 32_000_000
    private static let recentsMax = 1 << 14

    private struct Recent: Hashable {
        let shape: IdentityKey
        let isTerminating: Bool

        func hash(into hasher: inout Hasher) { hasher.combine(shape) }

        func _rawHashValue(seed: Int) -> Int { shape._rawHashValue(seed: isTerminating ? ~seed : seed) }
    }

    // MARK: - Pods

    /// Returns the class of `pod`, which counts one pod more.
    mutating func enter(_ pod: PodInfo, in snapshot: Snapshot) -> Int32 {
        let recent = Recent(shape: IdentityKey(pod.shape), isTerminating: pod.pod.isTerminating)
        if let id = recents[recent], classes[Int(id)].pods > 0, isOfClass(id, pod) {
            classes[Int(id)].pods += 1
            return id
        }
        let id = find(pod, in: snapshot)
        if recents.count >= Self.recentsMax { recents.removeAll(keepingCapacity: true) }
        recents[recent] = id
        return id
    }

    private mutating func find(_ pod: PodInfo, in snapshot: Snapshot) -> Int32 {
        let key = PodClass.Key(pod)
        if let id = classIDs[key] {
            classes[Int(id)].pods += 1
            return id
        }
        var made = PodClass(
            key: key, shape: pod.shape.hasPodAffinity ? pod.shape : nil, marks: LabelMarks(of: pod.pod.metadata))
        made.pods = 1
        for index in counters.indices where SlotCounter.counts(counters[index].rule, key, in: snapshot) {
            made.counters.append(Int32(index))
        }
        if let shape = made.shape { hold(shape.podAffinity, carrier: key.namespace, &made) }
        let id = freeClasses.popLast() ?? Int32(classes.count)
        if Int(id) == classes.count { classes.append(made) } else { classes[Int(id)] = made }
        classIDs[key] = id
        return id
    }

    /// The marks of the labels of a class.
    @inline(__always) func marks(of id: Int32) -> LabelMarks { classes[Int(id)].marks }

    /// A pod of the class is no more.
    mutating func exit(_ id: Int32) {
        classes[Int(id)].pods -= 1
        guard classes[Int(id)].pods == 0 else { return }
        classIDs[classes[Int(id)].key] = nil
        classes[Int(id)].counters = []
        freeClasses.append(id)
    }

    /// Whether `pod` is of the class.
    func isOfClass(_ id: Int32, _ pod: PodInfo) -> Bool {
        let key = classes[Int(id)].key
        return key.isTerminating == pod.pod.isTerminating && key.labels == pod.pod.metadata.labels
            && key.namespace == pod.pod.metadata.namespace
            && key.shape == (pod.shape.hasPodAffinity ? ObjectIdentifier(pod.shape) : nil)
    }

    /// A pod of the class is on the node.
    mutating func join(_ id: Int32, slot: Int32) {
        grow(to: Int(slot) + 1)
        pods[Int(slot)].append(id)
        for counter in classes[Int(id)].counters { counters[Int(counter)].add(1, at: slot) }
    }

    /// A pod of the class is on the node no longer.
    mutating func leave(_ id: Int32, slot: Int32) {
        guard let place = pods[Int(slot)].firstIndex(of: id) else { return }
        pods[Int(slot)].swapAt(place, pods[Int(slot)].count - 1)
        pods[Int(slot)].removeLast()
        for counter in classes[Int(id)].counters { counters[Int(counter)].add(-1, at: slot) }
    }

    /// Takes all pods off a node.
    mutating func empty(slot: Int32) {
        guard Int(slot) < pods.count else { return }
        for id in pods[Int(slot)] {
            for counter in classes[Int(id)].counters { counters[Int(counter)].add(-1, at: slot) }
        }
        pods[Int(slot)] = []
    }

    private mutating func grow(to count: Int) {
        guard count > pods.count else { return }
        let wanted = max(count, pods.count + pods.count / 2)
        pods.append(contentsOf: repeatElement([], count: wanted - pods.count))
        for index in counters.indices {
            counters[index].counts.append(contentsOf: repeatElement(0, count: wanted - counters[index].counts.count))
        }
    }

    // MARK: - Counters

    /// Wakes up, for `slots` nodes without pods so far.
    mutating func activate(slots: Int) {
        isActive = true
        grow(to: slots)
    }

    /// Falls asleep and forgets everything.
    mutating func reset() {
        let next = epoch + 1
        self = TopologyIndex()
        epoch = next
    }

    /// Returns the number of the counter for `rule`; a new one is filled by a look at every pod.
    mutating func counter(_ rule: SlotCounter.Rule, now: UInt64, in snapshot: Snapshot) -> Int32 {
        if let id = counterIDs[rule] {
            counters[Int(id)].lastUsed = now
            return id
        }
        let id = add(rule)
        counters[Int(id)].lastUsed = now
        var isCounted = [Bool](repeating: false, count: classes.count)
        for index in classes.indices
        where classes[index].pods > 0 && SlotCounter.counts(rule, classes[index].key, in: snapshot) {
            isCounted[index] = true
            classes[index].counters.append(id)
        }
        for slot in pods.indices {
            var count: Int32 = 0
            for pod in pods[slot] where isCounted[Int(pod)] { count += 1 }
            counters[Int(id)].counts[slot] = count
        }
        return id
    }

    private mutating func add(_ rule: SlotCounter.Rule) -> Int32 {
        if rule.asksForNamespaces { asksForNamespaces = true }
        let id = Int32(counters.count)
        counters.append(SlotCounter(rule: rule, slots: pods.count))
        counterIDs[rule] = id
        return id
    }

    /// Whether the counters take up so much that it is time to begin anew.
    var isOverfull: Bool { counters.count > 256 && counters.count * pods.count > Self.cellsMax }

    private mutating func hold(_ terms: PodAffinityTerms, carrier: String, _ made: inout PodClass) {
        hold(terms.requiredAffinity, .requiredAffinity, carrier, &made)
        hold(terms.requiredAntiAffinity, .requiredAntiAffinity, carrier, &made)
        hold(terms.preferredAffinity, .preferredAffinity, carrier, &made)
        hold(terms.preferredAntiAffinity, .preferredAntiAffinity, carrier, &made)
    }

    private mutating func hold(
        _ terms: [AffinityTerm], _ role: SlotCounter.Role, _ carrier: String, _ made: inout PodClass
    ) {
        for term in terms {
            let rule = SlotCounter.Rule.holding(term, role: role, carrier: term.isAboutOwnNamespace ? carrier : "")
            if let id = counterIDs[rule] {
                made.counters.append(id)
                continue
            }
            let id = add(rule)
            holders.append(id)
            version += 1
            made.counters.append(id)
        }
    }
}
