// Counterpart: ValidatePodSpec and ValidatePodTemplateSpec (pkg/apis/core/validation).

extension ValidationCheck {
    /// Checks a template; `policies` are the restart policies that its kind allows.
    mutating func template(_ template: PodTemplateSpec, at path: FieldPath, policies: [RestartPolicy]) {
        labels(template.labels, at: path.field("metadata").field("labels"))
        let spec = template.spec
        require(
            policies.contains(spec.restartPolicy), path.field("spec").field("restartPolicy"),
            "\(spec.restartPolicy.rawValue) is not allowed for this kind",
            expected: policies.map(\.rawValue).joined(separator: " or "))
        require(
            policies != [.always] || spec.activeDeadlineSeconds == nil,
            path.field("spec").field("activeDeadlineSeconds"), "not allowed for this kind: its pods do not end",
            expected: "no value")
        podSpec(spec, labels: template.labels, at: path.field("spec"))
    }

    mutating func podSpec(_ spec: PodSpec, labels podLabels: StringMap, at path: FieldPath) {
        require(!spec.containers.isEmpty, path.field("containers"), "at least one container is required")
        containers(spec, at: path)
        labels(spec.nodeSelector, at: path.field("nodeSelector"))
        if let affinity = spec.affinity { self.affinity(affinity, at: path.field("affinity")) }
        for (index, toleration) in spec.tolerations.enumerated() {
            self.toleration(toleration, at: path.field("tolerations").index(index))
        }
        spreadConstraints(
            spec.topologySpreadConstraints, labels: podLabels, at: path.field("topologySpreadConstraints"))
        volumes(spec.volumes, at: path.field("volumes"))
        amounts(spec.overhead, at: path.field("overhead"), of: .container)
        podResources(of: spec, at: path.field("resources"))
        uniqueNames(spec.schedulingGates, at: path.field("schedulingGates"), what: "scheduling gate")
        for (index, gate) in spec.readinessGates.enumerated() where !gate.isEmpty {
            require(
                NameRules.isQualifiedName(gate), path.field("readinessGates").index(index).field("conditionType"),
                "\"\(ManifestTree.shortened(gate))\" is no valid name of a condition",
                expected: "letters, digits, \"-\", \"_\" and \".\", at most 63, perhaps after a DNS name and \"/\"")
        }
    }

    private mutating func containers(_ spec: PodSpec, at path: FieldPath) {
        var names = Set<String>()
        var taken = Set<String>()
        for (field, containers) in [("initContainers", spec.initContainers), ("containers", spec.containers)] {
            taken.removeAll()
            for (index, container) in containers.enumerated() {
                let place = path.field(field).index(index)
                if !container.name.isEmpty {
                    require(
                        NameRules.isDNSLabel(container.name), place.field("name"),
                        "\"\(ManifestTree.shortened(container.name))\" is no valid name of a container",
                        expected: "letters in lower case, digits and \"-\"; at most 63")
                    require(
                        names.insert(container.name).inserted, place.field("name"),
                        "the name \"\(ManifestTree.shortened(container.name))\" is taken by another container")
                }
                resources(
                    requests: container.requests, limits: container.limits, of: .container,
                    at: place.field("resources"))
                ports(container.ports, at: place.field("ports"), hostNetwork: spec.hostNetwork)
                // The API server compares main containers with each other, and each init container with itself alone.
                if field == "initContainers" { taken.removeAll() }
                hostPorts(container.ports, at: place.field("ports"), taken: &taken)
                probes(of: container, isInit: field == "initContainers", at: place)
                if !container.restartPolicyRules.isEmpty { restartRules(of: container, at: place) }
            }
        }
    }

    private mutating func ports(_ ports: [ContainerPort], at path: FieldPath, hostNetwork: Bool) {
        var names = Set<String>()
        for (index, port) in ports.enumerated() {
            let place = path.index(index)
            if !port.name.isEmpty {
                require(
                    port.name.utf8.count <= 15 && NameRules.isDNSLabel(port.name), place.field("name"),
                    "not a valid name of a port", expected: "at most 15 letters in lower case, digits and \"-\"")
                require(names.insert(port.name).inserted, place.field("name"), "the name of the port is taken")
            }
            if hostNetwork, port.hostPort != 0 {
                require(
                    port.hostPort == port.containerPort, place.field("hostPort"),
                    "must equal containerPort on the host's network")
            }
        }
    }

    private mutating func hostPorts(_ ports: [ContainerPort], at path: FieldPath, taken: inout Set<String>) {
        for (index, port) in ports.enumerated() where port.hostPort != 0 {
            let key = "\(port.hostIP)/\(port.hostPort)/\(port.protocol)"
            require(
                taken.insert(key).inserted, path.index(index).field("hostPort"),
                "the host port \(port.hostPort) (\(port.protocol)) is asked for twice in this pod")
        }
    }

    private mutating func probes(of container: Container, isInit: Bool, at path: FieldPath) {
        if isInit, !container.isSidecar {
            for (name, probe) in [
                ("livenessProbe", container.livenessProbe), ("readinessProbe", container.readinessProbe),
                ("startupProbe", container.startupProbe),
            ] {
                require(probe == nil, path.field(name), "not allowed for an init container that is no sidecar")
            }
        }
        for (name, probe) in [("livenessProbe", container.livenessProbe), ("startupProbe", container.startupProbe)] {
            require(
                probe.map { $0.successThreshold == 1 } ?? true, path.field(name).field("successThreshold"),
                "must be 1")
        }
        require(
            container.readinessProbe?.terminationGracePeriodSeconds == nil,
            path.field("readinessProbe").field("terminationGracePeriodSeconds"),
            "not allowed: a readiness probe stops nobody")
    }

    private mutating func restartRules(of container: Container, at path: FieldPath) {
        let place = path.field("restartPolicyRules")
        require(
            container.restartPolicy != nil, path.field("restartPolicy"),
            "a value is required where there are restartPolicyRules", expected: "Always, OnFailure or Never")
        require(container.restartPolicyRules.count <= 20, place, "more than 20 rules")
        for (index, rule) in container.restartPolicyRules.enumerated() {
            require(
                rule.exitCodes.count <= 255, place.index(index).field("exitCodes").field("values"),
                "a rule is about 255 exit codes at most")
        }
    }

    private mutating func volumes(_ volumes: [Volume], at path: FieldPath) {
        for (index, volume) in volumes.enumerated() {
            if case .emptyDir(_, let limit?) = volume.source {
                require(
                    limit >= .zero, path.index(index).field("emptyDir").field("sizeLimit"), "must not be negative")
            }
        }
        for (index, volume) in volumes.enumerated() where !volume.name.isEmpty {
            require(
                NameRules.isDNSLabel(volume.name), path.index(index).field("name"),
                "not a valid name of a volume", expected: "letters in lower case, digits and \"-\"; at most 63")
        }
        uniqueNames(volumes.map(\.name), at: path, what: "volume")
    }

    private mutating func uniqueNames(_ names: [String], at path: FieldPath, what: String) {
        var seen = Set<String>()
        for (index, name) in names.enumerated() where !name.isEmpty {
            require(
                seen.insert(name).inserted, path.index(index).field("name"),
                "the \(what) \"\(ManifestTree.shortened(name))\" is given twice")
        }
    }
}
