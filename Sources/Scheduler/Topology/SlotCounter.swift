import KubernetesAPI
import SchedulingFramework

/// How many pods of some kind are on each node, kept up to date as pods come and go.
struct SlotCounter {
    /// Which pods are counted.
    enum Rule: Hashable {
        /// Those that a spread constraint selects.
        case spread(namespace: String, selector: LabelSelector)
        /// Those that all terms of a pod mean, which is in this namespace.
        case meant(by: [AffinityTerm], carrier: String)
        /// Those that carry a term; the namespace is empty when the term does not depend on it.
        case holding(AffinityTerm, role: Role, carrier: String)

        /// Whether namespaces are chosen by their labels.
        var asksForNamespaces: Bool {
            switch self {
            case .spread: false
            case .meant(let terms, _): terms.contains { $0.namespaceSelector != nil }
            case .holding(let term, _, _): term.namespaceSelector != nil
            }
        }
    }

    enum Role: UInt8, Hashable {
        case requiredAffinity, requiredAntiAffinity, preferredAffinity, preferredAntiAffinity
    }

    let rule: Rule
    /// By slot.
    var counts: [Int32]
    /// The slots whose counts changed.
    private(set) var changes = ChangeLog(lengthMax: 1 << 12)
    /// When it was last asked for, counted in attempts.
    var lastUsed: UInt64 = 0

    init(rule: Rule, slots: Int) {
        self.rule = rule
        counts = [Int32](repeating: 0, count: slots)
    }

    /// There are so many pods more at `slot`.
    mutating func add(_ change: Int32, at slot: Int32) {
        counts[Int(slot)] += change
        changes.append(slot)
    }

    /// Returns whether pods of the class `key` are counted; for the first two kinds of rule.
    static func counts(_ rule: Rule, _ key: PodClass.Key, in snapshot: Snapshot) -> Bool {
        switch rule {
        case .spread(let namespace, let selector):
            return !key.isTerminating && key.namespace == namespace && selector.matches(key.labels)
        case .meant(let terms, let carrier):
            for term in terms where !isMeant(key.namespace, key.labels, by: term, carrier: carrier, in: snapshot) {
                return false
            }
            return true
        case .holding: return false
        }
    }

    /// Returns whether a pod with these labels is meant by a term of the pod that is being scheduled.
    static func isMeant(
        _ namespace: String, _ labels: StringMap, by term: AffinityTerm, carrier: String, in snapshot: Snapshot
    ) -> Bool {
        guard term.selects(labels) else { return false }
        if term.names(namespace, carrier: carrier) { return true }
        if term.namespaceSelector == nil { return false }
        return term.coversIncoming(namespace, labels: snapshot.namespaceLabels(namespace), carrier: carrier)
    }
}
