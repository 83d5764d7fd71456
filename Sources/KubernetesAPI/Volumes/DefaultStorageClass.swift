// Kubernetes counterpart: pkg/volume/util.GetDefaultClass (v1.36).

extension StorageClass {
    /// The annotation of a default class, and its older name.
    private static let defaultMarks = [
        "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class",
    ]
    /// The provisioner of classes whose volumes people make.
    package static let noProvisioner = "kubernetes.io/no-provisioner"

    /// Whether claims without a class get this one.
    package var isDefault: Bool { Self.defaultMarks.contains { metadata.annotations[$0] == "true" } }

    /// Returns the default among `classes`: the newest one, and of these the first by name.
    package static func `default`(among classes: [StorageClass]) -> StorageClass? {
        classes.filter(\.isDefault).min { left, right in
            let (before, after) = (left.metadata.creationTimestamp, right.metadata.creationTimestamp)
            return before == after ? left.metadata.name < right.metadata.name : before > after
        }
    }
}

extension PersistentVolumeClaim {
    /// Whether nothing is said of a class, so that the default one applies; the empty name says "none".
    package var lacksClass: Bool {
        spec.storageClassName == nil && metadata.annotations[VolumeAnnotation.betaClass] == nil
    }
}
