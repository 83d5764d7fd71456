/// How a volume may be mounted (`v1.PersistentVolumeAccessMode`).
@usableFromInline
package enum AccessMode: String, Hashable, Sendable, CaseIterable {
    case readWriteOnce = "ReadWriteOnce"
    case readOnlyMany = "ReadOnlyMany"
    case readWriteMany = "ReadWriteMany"
    case readWriteOncePod = "ReadWriteOncePod"
}

/// A piece of storage (`v1.PersistentVolume`).
@usableFromInline
package struct PersistentVolume: Hashable, Sendable {
    @usableFromInline
    package enum ReclaimPolicy: String, Hashable, Sendable, CaseIterable {
        case retain = "Retain"
        case delete = "Delete"
        case recycle = "Recycle"
    }

    /// The finalizer that every volume has, so that it does not go while it is bound.
    package static let protection = "kubernetes.io/pv-protection"

    @usableFromInline
    package struct Spec: Hashable, Sendable {
        package var capacity: Quantity = .zero
        package var accessModes: [AccessMode] = []
        package var storageClassName: String = ""
        package var volumeMode: String = "Filesystem"
        package var reclaimPolicy: ReclaimPolicy = .retain
        package var claimNamespace: String?
        package var claimName: String?
        package var claimUID: UID?
        package var nodeAffinity: NodeSelector?
        package var source: Volume.Source = .other
        /// Empty means none.
        package var attributesClassName: String = ""

        package init() {}
    }

    package var metadata: ObjectMeta
    package var spec: Spec
    /// `Available`, `Bound`, `Released`, `Failed` or empty.
    package var phase: String = ""

    package init(metadata: ObjectMeta, spec: Spec) {
        self.metadata = metadata
        self.spec = spec
    }
}

/// What a claim asks for (`v1.PersistentVolumeClaimSpec`).
@usableFromInline
package struct PersistentVolumeClaimSpec: Hashable, Sendable {
    package var accessModes: [AccessMode] = []
    package var request: Quantity = .zero
    /// nil means the default class; empty means none.
    package var storageClassName: String?
    package var volumeName: String = ""
    package var volumeMode: String = "Filesystem"
    package var selector: LabelSelector?
    /// Empty means none.
    package var attributesClassName: String = ""

    package init() {}
}

/// A demand for storage (`v1.PersistentVolumeClaim`).
@usableFromInline
package struct PersistentVolumeClaim: Hashable, Sendable {
    /// The finalizer that every claim has, so that it does not go while a pod uses it.
    package static let protection = "kubernetes.io/pvc-protection"

    package var metadata: ObjectMeta
    package var spec: PersistentVolumeClaimSpec
    /// `Pending`, `Bound`, `Lost` or empty.
    package var phase: String = ""

    package init(metadata: ObjectMeta, spec: PersistentVolumeClaimSpec) {
        self.metadata = metadata
        self.spec = spec
    }
}

/// A way to make volumes (`storage.k8s.io/v1.StorageClass`).
@usableFromInline
package struct StorageClass: Hashable, Sendable {
    package var metadata: ObjectMeta
    package var provisioner: String = ""
    package var waitForFirstConsumer = false
    package var reclaimPolicy: PersistentVolume.ReclaimPolicy = .delete
    package var allowedTopologies: [NodeSelectorTerm] = []
    /// Whether claims of the class may grow (`allowVolumeExpansion`).
    package var allowsExpansion = false

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// The volume drivers of a node and their limits (`storage.k8s.io/v1.CSINode`).
@usableFromInline
package struct CSINode: Hashable, Sendable {
    @usableFromInline
    package struct Driver: Hashable, Sendable {
        package var name: String
        package var topologyKeys: [String]
        package var allocatableCount: Int64?

        package init(name: String, topologyKeys: [String] = [], allocatableCount: Int64? = nil) {
            self.name = name
            self.topologyKeys = topologyKeys
            self.allocatableCount = allocatableCount
        }
    }

    package var metadata: ObjectMeta
    package var drivers: [Driver] = []

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}
