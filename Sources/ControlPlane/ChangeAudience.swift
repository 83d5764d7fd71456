package import KubernetesAPI

/// Who wants to hear of a change: the interests of up to 32 controllers, asked all at once.
///
/// Bit n of an answer says what `ChangeInterest.includes` of interest n says; a test compares them.
package struct ChangeAudience: Sendable {
    private let byKind: [UInt32]
    // By the bit number of a pod's facet.
    private let byFacet: [UInt32]
    // Those who want the pods of every owner, and those who want the pods of one kind of owner only.
    private let ofAnyOwner: UInt32
    private let byOwner: [(owner: String, bits: UInt32)]
    // Those who care for pods only while there is an object of a kind.
    private let conditions: [(kind: ObjectKind, but: PodFacets, bits: UInt32)]

    /// Creates the audience of `interests`, bit n for the interest n.
    package init(_ interests: [ChangeInterest]) {
        precondition(interests.count <= 32, "more controllers than bits")
        byKind = ObjectKind.allCases.map { kind in
            Self.bits(interests) { $0.wants(kind) }
        }
        byFacet = (0..<16).map { facet in
            Self.bits(interests) { $0.facets.rawValue & 1 << UInt16(facet) != 0 }
        }
        ofAnyOwner = Self.bits(interests) { $0.owner == nil }
        var byOwner: [(owner: String, bits: UInt32)] = []
        for owner in interests.compactMap(\.owner) where !byOwner.contains(where: { $0.owner == owner }) {
            byOwner.append((owner, Self.bits(interests) { $0.owner == owner }))
        }
        self.byOwner = byOwner
        var conditions: [(kind: ObjectKind, but: PodFacets, bits: UInt32)] = []
        for interest in interests {
            guard let kind = interest.needs else { continue }
            let but = interest.alwaysWanted
            if conditions.contains(where: { $0.kind == kind && $0.but == but }) { continue }
            conditions.append((kind, but, Self.bits(interests) { $0.needs == kind && $0.alwaysWanted == but }))
        }
        self.conditions = conditions
    }

    private static func bits(_ interests: [ChangeInterest], _ isIn: (ChangeInterest) -> Bool) -> UInt32 {
        var bits: UInt32 = 0
        for (place, interest) in interests.enumerated() where isIn(interest) { bits |= 1 << UInt32(place) }
        return bits
    }

    /// Returns a bit for each controller that wants to hear of `change`; `present` has a bit for each kind, by raw value,
    /// of which there are objects.
    package func bits(for change: WatchEvent, present: UInt64 = .max) -> UInt32 {
        switch change {
        case .added(.pod(let pod)): bits(.added, of: pod, present: present)
        case .deleted(.pod(let pod)): bits(.deleted, of: pod, present: present)
        case .modified(.pod(let old), .pod(let new)): bits(PodFacets(from: old, to: new), of: new, present: present)
        case .added(let object), .deleted(let object), .modified(_, let object): byKind[Int(object.kind.rawValue)]
        }
    }

    private func bits(_ facets: PodFacets, of pod: Pod, present: UInt64) -> UInt32 {
        var bits = bits(facets, of: pod)
        for place in conditions.indices
        where present & 1 << UInt64(conditions[place].kind.rawValue) == 0
            && conditions[place].but.isDisjoint(with: facets)
        {
            bits &= ~conditions[place].bits
        }
        return bits
    }

    private func bits(_ facets: PodFacets, of pod: Pod) -> UInt32 {
        var bits: UInt32 = 0
        var left = facets.rawValue
        while left != 0 {
            bits |= byFacet[left.trailingZeroBitCount]
            left &= left &- 1
        }
        // A change of owners concerns the old one as well.
        if bits & ~ofAnyOwner == 0 || facets.contains(.owners) { return bits }
        guard let kind = pod.metadata.controllerKind else { return bits }
        for place in byOwner.indices where byOwner[place].owner == kind {
            return bits & (ofAnyOwner | byOwner[place].bits)
        }
        return bits & ofAnyOwner
    }
}
