// Counterpart: SetDefaults_Pod and SetDefaults_PodSpec (pkg/apis/core/v1/defaults.go), and what the API server's pod
// strategy does with matchLabelKeys (v1.36).
// Deliberate difference: requests and host ports are filled in for templates too; their pods would get them anyway.

extension PodSpec {
    /// Fills in what depends on several fields: requests from limits, and host ports on the host's network.
    package mutating func fillDefaults() {
        for index in containers.indices { containers[index].fillDefaults(hostNetwork: hostNetwork) }
        for index in initContainers.indices { initContainers[index].fillDefaults(hostNetwork: hostNetwork) }
        guard !requests.isEmpty || !limits.isEmpty else { return }
        // Of huge pages limit and request are one amount, which the pod's limit says and else its containers'.
        for entry in total({ $0.limits }).entries
        where entry.name.isHugePages && requests[entry.name] == nil && limits[entry.name] == nil {
            limits[entry.name] = entry.amount
        }
        for entry in total({ $0.requests }).entries
        where Self.isPodLevel(entry.name) && !entry.name.isHugePages && requests[entry.name] == nil {
            requests[entry.name] = entry.amount
        }
        for entry in limits.entries where Self.isPodLevel(entry.name) && requests[entry.name] == nil {
            requests[entry.name] = entry.amount
        }
    }

    private static func isPodLevel(_ name: ResourceName) -> Bool {
        name == .cpu || name == .memory || name.isHugePages
    }

    /// What the containers have together: the sum of the main ones and sidecars, or the largest init step.
    func total(_ amounts: (Container) -> ResourceList) -> ResourceList {
        var total = ResourceList()
        for container in containers { total.add(amounts(container)) }
        var sidecars = ResourceList()
        var peak = ResourceList()
        for container in initContainers {
            var step = sidecars
            step.add(amounts(container))
            if container.isSidecar {
                sidecars = step
                total.add(amounts(container))
            }
            peak.raise(to: step)
        }
        total.raise(to: peak)
        return total
    }
}

extension Container {
    fileprivate mutating func fillDefaults(hostNetwork: Bool) {
        for entry in limits.entries where requests[entry.name] == nil { requests[entry.name] = entry.amount }
        guard hostNetwork else { return }
        for index in ports.indices where ports[index].hostPort == 0 {
            ports[index].hostPort = ports[index].containerPort
        }
    }
}

extension ResourceList {
    fileprivate mutating func add(_ other: ResourceList) {
        for entry in other.entries { self[entry.name] = (self[entry.name] ?? .zero) + entry.amount }
    }

    fileprivate mutating func raise(to other: ResourceList) {
        for entry in other.entries where self[entry.name].map({ $0 < entry.amount }) ?? true {
            self[entry.name] = entry.amount
        }
    }
}

// MARK: - matchLabelKeys

extension PodSpec {
    /// Returns the spec with the pod's own values of `matchLabelKeys` and `mismatchLabelKeys` merged into the label
    /// selectors of its (anti-)affinity terms, and of its spread constraints, as the API server does on create.
    package func mergingMatchLabelKeys(labels: StringMap) -> PodSpec {
        var spec = self
        for index in spec.topologySpreadConstraints.indices {
            let keys = spec.topologySpreadConstraints[index].matchLabelKeys
            spec.topologySpreadConstraints[index].labelSelector?.merge(keys, as: .in, labels: labels)
        }
        guard var affinity else { return spec }
        affinity.podAffinity?.mergeMatchLabelKeys(labels)
        affinity.podAntiAffinity?.mergeMatchLabelKeys(labels)
        spec.affinity = affinity
        return spec
    }
}

extension PodAffinityRules {
    fileprivate mutating func mergeMatchLabelKeys(_ labels: StringMap) {
        for index in required.indices { required[index].mergeMatchLabelKeys(labels) }
        for index in preferred.indices { preferred[index].term.mergeMatchLabelKeys(labels) }
    }
}

extension PodAffinityTerm {
    fileprivate mutating func mergeMatchLabelKeys(_ labels: StringMap) {
        labelSelector?.merge(matchLabelKeys, as: .in, labels: labels)
        labelSelector?.merge(mismatchLabelKeys, as: .notIn, labels: labels)
    }
}

extension LabelSelector {
    /// Adds one requirement for each of `keys` that the pod has; a requirement that is there already is not repeated.
    fileprivate mutating func merge(_ keys: [String], as operator: Requirement.Operator, labels: StringMap) {
        for key in keys {
            guard let value = labels[key] else { continue }
            let requirement = Requirement(key: key, operator: `operator`, values: [value])
            if !matchExpressions.contains(requirement) { matchExpressions.append(requirement) }
        }
    }
}
