package import KubernetesAPI

/// The workloads that a lost zone can hold up whatever machines there are, because their disks stay in it.
package enum ZonalWorkloads {
    /// Returns the workloads among `objects` whose pods use a volume that is reached from one zone or one node only, in
    /// the order of the objects.
    package static func keys(in objects: [KubernetesObject]) -> [ObjectKey] {
        var classes: [String: StorageClass] = [:]
        var claims: [ObjectKey: PersistentVolumeClaim] = [:]
        var volumes: [String: PersistentVolume] = [:]
        for object in objects {
            switch object {
            case .storageClass(let found): classes[found.metadata.name] = found
            case .persistentVolumeClaim(let claim): claims[claim.key] = claim
            case .persistentVolume(let volume): volumes[volume.metadata.name] = volume
            default: continue
            }
        }
        let standard = StorageClass.default(
            among: objects.compactMap { if case .storageClass(let found) = $0 { found } else { nil } })
        func isZonal(_ claim: PersistentVolumeClaim) -> Bool {
            if let volume = volumes[claim.spec.volumeName] {
                return volume.spec.nodeAffinity != nil || VolumeDriver.attaches(volume.spec.source)
            }
            let found = claim.lacksClass ? standard : classes[claim.className]
            return found.flatMap { VolumeDriver.name(of: $0.provisioner) }.map {
                VolumeDriver.reach(of: $0) != .cluster
            }
                ?? false
        }
        return objects.filter { object in
            guard let (spec, _) = WorkloadPods.pods(of: object) else { return false }
            if case .statefulSet(let owner) = object, owner.spec.volumeClaimTemplates.contains(where: isZonal) {
                return true
            }
            return spec.volumes.contains { volume in
                switch volume.source {
                case .persistentVolumeClaim(let name):
                    let key = ObjectKey(
                        .persistentVolumeClaim, namespace: object.metadata.namespace, name: name)
                    return claims[key].map(isZonal) ?? false
                default: return false
                }
            }
        }.map(\.key)
    }
}
