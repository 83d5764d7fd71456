package import KubernetesAPI

// Kubernetes counterpart: the listers and the passive assume caches of plugins/volumebinding, StorageInfos (v1.36).

/// What the scheduler knows of volumes, claims, classes and drivers, and which volumes it has promised to whom.
package struct StorageCatalog: Sendable {
    /// What was promised for an object, which holds until a newer version of the object is seen.
    private struct Promise<Object: Sendable>: Sendable {
        var object: Object
        var version: Int64
    }

    /// Whether a claim that nobody binds counts as bound to a volume that is everywhere.
    ///
    /// For hosts without a controller that binds claims and provisions volumes.
    package var countsClaimsAsBound = false
    /// Which of equally fit volumes comes first: 0 for the first by name, any other number for an order of its own.
    ///
    /// Upstream goes through a Go map, whose order is another each time; to be set before the first volume.
    package var volumeOrder: UInt64 = 0
    private(set) var claims: [ObjectKey: PersistentVolumeClaim] = [:]
    private(set) var volumes: [String: PersistentVolume] = [:]
    private(set) var classes: [String: StorageClass] = [:]
    private(set) var csiNodes: [String: CSINode] = [:]
    /// By storage class, in the order of `volumeOrder`.
    private var namesByClass: [String: [String]] = [:]
    private var promisedVolumes: [String: Promise<PersistentVolume>] = [:]
    private var promisedClaims: [ObjectKey: Promise<PersistentVolumeClaim>] = [:]
    /// How many pods on nodes use a claim; without claims made for one pod alone.
    private var users: [ObjectKey: Int] = [:]

    init() {}
}

// MARK: - Questions

extension StorageCatalog {
    /// Returns the claim as the scheduler believes it will be, promises included.
    func claim(_ key: ObjectKey) -> PersistentVolumeClaim? { promisedClaims[key]?.object ?? claims[key] }

    /// Returns the volume as the scheduler believes it will be, promises included.
    func volume(_ name: String) -> PersistentVolume? { promisedVolumes[name]?.object ?? volumes[name] }

    /// Returns the volumes of a class, in the order of `volumeOrder`, promises included.
    func volumes(ofClass name: String) -> [PersistentVolume] {
        (namesByClass[name] ?? []).compactMap { volume($0) }
    }

    /// Whether a pod on a node uses the claim.
    func isUsed(_ key: ObjectKey) -> Bool { users[key] != nil }

    /// Returns the volume to which `claim` is bound in full, or counts as bound; nil when it is not.
    func boundVolumeName(of claim: PersistentVolumeClaim) -> String? {
        if !claim.spec.volumeName.isEmpty {
            let isBound = countsClaimsAsBound || claim.metadata.annotations[VolumeAnnotation.bindCompleted] != nil
            return isBound ? claim.spec.volumeName : nil
        }
        guard countsClaimsAsBound else { return nil }
        for volume in volumes(ofClass: claim.className) where volume.isReserved(for: claim) {
            return volume.metadata.name
        }
        return nil
    }

    /// Whether the claim waits for a pod before it is bound (`IsDelayBindingMode`).
    func waitsForConsumer(_ claim: PersistentVolumeClaim) -> Bool {
        let name = claim.className
        return !name.isEmpty && classes[name]?.waitForFirstConsumer ?? false
    }
}

// MARK: - Changes

extension StorageCatalog {
    /// Takes in an object, or its end when `new` is nil; objects of other kinds are ignored.
    package mutating func apply(_ object: KubernetesObject, isDeleted: Bool) {
        switch object {
        case .persistentVolumeClaim(let claim):
            let key = claim.key
            if isDeleted || promisedClaims[key].map({ $0.version != claim.metadata.resourceVersion }) ?? false {
                promisedClaims[key] = nil
            }
            claims[key] = isDeleted ? nil : claim
            if isDeleted && countsClaimsAsBound { forgetPromises(to: claim) }
        case .persistentVolume(let volume): apply(volume, isDeleted: isDeleted)
        case .storageClass(let object): classes[object.metadata.name] = isDeleted ? nil : object
        case .csiNode(let node): csiNodes[node.metadata.name] = isDeleted ? nil : node
        case .namespace, .node, .pod, .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .service,
            .podDisruptionBudget, .priorityClass, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota,
            .limitRange,
            .replicationController, .controllerRevision, .lease, .endpoints, .endpointSlice, .other:
            break
        }
    }

    private mutating func apply(_ volume: PersistentVolume, isDeleted: Bool) {
        let name = volume.metadata.name
        if let known = volumes[name] {
            namesByClass[known.className]?.removeAll { $0 == name }
            if namesByClass[known.className]?.isEmpty ?? false { namesByClass[known.className] = nil }
        }
        if isDeleted || promisedVolumes[name].map({ $0.version != volume.metadata.resourceVersion }) ?? false {
            promisedVolumes[name] = nil
        }
        volumes[name] = isDeleted ? nil : volume
        if isDeleted { return }
        var names = namesByClass.removeValue(forKey: volume.className) ?? []
        names.insert(name, at: names.firstIndex { precedes(name, $0) } ?? names.endIndex)
        namesByClass[volume.className] = names
    }

    private func precedes(_ left: String, _ right: String) -> Bool {
        guard volumeOrder != 0 else { return left < right }
        let (first, second) = (rank(left), rank(right))
        return first != second ? first < second : left < right
    }

    private func rank(_ name: String) -> UInt64 {
        // FNV-1a from a start of its own, and a last stir so that names with a common end part.
        var hash = 0xcbf2_9ce4_8422_2325 ^ volumeOrder &* 0x9E37_79B9_7F4A_7C15
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
    }

    /// Counts a pod that came to a node (1) or left it (-1) among the users of its claims.
    package mutating func count(_ pod: PodInfo, _ change: Int) {
        for name in pod.shape.volumes.named {
            let key = ObjectKey(.persistentVolumeClaim, namespace: pod.pod.metadata.namespace, name: name)
            let count = (users[key] ?? 0) + change
            users[key] = count == 0 ? nil : count
        }
    }
}

// MARK: - Promises

extension StorageCatalog {
    /// Believes that `volume` will be as given, until a newer version than the one it was made from is seen.
    mutating func promise(_ volume: PersistentVolume) {
        let version = volume.metadata.resourceVersion
        guard volumes[volume.metadata.name]?.metadata.resourceVersion == version else { return }
        promisedVolumes[volume.metadata.name] = Promise(object: volume, version: version)
    }

    /// Believes that `claim` will be as given, until a newer version than the one it was made from is seen.
    mutating func promise(_ claim: PersistentVolumeClaim) {
        let version = claim.metadata.resourceVersion
        guard claims[claim.key]?.metadata.resourceVersion == version else { return }
        promisedClaims[claim.key] = Promise(object: claim, version: version)
    }

    /// Takes back the promise of this version of `volume`.
    mutating func takeBack(_ volume: PersistentVolume) {
        let name = volume.metadata.name
        if promisedVolumes[name]?.version == volume.metadata.resourceVersion { promisedVolumes[name] = nil }
    }

    /// Takes back the promise of this version of `claim`.
    mutating func takeBack(_ claim: PersistentVolumeClaim) {
        if promisedClaims[claim.key]?.version == claim.metadata.resourceVersion { promisedClaims[claim.key] = nil }
    }

    private mutating func forgetPromises(to claim: PersistentVolumeClaim) {
        for name in namesByClass[claim.className] ?? []
        where promisedVolumes[name]?.object.isReserved(for: claim) ?? false { promisedVolumes[name] = nil }
    }
}
