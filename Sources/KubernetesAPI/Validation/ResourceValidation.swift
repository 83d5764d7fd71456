// Counterpart: validateResourceRequirements, validatePodResourceConsistency and the rules for names of resources
// (pkg/apis/core/validation, v1.36).

extension ValidationCheck {
    /// Where a name of a resource stands: each place knows others.
    enum ResourcePlace {
        case container
        case pod
        case quota
        /// A limit on claims and on what strangers bound.
        case anything
        /// A machine may have whatever it says.
        case node
    }

    /// Checks that the resources may stand there, that no amount is negative, and that whole things come in whole numbers.
    mutating func amounts(_ list: ResourceList, at path: FieldPath, of place: ResourcePlace) {
        for entry in list.entries {
            let name = entry.name
            let field = path.field(name.text)
            resourceName(name, at: field, of: place)
            require(entry.amount >= .zero, field, "must not be negative")
            require(
                !name.isCounted || entry.amount.isWhole, field,
                "\(entry.amount) of \(name.isExtended ? "an extended resource" : "something that is counted")",
                expected: "a whole number")
        }
    }

    /// Checks that a resource may stand at `place`; a name that nobody knows asks for nothing at all.
    mutating func resourceName(_ name: ResourceName, at path: FieldPath, of place: ResourcePlace) {
        let isRight: Bool
        var known: [String]
        switch place {
        case .container: (isRight, known) = (name.isOfContainers, ResourceName.ofContainers)
        case .pod: (isRight, known) = (name.isOfPods, ResourceName.ofPods)
        case .quota: (isRight, known) = (name.isOfQuotas, ResourceName.ofQuotas)
        case .anything: (isRight, known) = (name.isKnown, ResourceName.ofQuotas + ["storage"])
        case .node: return
        }
        if isRight { return }
        let what: String
        switch place {
        case .container: what = "is no resource of containers"
        case .pod: what = "is no resource of a pod as a whole"
        case .quota: what = "is nothing that a quota bounds"
        case .anything, .node: what = "is no resource"
        }
        let text = ManifestTree.shortened(name.text)
        let nearest = Self.usualSlips[name.text].flatMap { known.contains($0) || place == .container ? $0 : nil }
        let meant = (nearest ?? NearestName.of(name.text, among: known)).map { " (did you mean \"\($0)\"?)" } ?? ""
        if place == .quota { known = ["cpu", "requests.cpu", "limits.memory", "pods", "count/deployments.apps"] }
        let others = place == .pod ? "hugepages-…" : "hugepages-…, or a name with a domain such as nvidia.com/gpu"
        add(path, "\"\(text)\" \(what)\(meant)", expected: "\(known.joined(separator: ", ")), \(others)")
    }

    private static let usualSlips = [
        "mem": "memory", "ram": "memory", "gpu": "nvidia.com/gpu", "gpus": "nvidia.com/gpu", "cores": "cpu",
        "storage": "ephemeral-storage", "disk": "ephemeral-storage", "requests.cpu": "cpu", "limits.cpu": "cpu",
        "requests.memory": "memory", "limits.memory": "memory",
    ]

    /// Checks requests and limits of a container or a pod.
    mutating func resources(
        requests: ResourceList, limits: ResourceList, of place: ResourcePlace, at path: FieldPath
    ) {
        amounts(limits, at: path.field("limits"), of: place)
        // What a limit fills in was looked at with the limit.
        var own = requests
        for entry in limits.entries where own[entry.name] == entry.amount { own[entry.name] = nil }
        amounts(own, at: path.field("requests"), of: place)
        for entry in requests.entries {
            let name = entry.name
            let field = path.field("requests").field(name.text)
            guard let limit = limits[name] else {
                require(
                    !name.isWhole, path.field("limits"),
                    "the limit of \(name) is missing: nodes do not promise it twice, so that it must equal the request",
                    expected: "\(name): \(entry.amount)")
                continue
            }
            require(entry.amount <= limit, field, "the request \(entry.amount) is above the limit \(limit)")
            require(
                !name.isWhole || entry.amount >= limit, field,
                "request and limit of \(name) must be equal, since it cannot be overcommitted")
        }
        hugePages(requests: requests, limits: limits, at: path)
    }

    private mutating func hugePages(requests: ResourceList, limits: ResourceList, at path: FieldPath) {
        var hasPages = false
        for (field, list) in [("limits", limits), ("requests", requests)] {
            for entry in list.entries where entry.name.isHugePages {
                hasPages = true
                if field == "requests", limits[entry.name] == entry.amount { continue }
                let size = entry.name.pageSize
                let isWhole = size.map { $0 > .zero && $0.isWhole && entry.amount.value % $0.value == 0 }
                require(
                    isWhole ?? false, path.field(field).field(entry.name.text),
                    "\(entry.amount) is no multiple of the size of a page (\(entry.name))")
            }
        }
        let others: [ResourceName] = [.cpu, .memory]
        require(
            !hasPages || others.contains { requests[$0] != nil || limits[$0] != nil }, path,
            "huge pages need a request or a limit of cpu or memory beside them")
    }

    /// Checks what a pod asks for as a whole, and that its containers fit into that.
    mutating func podResources(of spec: PodSpec, at path: FieldPath) {
        if spec.requests.isEmpty, spec.limits.isEmpty { return }
        let wanted = spec.total { $0.requests }
        resources(requests: spec.requests, limits: spec.limits, of: .pod, at: path)
        for entry in wanted.entries {
            guard let whole = spec.requests[entry.name] else { continue }
            require(
                entry.amount <= whole, path.field("requests").field(entry.name.text),
                "\(whole) is less than the containers ask for together: \(entry.amount)")
        }
        for entry in spec.total({ $0.limits }).entries where entry.name.isHugePages {
            guard let whole = spec.limits[entry.name] else { continue }
            require(
                entry.amount <= whole, path.field("limits").field(entry.name.text),
                "\(whole) is less than the containers may use together: \(entry.amount)")
        }
        for container in spec.containers {
            for entry in container.limits.entries {
                guard let whole = spec.limits[entry.name] else { continue }
                require(
                    entry.amount <= whole, path.field("limits").field(entry.name.text),
                    "\(whole) is less than the container \(container.name) may use alone: \(entry.amount)")
            }
        }
    }
}

extension Quantity {
    /// Whether the amount, rounded up to thousandths as the API server does, is a whole number.
    fileprivate var isWhole: Bool { (nanos + 999_999) / 1_000_000 % 1_000 == 0 }
}
