// Counterpart: validateContainerCommon, ValidateVolumeMounts, ValidateEnv, validateHandler and ValidatePersistentVolumeSpec
// (pkg/apis/core/validation, v1.36), as far as they are about fields that nothing here reads.

/// Checks what the API server would refuse in the fields of a manifest that have no influence here.
package struct UnreadFieldCheck {
    private var check = ValidationCheck()

    /// Returns the rules that `tree`, of which `object` was read, breaks.
    package static func findings(in tree: ManifestTree, of object: KubernetesObject) -> [ValidationFinding] {
        var check = UnreadFieldCheck()
        let spec = FieldPath.root.field("spec")
        switch object {
        case .pod: check.pod(tree["spec"], at: spec)
        case .replicaSet, .replicationController, .deployment, .daemonSet, .job, .statefulSet:
            let claims = (tree["spec"]?["volumeClaimTemplates"]?.elements ?? []).map { $0["metadata"]?["name"]?.string }
            check.pod(
                tree["spec"]?["template"]?["spec"], at: spec.field("template").field("spec"),
                claims: claims.compactMap { $0 })
        case .cronJob:
            check.pod(
                tree["spec"]?["jobTemplate"]?["spec"]?["template"]?["spec"],
                at: spec.field("jobTemplate").field("spec").field("template").field("spec"))
        case .persistentVolume: check.volume(tree["spec"], at: spec)
        case .service(let service) where service.type == "ExternalName":
            check.check.require(
                tree["spec"]?["externalName"]?.string?.isEmpty == false, spec.field("externalName"),
                "a value is required")
        default: break
        }
        return check.check.findings
    }

    // MARK: - Pods

    private mutating func pod(_ spec: ManifestTree?, at path: FieldPath, claims: [String] = []) {
        guard let spec else { return }
        let volumes = Set((spec["volumes"]?.elements ?? []).compactMap { $0["name"]?.string } + claims)
        var grace: Int64 = 30
        if case .scalar(.integer(let text))? = spec["terminationGracePeriodSeconds"]?.value {
            grace = Int64(text) ?? grace
        }
        for field in ["initContainers", "containers"] {
            for (index, container) in (spec[field]?.elements ?? []).enumerated() {
                let place = path.field(field).index(index)
                check.require(
                    container["image"]?.string?.isEmpty == false, place.field("image"), "a value is required")
                for name in ["command", "args"] { texts(container[name], at: place.field(name)) }
                environment(container["env"], at: place.field("env"))
                _ = elements(container["envFrom"], at: place.field("envFrom"))
                mounts(of: container, volumes, at: place)
                for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
                    handler(container[name], of: ["exec", "httpGet", "tcpSocket", "grpc"], at: place.field(name))
                }
                let lifecycle = place.field("lifecycle")
                let isPlain = field == "initContainers" && container["restartPolicy"]?.string != "Always"
                if isPlain, let found = container["lifecycle"], !found.isNull {
                    check.add(lifecycle, "not allowed for an init container that is no sidecar")
                    continue
                }
                for name in ["postStart", "preStop"] {
                    let hook = container["lifecycle"]?[name]
                    handler(hook, of: ["exec", "httpGet", "tcpSocket", "sleep"], at: lifecycle.field(name))
                    sleep(hook?["sleep"], grace: grace, at: lifecycle.field(name).field("sleep"))
                }
            }
        }
    }

    /// Checks a list of texts: bare numbers and truth values are what the API server cannot read.
    private mutating func texts(_ list: ManifestTree?, at path: FieldPath) {
        guard let list, !list.isNull else { return }
        guard let elements = list.elements else {
            check.add(path, "found \(list.summary)", expected: "a list of texts")
            return
        }
        for (index, element) in elements.enumerated() where element.string == nil && !element.isNull {
            check.add(path.index(index), "found \(element.summary)", expected: "a text; put it in quotes")
        }
    }

    /// Returns what stands in a list of mappings; nothing, and a finding, where it is no list.
    private mutating func elements(_ list: ManifestTree?, at path: FieldPath) -> [ManifestTree] {
        guard let list, !list.isNull else { return [] }
        if let elements = list.elements { return elements }
        check.add(path, "found \(list.summary)", expected: "a list")
        return []
    }

    private mutating func text(_ value: ManifestTree?, at path: FieldPath) {
        guard let value, !value.isNull, value.string == nil else { return }
        check.add(path, "found \(value.summary)", expected: "a text; put it in quotes")
    }

    private static let variableFields = ["name", "value", "valueFrom"]

    private mutating func environment(_ list: ManifestTree?, at path: FieldPath) {
        for (index, variable) in elements(list, at: path).enumerated() {
            let place = path.index(index)
            guard let entries = variable.entries else {
                check.add(place, "found \(variable.summary)", expected: "a mapping with name and value")
                continue
            }
            for entry in entries where !Self.variableFields.contains(entry.key) {
                let nearest = NearestName.of(entry.key, among: Self.variableFields)
                check.add(
                    place.field(entry.key), "unknown field\(nearest.map { " (did you mean \"\($0)\"?)" } ?? "")")
            }
            let name = variable["name"]?.string ?? ""
            check.require(!name.isEmpty, place.field("name"), "a value is required", expected: "a text")
            check.require(
                !name.contains("="), place.field("name"), "not a valid name of a variable", expected: "no \"=\" in it")
            text(variable["value"], at: place.field("value"))
            if let source = variable["valueFrom"], !source.isNull {
                let count = (source.entries ?? []).count { !$0.value.isNull }
                check.require(
                    count == 1, place.field("valueFrom"), "found \(count) sources of the value", expected: "one")
                check.require(
                    variable["value"]?.string?.isEmpty ?? true, place.field("valueFrom"),
                    "not allowed together with a value")
            }
        }
    }

    private mutating func mounts(of container: ManifestTree, _ volumes: Set<String>, at path: FieldPath) {
        for (field, goal) in [("volumeMounts", "mountPath"), ("volumeDevices", "devicePath")] {
            var places = Set<String>()
            for (index, mount) in elements(container[field], at: path.field(field)).enumerated() {
                let place = path.field(field).index(index)
                let name = mount["name"]?.string ?? ""
                if name.isEmpty {
                    check.add(place.field("name"), "a value is required")
                } else if !volumes.contains(name) {
                    let nearest = NearestName.of(name, among: volumes.sorted()).map { " (did you mean \"\($0)\"?)" }
                    check.add(
                        place.field("name"),
                        "the pod has no volume \"\(ManifestTree.shortened(name))\"\(nearest ?? "")")
                }
                let target = mount[goal]?.string ?? ""
                check.require(!target.isEmpty, place.field(goal), "a value is required")
                check.require(
                    target.isEmpty || places.insert(target).inserted, place.field(goal),
                    "\(ManifestTree.shortened(target)) is taken by another volume")
            }
        }
    }
}

// MARK: - Handlers

extension UnreadFieldCheck {
    /// Checks a probe or a hook, which does exactly one of `kinds`.
    private mutating func handler(_ tree: ManifestTree?, of kinds: [String], at path: FieldPath) {
        guard let tree, !tree.isNull else { return }
        let given = kinds.filter { tree[$0].map { !$0.isNull } ?? false }
        guard given.count == 1 else {
            check.add(
                path, given.isEmpty ? "says nothing to do" : "says \(given.joined(separator: " and "))",
                expected: "one of \(kinds.joined(separator: ", "))")
            return
        }
        let place = path.field(given[0])
        let action = tree[given[0]]
        switch given[0] {
        case "exec":
            texts(action?["command"], at: place.field("command"))
            check.require(
                action?["command"]?.elements?.isEmpty == false, place.field("command"), "a value is required")
        case "httpGet", "tcpSocket", "grpc":
            check.require(
                Self.isPort(action?["port"], isNumber: given[0] == "grpc"), place.field("port"),
                "found \(action?["port"]?.summary ?? "nothing")", expected: "the number or the name of a port")
        default: break
        }
    }

    private static func isPort(_ value: ManifestTree?, isNumber: Bool) -> Bool {
        switch value?.value {
        case .scalar(.integer(let text)): return Int64(text).map { (1...65_535).contains($0) } ?? false
        case .scalar(.string(let text)):
            return !isNumber && text.utf8.count <= 15 && NameRules.isDNSLabel(text)
                && text.utf8.contains { (0x61...0x7A).contains($0) }
        default: return false
        }
    }

    private mutating func sleep(_ tree: ManifestTree?, grace: Int64, at path: FieldPath) {
        guard case .scalar(.integer(let text))? = tree?["seconds"]?.value, let seconds = Int64(text) else { return }
        check.require(
            seconds <= grace, path.field("seconds"),
            "\(seconds) seconds are longer than the pod is given to end (terminationGracePeriodSeconds: \(grace))")
    }
}

// MARK: - Volumes

extension UnreadFieldCheck {
    private static let sources = [
        "gcePersistentDisk", "awsElasticBlockStore", "hostPath", "glusterfs", "nfs", "rbd", "quobyte", "iscsi",
        "flexVolume", "cinder", "cephfs", "fc", "flocker", "azureFile", "azureDisk", "vsphereVolume",
        "photonPersistentDisk", "portworxVolume", "scaleIO", "local", "storageos", "csi",
    ]

    private mutating func volume(_ spec: ManifestTree?, at path: FieldPath) {
        let given = Self.sources.filter { spec?[$0].map { !$0.isNull } ?? false }
        check.require(!given.isEmpty, path, "the volume has no source", expected: "such as csi, hostPath or nfs")
        let isPlaced = spec?["nodeAffinity"]?["required"].map { !$0.isNull } ?? false
        check.require(
            !given.contains("local") || isPlaced, path.field("nodeAffinity"),
            "required for a local volume: it is on one node only")
    }
}
