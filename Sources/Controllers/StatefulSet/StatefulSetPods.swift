package import KubernetesAPI

/// The place of a pod in its stateful set: who made it, and which one it is.
package struct StatefulPodName: Hashable, Sendable {
    /// The name of the set, without the ordinal.
    package let parent: Substring
    /// The number at the end of the name.
    package let ordinal: Int64

    /// Reads a pod's name, nil when it does not end with a dash and a number of 32 bits (`getParentNameAndOrdinal`).
    package init?(_ name: String) {
        guard let dash = name.lastIndex(of: "-") else { return nil }
        let digits = name[name.index(after: dash)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let ordinal = Int32(digits) else {
            return nil
        }
        parent = name[..<dash]
        self.ordinal = Int64(ordinal)
    }
}

// MARK: - Labels

extension StatefulSet {
    /// The label with a pod's own name.
    package static let podNameLabel = "statefulset.kubernetes.io/pod-name"
    /// The label with a pod's ordinal.
    package static let podIndexLabel = "apps.kubernetes.io/pod-index"
    /// The label with the name of the revision that a pod was made of.
    package static let revisionLabel = "controller-revision-hash"
}

extension Pod {
    /// The name of the revision that the pod was made of, empty when it has none.
    var revisionName: String { metadata.labels[StatefulSet.revisionLabel] ?? "" }

    /// The pod's number in its set, or nil.
    var ordinal: Int64? { StatefulPodName(metadata.name)?.ordinal }
}

// MARK: - Which pods

extension StatefulSet {
    /// The ordinals of the pods that the set wants.
    package var ordinals: Range<Int64> { spec.ordinalsStart..<spec.ordinalsStart + max(0, spec.replicas) }

    /// Whether the name of `pod` says that it belongs to this set.
    func isParent(of pod: Pod) -> Bool {
        StatefulPodName(pod.metadata.name).map { $0.parent == metadata.name } ?? false
    }

    /// Whether the set wants a pod with the number of `pod`.
    func wants(_ pod: Pod) -> Bool { pod.ordinal.map(ordinals.contains) ?? false }

    /// Whether `pod` carries its name in the label that services select by (`identityMatches`).
    func hasIdentity(_ pod: Pod) -> Bool {
        isParent(of: pod) && pod.metadata.labels[Self.podNameLabel] == pod.metadata.name
    }

    /// Whether `pod` mounts the set's claims (`storageMatches`).
    func hasStorage(_ pod: Pod) -> Bool {
        guard !spec.volumeClaimTemplates.isEmpty else { return true }
        guard let ordinal = pod.ordinal else { return false }
        return spec.volumeClaimTemplates.allSatisfy { template in
            let name = claimName(template, ordinal: ordinal)
            // Of volumes with equal names the last counts.
            return pod.spec.volumes.last { $0.name == template.metadata.name }?.source
                == .persistentVolumeClaim(name: name)
        }
    }

    /// Writes the pod's name and number into its labels (`updateIdentity`).
    static func identify(_ labels: inout StringMap, name: String, ordinal: Int64) {
        labels[podNameLabel] = name
        labels[podIndexLabel] = String(ordinal)
    }

    /// Returns a new pod with the number `ordinal`, made of `revision` (`newStatefulSetPod`).
    ///
    /// Host name and subdomain are not set as upstream does: nothing reads them, and they would unshare every pod's spec.
    package func pod(_ ordinal: Int64, of revision: ControllerRevision) -> Pod {
        let name = "\(metadata.name)-\(ordinal)"
        let template = revision.template
        var labels = template.labels
        Self.identify(&labels, name: name, ordinal: ordinal)
        labels[Self.revisionLabel] = revision.metadata.name
        var pod = Pod(
            from: template, ownedBy: metadata, kind: .statefulSet, generateName: metadata.name + "-", labels: labels)
        pod.metadata.name = name
        if !spec.volumeClaimTemplates.isEmpty {
            var volumes = spec.volumeClaimTemplates.map { template in
                Volume(
                    name: template.metadata.name,
                    source: .persistentVolumeClaim(name: claimName(template, ordinal: ordinal)))
            }
            volumes += template.spec.volumes.filter { volume in
                !spec.volumeClaimTemplates.contains { $0.metadata.name == volume.name }
            }
            pod.spec.volumes = volumes
        }
        return pod
    }
}
