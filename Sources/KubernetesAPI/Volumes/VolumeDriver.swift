// Kubernetes counterpart: none; what the documentation of common CSI drivers says of where their volumes can be reached.

/// What is known of a driver that provisions volumes.
package enum VolumeDriver {
    /// From where the volumes of a driver can be reached.
    package enum Reach: Hashable, Sendable {
        /// From every node.
        case cluster
        /// From the nodes of one zone.
        case zone
        /// From the node on which it was made.
        case node
    }

    /// Drivers of in-tree names, which CSI drivers have taken over (`pkg/volume/csimigration`).
    private static let migrated: [String: String] = [
        "kubernetes.io/aws-ebs": "ebs.csi.aws.com", "kubernetes.io/gce-pd": "pd.csi.storage.gke.io",
        "kubernetes.io/azure-disk": "disk.csi.azure.com", "kubernetes.io/azure-file": "file.csi.azure.com",
        "kubernetes.io/cinder": "cinder.csi.openstack.org", "kubernetes.io/vsphere-volume": "csi.vsphere.vmware.com",
        "kubernetes.io/portworx-volume": "pxd.portworx.com",
    ]

    private static let shared: Set<String> = [
        "efs.csi.aws.com", "fsx.csi.aws.com", "file.csi.azure.com", "blob.csi.azure.com",
        "filestore.csi.storage.gke.io", "gcsfuse.csi.storage.gke.io", "nfs.csi.k8s.io", "smb.csi.k8s.io",
        "cephfs.csi.ceph.com", "rook-ceph.cephfs.csi.ceph.com", "csi.juicefs.com", "s3.csi.aws.com",
    ]

    private static let local: Set<String> = [
        "rancher.io/local-path", "topolvm.io", "topolvm.cybozu.com", "openebs.io/local", "local.csi.openebs.io",
        "microk8s.io/hostpath", "docker.io/hostpath", "k8s.io/minikube-hostpath", "hostpath.csi.k8s.io",
    ]

    /// Returns the name of the driver behind a class's provisioner, or nil when nothing can serve that name any more.
    package static func name(of provisioner: String) -> String? {
        if let driver = migrated[provisioner] { return driver }
        return provisioner.hasPrefix("kubernetes.io/") ? nil : provisioner
    }

    /// Whether a volume is a disk that is attached to the node of its pod before the pod starts.
    package static func attaches(_ source: Volume.Source) -> Bool {
        switch source {
        case .csi(let driver, _): reach(of: driver) == .zone
        case .gcePersistentDisk, .awsElasticBlockStore, .azureDisk, .cinder: true
        case .persistentVolumeClaim, .ephemeral, .hostPath, .emptyDir, .rbd, .iscsi, .other: false
        }
    }

    /// Returns from where the volumes of `driver` can be reached; one that is not known makes disks of a zone.
    package static func reach(of driver: String) -> Reach {
        if shared.contains(driver) { return .cluster }
        return local.contains(driver) ? .node : .zone
    }
}
