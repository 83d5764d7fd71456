// Counterpart: core/v1 volumes and claims, storage.k8s.io/v1 classes.

/// What a volume is seen as by a container.
private enum VolumeMode: String, CaseIterable {
    case filesystem = "Filesystem"
    case block = "Block"
}

extension FieldReader {
    fileprivate func accessModes() -> [AccessMode] {
        var modes: [AccessMode] = []
        let names = AccessMode.allCases.map(\.rawValue)
        for (index, element) in elements("accessModes").enumerated() {
            if let mode = element.string.flatMap({ AccessMode(rawValue: $0) }) {
                modes.append(mode)
            } else {
                context.error(
                    "found \(element.summary)", path: path.field("accessModes").index(index), at: element.position,
                    expected: "one of \(names.joined(separator: ", "))",
                    nearest: element.string.flatMap { NearestName.of($0, among: names) })
            }
        }
        return modes
    }

    fileprivate func volumeMode() -> String {
        let mode: VolumeMode? = optionalChoice("volumeMode")
        return (mode ?? .filesystem).rawValue
    }
}

extension PersistentVolume {
    private enum Phase: String, CaseIterable {
        case pending = "Pending"
        case available = "Available"
        case bound = "Bound"
        case released = "Released"
        case failed = "Failed"
    }

    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, spec: Spec())
        reader.requiredSpec { reader in
            spec.capacity = reader.resources("capacity")[.storage] ?? .zero
            spec.accessModes = reader.accessModes()
            spec.storageClassName = reader.string("storageClassName") ?? ""
            spec.volumeMode = reader.volumeMode()
            spec.reclaimPolicy = reader.optionalChoice("persistentVolumeReclaimPolicy") ?? .retain
            reader.object("claimRef") { reader in
                spec.claimNamespace = reader.string("namespace")
                spec.claimName = reader.string("name")
                spec.claimUID = reader.string("uid").flatMap { $0.isEmpty ? nil : UID(text: $0) }
                reader.inert(["apiVersion", "kind", "resourceVersion", "fieldPath"])
            }
            spec.nodeAffinity =
                reader.object("nodeAffinity") { reader in
                    reader.object("required") { NodeSelector(reading: $0) }
                } ?? nil
            spec.source = Volume.Source(reading: reader) ?? .other
            spec.attributesClassName = reader.string("volumeAttributesClassName") ?? ""
            reader.inert(["mountOptions"])
        }
        reader.object("status") { reader in
            let phase: Phase? = reader.optionalChoice("phase")
            self.phase = phase?.rawValue ?? ""
            reader.inert(["message", "reason", "lastPhaseTransitionTime"])
        }
    }
}

extension PersistentVolumeClaimSpec {
    init(reading reader: FieldReader) {
        self.init()
        accessModes = reader.accessModes()
        reader.object("resources") { reader in
            request = reader.resources("requests")[.storage] ?? .zero
            reader.inert(["limits"])
        }
        storageClassName = reader.string("storageClassName")
        volumeName = reader.string("volumeName") ?? ""
        volumeMode = reader.volumeMode()
        selector = reader.object("selector") { LabelSelector(reading: $0) }
        attributesClassName = reader.string("volumeAttributesClassName") ?? ""
        reader.unmodelled(["dataSource", "dataSourceRef"])
    }
}

extension PersistentVolumeClaim {
    private enum Phase: String, CaseIterable {
        case pending = "Pending"
        case bound = "Bound"
        case lost = "Lost"
    }

    private static let inertStatus = [
        "accessModes", "capacity", "conditions", "allocatedResources", "allocatedResourceStatuses",
        "currentVolumeAttributesClassName", "modifyVolumeStatus",
    ]

    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, spec: PersistentVolumeClaimSpec())
        if !reader.has("spec") { reader.error("spec", "a value is required") }
        if let spec = reader.object("spec", { PersistentVolumeClaimSpec(reading: $0) }) { self.spec = spec }
        reader.object("status") { reader in
            let phase: Phase? = reader.optionalChoice("phase")
            self.phase = phase?.rawValue ?? ""
            reader.inert(Self.inertStatus)
        }
    }
}

extension StorageClass {
    private enum BindingMode: String, CaseIterable {
        case immediate = "Immediate"
        case waitForFirstConsumer = "WaitForFirstConsumer"
    }

    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        provisioner = reader.requiredString("provisioner")
        waitForFirstConsumer = reader.optionalChoice("volumeBindingMode") == BindingMode.waitForFirstConsumer
        reclaimPolicy = reader.optionalChoice("reclaimPolicy") ?? .delete
        allowedTopologies = reader.objects("allowedTopologies") { reader in
            NodeSelectorTerm(
                matchExpressions: reader.objects("matchLabelExpressions") {
                    NodeSelectorRequirement(key: $0.requiredString("key"), operator: .in, values: $0.strings("values"))
                })
        }
        allowsExpansion = reader.bool("allowVolumeExpansion") ?? false
        reader.inert(["parameters", "mountOptions"])
    }
}
