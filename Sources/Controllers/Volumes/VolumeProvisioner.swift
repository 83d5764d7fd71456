// Kubernetes counterpart: sigs.k8s.io/sig-storage-lib-external-provisioner and kubernetes-csi/external-provisioner, which
// run beside a driver (v5).
// Deliberate differences: zones go by the label topology.kubernetes.io/zone, whatever label the driver has for them.

package import KubernetesAPI

/// What an external provisioner decides; how long it takes is for whoever runs it.
package enum VolumeProvisioner {
    /// The label that tells zones apart.
    package static let zoneLabel = "topology.kubernetes.io/zone"
    private static let hostLabel = "kubernetes.io/hostname"

    /// Whether it is the provisioner's turn: the controller left the claim to it, and its place is known if it must be.
    package static func wants(_ claim: PersistentVolumeClaim, _ storageClass: StorageClass?) -> Bool {
        guard claim.metadata.annotations[VolumeAnnotation.provisioner] != nil, claim.spec.volumeName.isEmpty,
            claim.metadata.deletionTimestamp == nil, let storageClass
        else { return false }
        return !storageClass.waitForFirstConsumer || claim.selectedNode != nil
    }

    /// Whether `volume` is to be taken away.
    package static func discards(_ volume: PersistentVolume) -> Bool {
        volume.phase == "Released" && volume.spec.reclaimPolicy == .delete && volume.metadata.deletionTimestamp == nil
            && volume.metadata.annotations[VolumeAnnotation.provisionedBy] != nil
    }

    /// Returns the volume made for `claim`: near `node` if one was selected, else in one of `zones`, where there are nodes.
    package static func volume(
        for claim: PersistentVolumeClaim, _ storageClass: StorageClass, node: Node?, zones: [String]
    ) -> PersistentVolume {
        let driver = claim.metadata.annotations[VolumeAnnotation.provisioner] ?? storageClass.provisioner
        let name = "pvc-\(claim.metadata.uid)"
        var metadata = ObjectMeta(name: name)
        metadata.annotations[VolumeAnnotation.provisionedBy] = driver
        var spec = PersistentVolume.Spec()
        spec.capacity = claim.spec.request
        spec.accessModes = claim.spec.accessModes
        spec.volumeMode = claim.spec.volumeMode
        spec.storageClassName = storageClass.metadata.name
        spec.attributesClassName = claim.spec.attributesClassName
        spec.reclaimPolicy = storageClass.reclaimPolicy
        spec.claimNamespace = claim.metadata.namespace
        spec.claimName = claim.metadata.name
        spec.claimUID = claim.metadata.uid
        spec.source = .csi(driver: driver, handle: name)
        spec.nodeAffinity = place(of: claim, storageClass, driver, node, zones)
        return PersistentVolume(metadata: metadata, spec: spec)
    }

    private static func place(
        of claim: PersistentVolumeClaim, _ storageClass: StorageClass, _ driver: String, _ node: Node?,
        _ zones: [String]
    ) -> NodeSelector? {
        switch VolumeDriver.reach(of: driver) {
        case .cluster: return nil
        case .node: return node.flatMap { $0.metadata.labels[hostLabel] }.map { only(hostLabel, $0) }
        case .zone:
            if let node { return node.metadata.labels[zoneLabel].map { only(zoneLabel, $0) } }
            let choice = allowed(zones, by: storageClass)
            if choice.isEmpty { return nil }
            return only(zoneLabel, choice[turn(of: claim.metadata.name, among: choice.count)])
        }
    }

    private static func only(_ label: String, _ value: String) -> NodeSelector {
        NodeSelector(terms: [
            NodeSelectorTerm(matchExpressions: [NodeSelectorRequirement(key: label, operator: .in, values: [value])])
        ])
    }

    private static func allowed(_ zones: [String], by storageClass: StorageClass) -> [String] {
        let terms = storageClass.allowedTopologies
        if terms.isEmpty { return zones.sorted() }
        let named = terms.flatMap { $0.matchExpressions.filter { $0.key == zoneLabel }.flatMap(\.values) }
        return Set(named).sorted()
    }

    /// Spreads claims over zones by their names, and those of one stateful set by their ordinals (`getPVCNameHashAndIndexOffset`).
    static func turn(of name: String, among count: Int) -> Int {
        var stem = Substring(name)
        var offset: UInt32 = 0
        if let dash = name.lastIndex(of: "-"), let ordinal = UInt32(name[name.index(after: dash)...]) {
            stem = name[..<dash]
            offset = ordinal
        }
        // FNV-1a.
        var hash: UInt32 = 2_166_136_261
        for byte in stem.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int((hash &+ offset) % UInt32(count))
    }
}
