import KubernetesAPI

// Kubernetes counterpart: csi-translation-lib (v1.36).
// Deliberate differences: Azure Files, vSphere and Portworx volumes are not kept apart from volumes without a place; an
// Azure disk is known by its name instead of its URI.

/// The CSI driver that has taken over a kind of disk that Kubernetes once attached itself.
struct DiskMigration {
    /// The name of the plugin within Kubernetes, as annotations and storage classes have it.
    let plugin: String
    let driver: String
    /// The label of nodes that says in which zone the driver sees them; nil when zones keep their own label.
    let topologyKey: String?

    static let aws = DiskMigration(
        plugin: "kubernetes.io/aws-ebs", driver: "ebs.csi.aws.com", topologyKey: "topology.ebs.csi.aws.com/zone")
    static let gce = DiskMigration(
        plugin: "kubernetes.io/gce-pd", driver: "pd.csi.storage.gke.io", topologyKey: "topology.gke.io/zone")
    static let azure = DiskMigration(
        plugin: "kubernetes.io/azure-disk", driver: "disk.csi.azure.com", topologyKey: nil)
    static let cinder = DiskMigration(
        plugin: "kubernetes.io/cinder", driver: "cinder.csi.openstack.org",
        topologyKey: "topology.cinder.csi.openstack.org/zone")
    private static let portworx = DiskMigration(
        plugin: "kubernetes.io/portworx-volume", driver: "pxd.portworx.com", topologyKey: nil)
    /// Known by name alone, and not switched on for nodes by the scheduler.
    private static let unswitched = ["kubernetes.io/azure-file", "kubernetes.io/vsphere-volume"]

    /// Returns who attaches disks of this kind today, or nil when that has not changed.
    static func of(_ source: Volume.Source) -> DiskMigration? {
        switch source {
        case .awsElasticBlockStore: aws
        case .gcePersistentDisk: gce
        case .azureDisk: azure
        case .cinder: cinder
        case .persistentVolumeClaim, .ephemeral, .hostPath, .emptyDir, .rbd, .iscsi, .csi, .other: nil
        }
    }

    /// Returns the driver of a storage class's provisioner; nil when nobody on a node answers to that name.
    static func driver(ofProvisioner name: String, hasCSINode: Bool) -> String? {
        if unswitched.contains(name) { return nil }
        for migration in [aws, gce, azure, cinder, portworx] where migration.plugin == name {
            return hasCSINode ? migration.driver : nil
        }
        return name
    }
}

// MARK: - Handles

extension DiskMigration {
    /// Returns the handle by which the driver knows a disk that a pod names, or a volume with these labels stands for.
    static func handle(of source: Volume.Source, volumeLabels labels: StringMap?) -> String? {
        switch source {
        case .awsElasticBlockStore(let id, _):
            let text = id.hasPrefix("aws://") ? String(id.dropFirst(6).drop { $0 != "/" }) : id
            return String(text.split(separator: "/").last ?? "")
        case .gcePersistentDisk(let name, _): return googleHandle(name, labels ?? StringMap())
        case .azureDisk(let name): return name
        case .cinder(let id): return id
        case .persistentVolumeClaim, .ephemeral, .hostPath, .emptyDir, .rbd, .iscsi, .csi, .other: return nil
        }
    }

    private static func googleHandle(_ name: String, _ labels: StringMap) -> String {
        let label = labels[TopologyLabel.betaZone].flatMap { $0.isEmpty ? nil : $0 } ?? labels[TopologyLabel.zone] ?? ""
        let zones = TopologyLabel.parts(label)
        if zones.count > 1 {
            // A region's name is a zone's without its last part.
            let region = zones[0].split(separator: "-").dropLast().joined(separator: "-")
            return "projects/UNSPECIFIED/regions/\(region)/disks/\(name)"
        }
        return "projects/UNSPECIFIED/zones/\(label.isEmpty ? "UNSPECIFIED" : label)/disks/\(name)"
    }
}

// MARK: - Zones

extension DiskMigration {
    /// Returns the node affinity of `volume` in the words of the driver (`translateTopologyFromInTreeToCSI`).
    func affinity(of volume: PersistentVolume) -> NodeSelector? {
        guard let topologyKey else { return volume.spec.nodeAffinity }
        let terms = volume.spec.nodeAffinity?.terms ?? []
        let keys = terms.flatMap { $0.matchExpressions.map(\.key) }
        let labels = volume.metadata.labels
        let usesBeta =
            !keys.contains(TopologyLabel.zone)
            && (keys.contains(TopologyLabel.betaZone)
                || labels[TopologyLabel.zone] == nil && labels[TopologyLabel.betaZone] != nil)
        let zoneKey = usesBeta ? TopologyLabel.betaZone : TopologyLabel.zone
        var translated = volume.spec.nodeAffinity
        let hasZones = terms.contains { $0.matchExpressions.contains { $0.key == zoneKey && !$0.values.isEmpty } }
        if hasZones {
            translated?.rename(zoneKey, to: topologyKey)
        } else if let label = labels[zoneKey] {
            let zones = TopologyLabel.parts(label).map(TopologyLabel.trimmed).filter { !$0.isEmpty }
            if !zones.isEmpty {
                let requirement = NodeSelectorRequirement(
                    key: topologyKey, operator: .in, values: Array(Set(zones)).sorted())
                if terms.isEmpty { translated = NodeSelector(terms: [NodeSelectorTerm()]) }
                for index in translated?.terms.indices ?? 0..<0 {
                    translated?.terms[index].matchExpressions.append(requirement)
                }
            }
        }
        if usesBeta { translated?.rename(TopologyLabel.betaRegion, to: TopologyLabel.region) }
        return translated
    }
}

extension NodeSelector {
    fileprivate mutating func rename(_ key: String, to name: String) {
        for term in terms.indices {
            for place in terms[term].matchExpressions.indices where terms[term].matchExpressions[place].key == key {
                terms[term].matchExpressions[place].key = name
            }
        }
    }
}
