import KubernetesAPI

/// Adds what the platform has and manifests seldom say: the storage classes that claims name, and the volumes of
/// claims that were bound when their cluster was exported.
struct StorageAssembly {
    /// The class for claims that name none.
    static let defaultName = "standard"
    /// The driver of the classes that are added.
    static let driver = "csi.orrery.dev"

    private let diagnostics: Diagnostics
    private var classes: Set<String> = []
    private var hasDefault = false
    private var volumes: Set<String> = []
    private var volumeClasses: Set<String> = []
    /// What stands in, in order of need.
    private(set) var additions: [KubernetesObject] = []

    /// Looks through `objects` for what is missing.
    init(_ objects: [LoadedObject], diagnostics: Diagnostics) {
        self.diagnostics = diagnostics
        for loaded in objects {
            switch loaded.object {
            case .storageClass(let found):
                classes.insert(found.metadata.name)
                if found.isDefault { hasDefault = true }
            case .persistentVolume(let volume):
                volumes.insert(volume.metadata.name)
                volumeClasses.insert(volume.className)
            default: break
            }
        }
        for loaded in objects {
            for claim in Self.claims(of: loaded.object) { supply(claim, at: loaded.place) }
        }
        warnOfLimits(objects)
    }

    /// What most machines of a cloud attach: of a Nitro machine's 28 places its first interface and its own disk take two,
    /// and of a Compute Engine machine's 128 its own disk takes one.
    private static let limits = ["ebs.csi.aws.com": Int64(26), "pd.csi.storage.gke.io": 127]

    /// Warns of drivers with more claims than one machine of theirs attaches, as nothing here keeps them apart.
    private func warnOfLimits(_ objects: [LoadedObject]) {
        var drivers: [String: String] = [:]
        for loaded in objects {
            if case .csiNode = loaded.object { return }
            guard case .storageClass(let found) = loaded.object else { continue }
            drivers[found.metadata.name] = VolumeDriver.name(of: found.provisioner)
        }
        var counts: [String: Int64] = [:]
        for loaded in objects {
            var times: Int64 = 1
            if case .statefulSet(let set) = loaded.object { times = set.spec.replicas }
            for claim in Self.claims(of: loaded.object) {
                guard let driver = drivers[claim.className], let limit = Self.limits[driver] else { continue }
                let before = counts[driver, default: 0]
                counts[driver] = before + times
                guard before <= limit, before + times > limit else { continue }
                diagnostics.add(
                    Diagnostic(
                        .warning, file: loaded.place.file, position: loaded.place.position,
                        message:
                            "more than \(limit) claims of \(driver): most machines attach no more than that, and here any "
                            + "number goes on one; CSINode objects among the manifests say how many"))
            }
        }
    }

    private static func claims(of object: KubernetesObject) -> [PersistentVolumeClaim] {
        var claims: [PersistentVolumeClaim] = []
        if case .persistentVolumeClaim(let claim) = object { claims.append(claim) }
        if case .statefulSet(let set) = object { claims += set.spec.volumeClaimTemplates }
        for volume in FidelityCheck.podSpec(of: object)?.volumes ?? [] {
            guard case .ephemeral(let spec) = volume.source else { continue }
            claims.append(PersistentVolumeClaim(metadata: ObjectMeta(name: volume.name), spec: spec))
        }
        return claims
    }

    private mutating func supply(_ claim: PersistentVolumeClaim, at place: SourcePlace) {
        let name = claim.spec.volumeName
        if !name.isEmpty {
            guard claim.metadata.uid != .none, claim.phase == "Bound", volumes.insert(name).inserted else { return }
            warn(
                "the volume of a bound claim", "is not among the manifests: one that is everywhere stands in", at: place
            )
            additions.append(.persistentVolume(Self.volume(name, of: claim)))
        } else if claim.lacksClass {
            // With volumes that have no class either, the claim may be meant for one of them.
            if hasDefault || volumeClasses.contains("") { return }
            hasDefault = true
            add(Self.defaultName, isDefault: !classes.contains(Self.defaultName), at: place)
        } else if !claim.className.isEmpty, !volumeClasses.contains(claim.className) {
            add(claim.className, isDefault: false, at: place)
        }
    }

    private mutating func add(_ name: String, isDefault: Bool, at place: SourcePlace) {
        guard classes.insert(name).inserted else { return }
        let what = isDefault ? "a default storage class" : "the storage class \"\(ManifestTree.shortened(name))\""
        warn(
            what, "is defined nowhere: a stand-in makes volumes in the zone of the pod, and attaches them to its node",
            at: place)
        var added = StorageClass(metadata: ObjectMeta(name: name))
        if isDefault { added.metadata.annotations["storageclass.kubernetes.io/is-default-class"] = "true" }
        added.provisioner = Self.driver
        added.waitForFirstConsumer = true
        added.allowsExpansion = true
        additions.append(.storageClass(added))
    }

    private func warn(_ what: String, _ message: String, at place: SourcePlace) {
        diagnostics.addFolded(
            Diagnostic(
                diagnostics.isStrict ? .error : .warning, file: place.file, position: place.position,
                message: "\(what) \(message)"),
            pattern: "storage \(what)")
    }

    private static func volume(_ name: String, of claim: PersistentVolumeClaim) -> PersistentVolume {
        var spec = PersistentVolume.Spec()
        spec.capacity = claim.spec.request
        spec.accessModes = claim.spec.accessModes
        spec.volumeMode = claim.spec.volumeMode
        spec.storageClassName = claim.className
        spec.claimNamespace = claim.metadata.namespace
        spec.claimName = claim.metadata.name
        spec.claimUID = claim.metadata.uid
        return PersistentVolume(metadata: ObjectMeta(name: name), spec: spec)
    }
}
