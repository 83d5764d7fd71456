// Counterpart: ValidateLimitRange, ValidateResourceQuotaSpec and validateServicePort (pkg/apis/core/validation, v1.36).

// MARK: - LimitRange

extension ValidationCheck {
    mutating func limitRange(_ range: LimitRange, at path: FieldPath) {
        var types = Set<String>()
        for (index, item) in range.items.enumerated() {
            let place = path.index(index)
            require(types.insert(item.type).inserted, place.field("type"), "\(item.type) is bounded twice")
            limits(item, at: place)
        }
    }

    private mutating func limits(_ item: LimitRange.Item, at path: FieldPath) {
        let place: ResourcePlace = ["Container", "Pod"].contains(item.type) ? .container : .anything
        for (name, list) in [
            ("max", item.max), ("min", item.min), ("default", item.default), ("defaultRequest", item.defaultRequest),
            ("maxLimitRequestRatio", item.maxLimitRequestRatio),
        ] {
            for entry in list.entries {
                resourceName(entry.name, at: path.field(name).field(entry.name.text), of: place)
            }
        }
        if item.type == "Pod" {
            for (name, list) in [("default", item.default), ("defaultRequest", item.defaultRequest)] {
                require(list.isEmpty, path.field(name), "not allowed for the type Pod: pods are given nothing")
            }
        }
        if item.type == "PersistentVolumeClaim" {
            require(
                item.min[.storage] != nil || item.max[.storage] != nil, path, "nothing is bounded",
                expected: "min or max of storage")
        }
        order(item, at: path)
        ratios(item, at: path)
    }

    /// Checks that what is filled in lies within the bounds.
    private mutating func order(_ item: LimitRange.Item, at path: FieldPath) {
        let pairs: [(String, ResourceList, String, ResourceList, String)] = [
            ("min", item.min, "max", item.max, "min"),
            ("min", item.min, "defaultRequest", item.defaultRequest, "defaultRequest"),
            ("defaultRequest", item.defaultRequest, "max", item.max, "defaultRequest"),
            ("defaultRequest", item.defaultRequest, "default", item.default, "defaultRequest"),
            ("min", item.min, "default", item.default, "default"),
            ("default", item.default, "max", item.max, "default"),
        ]
        for (low, lower, high, upper, field) in pairs where item.type != "Pod" || low == "min" && high == "max" {
            for entry in lower.entries {
                guard let above = upper[entry.name] else { continue }
                require(
                    entry.amount <= above, path.field(field).field(entry.name.text),
                    "\(low) \(entry.amount) is above \(high) \(above)")
            }
        }
        for entry in item.default.entries where entry.name.isWhole {
            guard let request = item.defaultRequest[entry.name] else { continue }
            require(
                entry.amount == request, path.field("defaultRequest").field(entry.name.text),
                "must equal default \(entry.amount), since \(entry.name) cannot be overcommitted")
        }
    }

    private mutating func ratios(_ item: LimitRange.Item, at path: FieldPath) {
        for entry in item.maxLimitRequestRatio.entries {
            let place = path.field("maxLimitRequestRatio").field(entry.name.text)
            require(entry.amount >= Quantity(1), place, "a ratio below 1 allows nothing")
            guard let most = item.max[entry.name], let least = item.min[entry.name], least > .zero else { continue }
            let (product, isBeyond) = entry.amount.nanos.multipliedReportingOverflow(by: least.nanos)
            require(
                !isBeyond && product <= most.nanos * 1_000_000_000, place,
                "\(entry.amount) is more than max \(most) and min \(least) leave between them")
        }
    }
}

// MARK: - ResourceQuota

extension ValidationCheck {
    private static let scopes = [
        "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "VolumeAttributesClass",
        "CrossNamespacePodAffinity",
    ]

    mutating func quota(_ quota: ResourceQuota, at path: FieldPath) {
        amounts(quota.hard, at: path.field("hard"), of: .quota)
        let scopes = path.field("scopes")
        for (index, scope) in quota.scopes.enumerated() {
            self.scope(scope, of: quota, at: scopes.index(index))
        }
        conflict(quota.scopes, at: scopes)
        let selector = path.field("scopeSelector").field("matchExpressions")
        for (index, requirement) in quota.scopeSelector.enumerated() {
            let place = selector.index(index)
            scope(requirement.scope, of: quota, at: place.field("scopeName"))
            require(
                requirement.operator == .exists
                    || ["PriorityClass", "VolumeAttributesClass"].contains(requirement.scope)
                    || !Self.scopes.contains(requirement.scope),
                place.field("operator"), "the scope \(requirement.scope) has no values to compare", expected: "Exists")
            switch requirement.operator {
            case .in, .notIn:
                require(!requirement.values.isEmpty, place.field("values"), "In and NotIn need values")
            case .exists, .doesNotExist:
                require(requirement.values.isEmpty, place.field("values"), "Exists and DoesNotExist take no values")
            }
        }
        conflict(quota.scopeSelector.map(\.scope), at: selector)
    }

    private mutating func scope(_ scope: String, of quota: ResourceQuota, at path: FieldPath) {
        guard Self.scopes.contains(scope) else {
            let nearest = NearestName.of(scope, among: Self.scopes).map { " (did you mean \"\($0)\"?)" } ?? ""
            add(
                path, "\"\(ManifestTree.shortened(scope))\" is no scope of quotas\(nearest)",
                expected: "one of \(Self.scopes.joined(separator: ", "))")
            return
        }
        for entry in quota.hard.entries where entry.name.isStandardOfQuotas {
            require(
                Self.isValid(scope, for: entry.name.text), path,
                "the scope \(scope) says nothing of \(entry.name), which the quota bounds")
        }
    }

    private static func isValid(_ scope: String, for name: String) -> Bool {
        switch scope {
        case "BestEffort": name == "pods"
        case "VolumeAttributesClass": name == "persistentvolumeclaims" || name == "requests.storage"
        default:
            ["pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"].contains(name)
        }
    }

    private mutating func conflict(_ scopes: [String], at path: FieldPath) {
        for (one, other) in [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")] {
            require(
                !scopes.contains(one) || !scopes.contains(other), path, "no pod is in both scopes, \(one) and \(other)")
        }
    }
}

// MARK: - Service

extension ValidationCheck {
    mutating func service(_ service: Service, at path: FieldPath) {
        labels(service.selector, at: path.field("selector"))
        require(
            !service.ports.isEmpty || service.isHeadless || service.type == "ExternalName", path.field("ports"),
            "at least one port is required")
        require(
            !service.isHeadless || !["NodePort", "LoadBalancer"].contains(service.type), path.field("clusterIP"),
            "a service of the type \(service.type) has an address", expected: "no None")
        var names = Set<String>()
        var doors = Set<[String]>()
        var nodeDoors = Set<[String]>()
        for (index, port) in service.ports.enumerated() {
            let place = path.field("ports").index(index)
            let name = place.field("name")
            if port.name.isEmpty {
                require(service.ports.count == 1, name, "a value is required where there are several ports")
            } else {
                require(
                    NameRules.isDNSLabel(port.name), name, "not a valid name of a port",
                    expected: "letters in lower case, digits and \"-\"; at most 63")
                require(names.insert(port.name).inserted, name, "the name \"\(port.name)\" is given twice")
            }
            require(
                doors.insert([port.protocol, "\(port.port)"]).inserted, place.field("port"),
                "the port \(port.port) (\(port.protocol)) is given twice")
            guard port.nodePort != 0 else { continue }
            let nodePort = place.field("nodePort")
            require(service.type != "ClusterIP", nodePort, "not allowed for a service of the type ClusterIP")
            require(
                nodeDoors.insert([port.protocol, "\(port.nodePort)"]).inserted, nodePort,
                "the port \(port.nodePort) of the nodes (\(port.protocol)) is given twice")
        }
    }
}
