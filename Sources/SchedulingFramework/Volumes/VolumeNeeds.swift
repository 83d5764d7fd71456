import KubernetesAPI

/// The volumes of a pod that bear on where it can run.
package struct VolumeNeeds: Sendable {
    /// A claim that the pod uses.
    struct Claim: Sendable {
        /// The name of the claim, or of the volume when the claim is made for the pod alone.
        let text: String
        let isEphemeral: Bool

        /// Returns the name of the claim of `pod`.
        func name(for pod: Pod) -> String { isEphemeral ? pod.metadata.name + "-" + text : text }
    }

    /// In the order of the volumes.
    let claims: [Claim]
    /// The claims that are not made for the pod alone.
    let named: [String]
    /// Disks named in the pod itself.
    let disks: [Volume.Source]
    /// Whether some of the disks must not be mounted at will (`needsRestrictionsCheck`).
    let hasExclusiveDisks: Bool
    /// Whether some of the disks are attached by a CSI driver today (`IsInlineMigratable`).
    let hasMigratedDisks: Bool

    init(_ spec: PodSpec) {
        var claims: [Claim] = []
        var disks: [Volume.Source] = []
        for volume in spec.volumes {
            switch volume.source {
            case .persistentVolumeClaim(let name): claims.append(Claim(text: name, isEphemeral: false))
            case .ephemeral: claims.append(Claim(text: volume.name, isEphemeral: true))
            case .gcePersistentDisk, .awsElasticBlockStore, .azureDisk, .cinder, .rbd, .iscsi:
                disks.append(volume.source)
            case .hostPath, .emptyDir, .csi, .other: break
            }
        }
        self.claims = claims
        self.disks = disks
        named = claims.filter { !$0.isEphemeral }.map(\.text)
        hasExclusiveDisks = disks.contains { $0.isExclusive }
        hasMigratedDisks = disks.contains { DiskMigration.of($0) != nil }
    }

    /// Whether no volume restricts the pod.
    package var isEmpty: Bool { claims.isEmpty && disks.isEmpty }
}

extension Volume.Source {
    /// Whether two pods may be unable to mount the same disk.
    fileprivate var isExclusive: Bool {
        switch self {
        case .gcePersistentDisk, .awsElasticBlockStore, .rbd, .iscsi: true
        case .persistentVolumeClaim, .ephemeral, .hostPath, .emptyDir, .azureDisk, .cinder, .csi, .other: false
        }
    }
}
