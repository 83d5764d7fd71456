package import KubernetesAPI

/// What a change of a pod touched.
package struct PodFacets: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let added = PodFacets(rawValue: 1 << 0)
    package static let deleted = PodFacets(rawValue: 1 << 1)
    /// The node it is bound to.
    package static let node = PodFacets(rawValue: 1 << 2)
    package static let spec = PodFacets(rawValue: 1 << 3)
    package static let phase = PodFacets(rawValue: 1 << 4)
    package static let readiness = PodFacets(rawValue: 1 << 5)
    /// The time of its deletion.
    package static let termination = PodFacets(rawValue: 1 << 6)
    /// Labels and annotations.
    package static let labels = PodFacets(rawValue: 1 << 7)
    /// Owners and finalizers.
    package static let owners = PodFacets(rawValue: 1 << 8)
    /// The condition DisruptionTarget.
    package static let disruption = PodFacets(rawValue: 1 << 9)
    /// Anything else; set for every update.
    package static let other = PodFacets(rawValue: 1 << 10)

    package static let all = PodFacets(rawValue: (1 << 11) - 1)

    /// What differs between two versions of a pod.
    package init(from old: Pod, to new: Pod) {
        var facets: PodFacets = .other
        if old.specBox !== new.specBox { facets.insert(.spec) }
        if old.nodeName != new.nodeName { facets.insert(.node) }
        if !old.status.isIdentical(to: new.status) {
            if old.status.phase != new.status.phase { facets.insert(.phase) }
            let (before, after) = (Self.flags(of: old.status.conditions), Self.flags(of: new.status.conditions))
            if before.isReady != after.isReady { facets.insert(.readiness) }
            if before.isDisrupted != after.isDisrupted { facets.insert(.disruption) }
        }
        if old.metadata.deletionTimestamp != new.metadata.deletionTimestamp { facets.insert(.termination) }
        if !old.metadata.sharesParts(with: new.metadata) {
            if old.metadata.labels != new.metadata.labels || old.metadata.annotations != new.metadata.annotations {
                facets.insert(.labels)
            }
            if old.metadata.ownerReferences != new.metadata.ownerReferences
                || old.metadata.finalizers != new.metadata.finalizers
            {
                facets.insert(.owners)
            }
        }
        self = facets
    }
}

extension PodFacets {
    /// Whether some conditions say ready, and whether some disruption is under way; in one pass, in place.
    private static func flags(of conditions: [Condition]) -> (isReady: Bool, isDisrupted: Bool) {
        var flags = (isReady: false, isDisrupted: false)
        for place in conditions.indices where conditions[place].status == .true {
            if conditions[place].isOf(Condition.ready) {
                flags.isReady = true
            } else if conditions[place].isOf(Condition.disruptionTarget) {
                flags.isDisrupted = true
            }
        }
        return flags
    }
}

/// The changes that a reconciler may find keys in: the host does not ask it about others.
///
/// It may be too wide, never too narrow: `Reconciler.keys` of a change outside of it must be empty, which a test checks.
package struct ChangeInterest: Sendable {
    private var kinds: UInt64
    private var pods: PodFacets
    // With an owner: pods that such an owner, or none, controls.
    private var podOwner: String?

    // With a kind: pods are of no concern while there is no object of it, but for changes of some facets.
    private var condition: ObjectKind?
    private var unconditional: PodFacets

    /// Wants changes of objects of `kinds`; and those changes of pods that touch one of `pods`, if `podOwner` is given
    /// only for pods that an object of that kind, or nothing, controls.
    ///
    /// With `condition`, changes of pods need not be told while no object of that kind exists, unless they touch one of
    /// `always`: the controller will look at all pods when it hears of the first.
    package init(
        _ kinds: [ObjectKind], pods: PodFacets = [], ofOwner podOwner: ObjectKind? = nil,
        while condition: ObjectKind? = nil, always: PodFacets = []
    ) {
        self.kinds = kinds.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
        self.pods = pods.union(always)
        self.podOwner = podOwner?.name
        self.condition = condition
        unconditional = always
    }

    /// Wants every change.
    package static let everything = ChangeInterest(ObjectKind.allCases, pods: .all)

    /// Whether changes of objects of a kind other than pods are wanted.
    func wants(_ kind: ObjectKind) -> Bool { kinds & 1 << UInt64(kind.rawValue) != 0 }

    /// The changes of pods that are wanted.
    var facets: PodFacets { pods }

    /// The kind of owner whose pods alone are wanted.
    var owner: String? { podOwner }

    /// The kind without which pods are of no concern.
    var needs: ObjectKind? { condition }

    /// The changes of pods that are wanted without it as well.
    var alwaysWanted: PodFacets { unconditional }

    /// Returns whether `change` is wanted.
    package func includes(_ change: ChangeFacets) -> Bool {
        guard change.kind == .pod else { return wants(change.kind) }
        guard !pods.isDisjoint(with: change.pod) else { return false }
        guard let podOwner, let owner = change.podOwner else { return true }
        return podOwner == owner || change.pod.contains(.owners)
    }
}

/// A change, seen from afar: worked out once for all who may want it.
package struct ChangeFacets: Sendable {
    let kind: ObjectKind
    let pod: PodFacets
    let podOwner: String?

    package init(_ change: WatchEvent) {
        let object: KubernetesObject
        switch change {
        case .added(let added):
            object = added
            pod = .added
        case .deleted(let gone):
            object = gone
            pod = .deleted
        case .modified(let old, let new):
            object = new
            if case .pod(let old) = old, case .pod(let new) = new {
                pod = PodFacets(from: old, to: new)
            } else {
                pod = .other
            }
        }
        kind = object.kind
        if case .pod(let found) = object { podOwner = found.metadata.controllerKind } else { podOwner = nil }
    }
}
