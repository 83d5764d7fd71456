import KubernetesAPI

/// What admission made of a pod's spec.
struct AdmittedSpec: Sendable {
    var box: PodSpecBox
    var qosClass: PodStatus.QOSClass
}

/// Remembers what became of each spec, so that all replicas of one template share one admitted spec.
///
/// Bounded: two generations of entries, of which the older is dropped when the younger is full. What it forgets is only
/// made again, so that the results do not depend on it.
struct PodAdmission: Sendable {
    /// Entries of one generation.
    static let entriesMax = 1024

    private struct Key: Hashable, Sendable {
        var box: ObjectIdentifier
        /// The pod's labels where the spec refers to them, else empty.
        var labels: StringMap
    }

    private struct Entry: Sendable {
        // Held so that its address stays its own for as long as the entry is here.
        var source: PodSpecBox
        var admitted: AdmittedSpec
    }

    private var young: [Key: Entry] = [:]
    private var old: [Key: Entry] = [:]
    private var changed = ChangedSpecs()

    /// Returns what a webhook made of a spec, in one box for all pods of which it made the same.
    mutating func share(_ spec: PodSpec, changedFrom source: PodSpecBox) -> AdmittedSpec {
        changed.share(spec, changedFrom: source)
    }

    /// Forgets everything, because a rule changed.
    mutating func forget() {
        young = [:]
        old = [:]
    }

    mutating func find(_ pod: Pod) -> AdmittedSpec? {
        let key = Self.key(pod)
        if let entry = young[key] { return entry.admitted }
        guard let entry = old.removeValue(forKey: key) else { return nil }
        put(entry, key)
        return entry.admitted
    }

    mutating func keep(_ admitted: AdmittedSpec, for pod: Pod) {
        put(Entry(source: pod.specBox, admitted: admitted), Self.key(pod))
    }

    private mutating func put(_ entry: Entry, _ key: Key) {
        if young.count >= Self.entriesMax {
            old = young
            young = [:]
        }
        young[key] = entry
    }

    private static func key(_ pod: Pod) -> Key {
        Key(
            box: ObjectIdentifier(pod.specBox),
            labels: pod.spec.refersToLabels ? pod.metadata.labels : StringMap())
    }
}

extension PodSpec {
    /// Whether the pod's own labels shape its spec (`matchLabelKeys` and `mismatchLabelKeys`).
    var refersToLabels: Bool {
        if topologySpreadConstraints.contains(where: { !$0.matchLabelKeys.isEmpty }) { return true }
        guard let affinity else { return false }
        return affinity.podAffinity?.refersToLabels == true || affinity.podAntiAffinity?.refersToLabels == true
    }
}

extension PodAffinityRules {
    fileprivate var refersToLabels: Bool {
        required.contains { !$0.matchLabelKeys.isEmpty || !$0.mismatchLabelKeys.isEmpty }
            || preferred.contains { !$0.term.matchLabelKeys.isEmpty || !$0.term.mismatchLabelKeys.isEmpty }
    }
}
