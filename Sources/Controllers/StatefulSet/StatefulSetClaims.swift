package import KubernetesAPI

// Kubernetes counterpart: the claims of pkg/controller/statefulset/stateful_set_utils.go (v1.36).
// Deliberate differences: claims are made in the order of their templates; upstream's order is random.

extension StatefulSet {
    /// Returns the name of the claim of a pod.
    package func claimName(_ template: PersistentVolumeClaim, ordinal: Int64) -> String {
        "\(template.metadata.name)-\(metadata.name)-\(ordinal)"
    }

    /// Returns the claim that a pod needs (`getPersistentVolumeClaims`).
    package func claim(_ template: PersistentVolumeClaim, ordinal: Int64) -> PersistentVolumeClaim {
        var claim = PersistentVolumeClaim(
            metadata: ObjectMeta(name: claimName(template, ordinal: ordinal), namespace: metadata.namespace),
            spec: template.spec)
        claim.metadata.labels = template.metadata.labels.merging(spec.selector?.matchLabels ?? StringMap())
        claim.metadata.annotations = template.metadata.annotations
        claim.metadata.finalizers = template.metadata.finalizers
        return claim
    }
}

/// Who should own a claim, so that it goes with its set, with its pod, or stays (`persistentVolumeClaimRetentionPolicy`).
package struct StatefulClaimOwners: Sendable {
    private let set: ObjectMeta
    private let pod: ObjectMeta
    private let setOwns: Bool
    private let podOwns: Bool
    private let retainsAll: Bool

    /// Works out the owners of the claims of `pod`; a pod that was never stored has no uid and owns nothing.
    package init(_ set: StatefulSet, _ pod: Pod) {
        self.set = set.metadata
        self.pod = pod.metadata
        let isScaledDown = !set.wants(pod)
        podOwns = set.spec.whenScaled == .delete && isScaledDown
        setOwns = set.spec.whenDeleted == .delete && !podOwns
        retainsAll = set.spec.whenScaled == .retain && set.spec.whenDeleted == .retain
    }

    private func isToSet(_ owner: OwnerReference) -> Bool {
        owner.apiVersion == "apps/v1" && owner.kind == "StatefulSet" && owner.name == set.name
    }

    private func isToPod(_ owner: OwnerReference) -> Bool {
        owner.apiVersion == "v1" && owner.kind == "Pod" && owner.name == pod.name
    }

    private func owns(_ owner: ObjectMeta, _ claim: PersistentVolumeClaim) -> Bool {
        owner.uid != .none && claim.metadata.ownerReferences.contains { $0.uid == owner.uid }
    }

    /// Whether the claim waits to go with an earlier pod of the same name (`hasStaleOwnerRef`).
    package func isOfEarlierPod(_ claim: PersistentVolumeClaim) -> Bool {
        claim.metadata.ownerReferences.first(where: isToPod).map { $0.uid != pod.uid } ?? false
    }

    private func isOfEarlierSet(_ claim: PersistentVolumeClaim) -> Bool {
        claim.metadata.ownerReferences.first(where: isToSet).map { $0.uid != set.uid } ?? false
    }

    /// Whether somebody else manages the claim, so that the policy cannot hold (`hasUnexpectedController`).
    package func hasStranger(_ claim: PersistentVolumeClaim) -> Bool {
        guard !retainsAll else { return false }
        return claim.metadata.ownerReferences.contains { owner in
            if isToSet(owner) { return owner.uid != set.uid }
            if isToPod(owner) { return owner.uid != pod.uid }
            return owner.controller
        }
    }

    /// Whether the claim has the owners that it should have, or must not be touched (`isClaimOwnerUpToDate`).
    package func areRight(_ claim: PersistentVolumeClaim) -> Bool {
        if isOfEarlierSet(claim) || isOfEarlierPod(claim) { return true }
        let isOurs = owns(set, claim) || owns(pod, claim)
        if hasStranger(claim) { return !isOurs }
        let isWeak = claim.metadata.ownerReferences.contains { owner in
            (owner.uid == set.uid || owner.uid == pod.uid) && !owner.controller
        }
        return !isWeak && owns(set, claim) == setOwns && owns(pod, claim) == podOwns
    }

    /// Returns the claim with the right owners (`updateClaimOwnerRefForSetAndPod`).
    package func corrected(_ claim: PersistentVolumeClaim) -> PersistentVolumeClaim {
        var corrected = claim
        corrected.metadata.ownerReferences.removeAll { isToSet($0) || isToPod($0) }
        guard !hasStranger(claim) else { return corrected }
        func add(_ owner: ObjectMeta, _ kind: ObjectKind) {
            guard !corrected.metadata.ownerReferences.contains(where: { $0.uid == owner.uid }) else { return }
            corrected.metadata.ownerReferences.append(OwnerReference(controller: owner, kind: kind))
        }
        if podOwns { add(pod, .pod) }
        if setOwns { add(set, .statefulSet) }
        return corrected
    }
}
