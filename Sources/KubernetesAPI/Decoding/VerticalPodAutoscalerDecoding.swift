// Counterpart: the schema of autoscaling.k8s.io/v1 (vertical-pod-autoscaler v1.5), and what its admission refuses.

extension VerticalPodAutoscaler {
    /// Kinds whose pods are known to whoever follows a target.
    package static let targetKinds = [
        "CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet",
    ]

    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        reader.requiredSpec { reader in
            if !reader.has("targetRef") { reader.error("targetRef", "a value is required") }
            reader.object("targetRef") { reader in
                targetKind = reader.requiredString("kind")
                targetName = reader.requiredString("name")
                reader.inert(["apiVersion"])
                if !targetKind.isEmpty, !Self.targetKinds.contains(targetKind) {
                    reader.warn(
                        "kind",
                        "pods of a \(ManifestTree.shortened(targetKind)) are not followed: nothing is recommended",
                        expected: "one of \(Self.targetKinds.joined(separator: ", "))",
                        nearest: NearestName.of(targetKind, among: Self.targetKinds))
                }
            }
            reader.object("updatePolicy") { readPolicy($0) }
            reader.object("resourcePolicy") { reader in
                containerPolicies = reader.objects("containerPolicies") { ContainerPolicy(reading: $0) }
            }
            reader.unmodelled(["recommenders"])
        }
        status = reader.object("status") { Status(reading: $0) } ?? Status()
    }

    private mutating func readPolicy(_ reader: FieldReader) {
        updateMode = reader.requiredChoice("updateMode") ?? .recreate
        if updateMode == .inPlaceOrRecreate {
            reader.warn("updateMode", "pods are not resized in place: InPlaceOrRecreate does what Recreate does")
        }
        minReplicas = reader.int64("minReplicas", in: 1...Int64(Int32.max))
        evictionRequirements = reader.objects("evictionRequirements") { reader in
            let resources = reader.strings("resources")
            if resources.isEmpty { reader.error("resources", "at least one resource is required") }
            let change: EvictionRequirement.Change? = reader.requiredChoice("changeRequirement")
            return change.map { EvictionRequirement(resources.map { ResourceName($0) }, $0) }
        }
    }
}

extension VerticalPodAutoscaler.ContainerPolicy {
    private enum Mode: String, CaseIterable {
        case auto = "Auto"
        case off = "Off"
    }

    init(reading reader: FieldReader) {
        self.init(containerName: reader.requiredString("containerName"))
        isOff = reader.choice("mode", as: Mode.self) == .off
        minAllowed = reader.resources("minAllowed")
        maxAllowed = reader.resources("maxAllowed")
        let names = reader.strings("controlledResources")
        if reader.has("controlledResources") {
            if let other = names.first(where: { $0 != "cpu" && $0 != "memory" }) {
                reader.warn(
                    "controlledResources", "\(ManifestTree.shortened(other)) is not recommended by anybody",
                    expected: "cpu, memory or both", nearest: NearestName.of(other, among: ["cpu", "memory"]))
            }
            controlledResources = names.map { ResourceName($0) }.filter { $0 == .cpu || $0 == .memory }
        }
        controlledValues = reader.optionalChoice("controlledValues")
    }
}

extension VerticalPodAutoscaler.Status {
    init(reading reader: FieldReader) {
        self.init()
        recommendation = reader.object("recommendation") { reader in
            reader.objects("containerRecommendations") { reader in
                var found = VerticalPodAutoscaler.ContainerRecommendation(
                    containerName: reader.string("containerName") ?? "")
                found.target = reader.resources("target")
                found.lowerBound = reader.resources("lowerBound")
                found.upperBound = reader.resources("upperBound")
                found.uncappedTarget = reader.resources("uncappedTarget")
                return found
            }
        }
        conditions = reader.objects("conditions") { Condition(reading: $0) }
    }
}

extension FieldReader {
    /// Records a warning about one field that is understood and not fully carried out; an error under `--strict`.
    func warn(_ name: String, _ message: String, expected: String? = nil, nearest: String? = nil) {
        context.diagnostics.addFolded(
            Diagnostic(
                context.diagnostics.isStrict ? .error : .warning, file: context.file, position: place(of: name),
                path: path.field(name).text, message: message, expected: expected, nearest: nearest),
            pattern: path.field(name).pattern)
    }
}
