// Counterpart: validation of apps/v1, policy/v1, autoscaling/v2 and the small kinds.

extension ValidationCheck {
    /// Checks that a selector is there, is not empty and selects the pods of the template.
    mutating func selector(_ selector: LabelSelector?, of template: PodTemplateSpec, at path: FieldPath) {
        let place = path.field("selector")
        guard let selector else {
            add(place, "a value is required")
            return
        }
        require(!selector.isEmpty, place, "must not be empty")
        labelSelector(selector, at: place)
        require(
            selector.matches(template.labels), path.field("template").field("metadata").field("labels"),
            "the selector does not match the labels of the template")
    }

    mutating func deployment(_ deployment: Deployment, at path: FieldPath) {
        selector(deployment.spec.selector, of: deployment.spec.template, at: path)
        template(deployment.spec.template, at: path.field("template"), policies: [.always])
        if let deadline = deployment.spec.progressDeadlineSeconds {
            require(
                deadline > deployment.spec.minReadySeconds, path.field("progressDeadlineSeconds"),
                "must be greater than minReadySeconds")
        }
        switch deployment.spec.strategy {
        case .recreate: break
        case .rollingUpdate(let unavailable, let surge):
            rollout(unavailable: unavailable, surge: surge, at: path.field("strategy").field("rollingUpdate"))
        }
    }

    private mutating func rollout(unavailable: IntOrPercent, surge: IntOrPercent, at path: FieldPath) {
        require(
            !unavailable.isZero || !surge.isZero, path.field("maxUnavailable"),
            "must not be 0 when maxSurge is 0: nothing could be replaced")
        if case .percent(let share) = unavailable {
            require(share <= 100, path.field("maxUnavailable"), "more than 100 %", expected: "at most 100%")
        }
    }

    mutating func daemonSetStrategy(_ strategy: DaemonSet.UpdateStrategy, at path: FieldPath) {
        switch strategy {
        case .onDelete: break
        case .rollingUpdate(let unavailable, let surge):
            let place = path.field("rollingUpdate")
            rollout(unavailable: unavailable, surge: surge, at: place)
            require(
                unavailable.isZero || surge.isZero, place.field("maxSurge"),
                "must be 0 when maxUnavailable is not: one of the two")
            if case .percent(let share) = surge {
                require(share <= 100, place.field("maxSurge"), "more than 100 %", expected: "at most 100%")
            }
        }
    }

    mutating func budget(_ budget: PodDisruptionBudget, at path: FieldPath) {
        require(
            budget.minAvailable == nil || budget.maxUnavailable == nil, path.field("maxUnavailable"),
            "not allowed together with minAvailable")
        for (name, amount) in [("minAvailable", budget.minAvailable), ("maxUnavailable", budget.maxUnavailable)] {
            if case .percent(let share)? = amount {
                require(share <= 100, path.field(name), "more than 100 %", expected: "at most 100%")
            }
        }
        if let selector = budget.selector { labelSelector(selector, at: path.field("selector")) }
    }

    mutating func node(_ node: Node) {
        taints(node.spec.taints, at: FieldPath.root.field("spec").field("taints"))
        let status = FieldPath.root.field("status")
        amounts(node.status.capacity, at: status.field("capacity"), of: .node)
        amounts(node.status.allocatable, at: status.field("allocatable"), of: .node)
    }

    mutating func priorityClass(_ priority: PriorityClass) {
        guard !priority.metadata.name.hasPrefix("system-") else {
            // Two names are Kubernetes' own, and exports hold them.
            require(
                ["system-node-critical", "system-cluster-critical"].contains(priority.metadata.name),
                FieldPath.root.field("metadata").field("name"), "names that start with system- are reserved")
            return
        }
        require(
            priority.value <= 1_000_000_000, FieldPath.root.field("value"), "too high for a class of users",
            expected: "at most 1000000000")
    }

    private mutating func accessModes(_ modes: [AccessMode], at path: FieldPath) {
        require(!modes.isEmpty, path, "at least one is required")
        require(
            !modes.contains(.readWriteOncePod) || modes.allSatisfy { $0 == .readWriteOncePod }, path,
            "ReadWriteOncePod is not allowed together with other access modes")
    }

    mutating func volume(_ volume: PersistentVolume, at path: FieldPath) {
        accessModes(volume.spec.accessModes, at: path.field("accessModes"))
        require(
            volume.spec.capacity > .zero, path.field("capacity").field("storage"),
            "a capacity greater than 0 is required")
        for (index, term) in (volume.spec.nodeAffinity?.terms ?? []).enumerated() {
            nodeSelectorTerm(
                term, at: path.field("nodeAffinity").field("required").field("nodeSelectorTerms").index(index))
        }
    }

    mutating func claim(_ spec: PersistentVolumeClaimSpec, at path: FieldPath) {
        accessModes(spec.accessModes, at: path.field("accessModes"))
        require(
            spec.request > .zero, path.field("resources").field("requests").field("storage"),
            "a request greater than 0 is required")
        if let selector = spec.selector { labelSelector(selector, at: path.field("selector")) }
    }
}

extension IntOrPercent {
    fileprivate var isZero: Bool {
        switch self {
        case .number(let count): count == 0
        case .percent(let share): share == 0
        }
    }
}
