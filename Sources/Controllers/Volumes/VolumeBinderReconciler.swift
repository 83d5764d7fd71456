// Kubernetes counterpart: pkg/controller/volume/persistentvolume (v1.36).
// Deliberate differences: upstream looks at everything again every 15 s; here only what found nothing is looked at, and on
// that grid only after a volume or class has come that may serve it.

package import Chronology
package import ControlPlane
package import KubernetesAPI

/// Ties claims to volumes, and keeps the phases of both.
package struct VolumeBinderReconciler: Reconciler {
    package static let name = "persistentvolume-binder-controller"
    // One at a time: two claims must not take the same volume.
    package static let settings = ReconcilerSettings(workers: 1)
    package static let interest = ChangeInterest([.persistentVolumeClaim, .persistentVolume, .storageClass])
    /// `--pvclaimbinder-sync-period`.
    package static let syncPeriod = Duration.seconds(15)

    /// What was seen of a claim that found nothing.
    private struct Memory {
        var version: Int64
        // When something that turned up meanwhile may be taken.
        var due: Instant?
    }

    private var memories: [ObjectKey: Memory] = [:]

    package init() {}

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        switch view.object(key) {
        case .persistentVolumeClaim(let claim)?: return look(at: claim, in: view)
        case .persistentVolume(let volume)?:
            let sync = VolumeSync(volume, claim: volume.claimKey.flatMap { view.claim($0) })
            return ReconcileResult(actions: sync.actions, events: sync.events)
        default:
            memories[key] = nil
            return .settled
        }
    }

    private mutating func look(at claim: PersistentVolumeClaim, in view: any ClusterView) -> ReconcileResult {
        let sync = ClaimSync(claim, .init(view))
        let version = claim.metadata.resourceVersion
        guard let memory = memories[claim.key], memory.version == version else {
            memories[claim.key] = sync.isDiscovery ? nil : Memory(version: version)
            return ReconcileResult(actions: sync.actions, events: sync.events)
        }
        // What was told of this version of the claim is not told again.
        guard sync.isDiscovery else {
            return ReconcileResult(actions: sync.actions, events: sync.actions.isEmpty ? [] : sync.events)
        }
        let due = memory.due ?? view.now.nextTick(of: Self.syncPeriod)
        if due > view.now {
            memories[claim.key]?.due = due
            return ReconcileResult(recheckAfter: due - view.now)
        }
        memories[claim.key] = nil
        return ReconcileResult(actions: sync.actions, events: sync.events)
    }

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(.persistentVolumeClaim(let claim)): return [claim.key]
        case .modified(.persistentVolumeClaim(let old), .persistentVolumeClaim(let claim)):
            // A volume that was meant for the claim and did not get it goes free.
            let isNews = old.spec.volumeName != claim.spec.volumeName
            let others = isNews ? view.volumes(reservedFor: claim) : []
            return [claim.key]
                + others.filter { $0 != claim.spec.volumeName }.map { ObjectKey(.persistentVolume, name: $0) }
        case .deleted(.persistentVolumeClaim(let claim)):
            // Its key is to be forgotten, and its volume looked at.
            let volumes = view.volumes(reservedFor: claim).map { ObjectKey(.persistentVolume, name: $0) }
            return [claim.key] + volumes
        case .added(.persistentVolume(let volume)), .modified(_, .persistentVolume(let volume)):
            var keys = [ObjectKey(.persistentVolume, name: volume.metadata.name)]
            if let claim = volume.claimKey {
                keys.append(claim)
            } else if volume.phase == "Available" {
                keys += view.openClaims {
                    $0.className == volume.className || $0.spec.volumeName == volume.metadata.name
                }
            }
            return keys
        case .deleted(.persistentVolume(let volume)): return volume.claimKey.map { [$0] } ?? []
        case .added(.storageClass(let storageClass)), .modified(_, .storageClass(let storageClass)):
            return view.openClaims { $0.lacksClass || $0.className == storageClass.metadata.name }
        case .added, .modified, .deleted: return []
        }
    }
}

// MARK: - Questions

extension ClaimSync.Surroundings {
    fileprivate init(_ view: any ClusterView) {
        self.init(
            volumes: { claim in
                let name = claim.className
                // Most belong to others, and are not worth a copy.
                return view.volumes {
                    $0.spec.claimName == nil ? $0.className == name : $0.isReserved(for: claim)
                }
            },
            volume: { name in
                guard case .persistentVolume(let volume)? = view.object(ObjectKey(.persistentVolume, name: name)) else {
                    return nil
                }
                return volume
            },
            storageClass: { name in
                guard case .storageClass(let found)? = view.object(ObjectKey(.storageClass, name: name)) else {
                    return nil
                }
                return found
            },
            defaultClass: {
                StorageClass.default(
                    among: view.objects(of: .storageClass, namespace: nil).compactMap { object in
                        if case .storageClass(let found) = object { found } else { nil }
                    })
            })
    }
}

extension ClusterView {
    fileprivate func claim(_ key: ObjectKey) -> PersistentVolumeClaim? {
        if case .persistentVolumeClaim(let claim)? = object(key) { claim } else { nil }
    }

    /// The volumes that satisfy `condition`, in name order, so that of equal ones the first by name is taken.
    fileprivate func volumes(where condition: (PersistentVolume) -> Bool) -> [PersistentVolume] {
        var found: [PersistentVolume] = []
        for case .persistentVolume(let volume) in objects(of: .persistentVolume, namespace: nil) where condition(volume)
        {
            found.append(volume)
        }
        return found.sorted { $0.metadata.name < $1.metadata.name }
    }

    fileprivate func volumes(reservedFor claim: PersistentVolumeClaim) -> [String] {
        volumes { $0.claimKey == claim.key }.map(\.metadata.name)
    }

    fileprivate func openClaims(where condition: (PersistentVolumeClaim) -> Bool) -> [ObjectKey] {
        objects(of: .persistentVolumeClaim, namespace: nil).compactMap { object in
            guard case .persistentVolumeClaim(let claim) = object,
                claim.metadata.annotations[VolumeAnnotation.bindCompleted] == nil, condition(claim)
            else { return nil }
            return object.key
        }
    }
}

extension PersistentVolume {
    /// The claim that the volume is meant for.
    fileprivate var claimKey: ObjectKey? {
        spec.claimName.map { ObjectKey(.persistentVolumeClaim, namespace: spec.claimNamespace ?? "", name: $0) }
    }
}
