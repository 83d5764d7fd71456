import Chronology

// Counterpart: policy/v1 and autoscaling/v1 and v2 with their defaults.

extension PodDisruptionBudget {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        reader.object("spec") { reader in
            selector = reader.object("selector") { LabelSelector(reading: $0) }
            minAvailable = reader.intOrPercent("minAvailable")
            maxUnavailable = reader.intOrPercent("maxUnavailable")
            unhealthyPodEvictionPolicy = reader.optionalChoice("unhealthyPodEvictionPolicy")
        }
        status = reader.object("status") { Status(reading: $0) } ?? Status()
    }
}

extension PodDisruptionBudget.Status {
    init(reading reader: FieldReader) {
        self.init()
        observedGeneration = reader.int64("observedGeneration") ?? 0
        expectedPods = reader.count("expectedPods") ?? 0
        desiredHealthy = reader.count("desiredHealthy") ?? 0
        currentHealthy = reader.count("currentHealthy") ?? 0
        disruptionsAllowed = reader.count("disruptionsAllowed") ?? 0
        disruptedPods = reader.stringMap("disruptedPods").keys
        conditions = reader.objects("conditions") { Condition(reading: $0) }
    }
}

// MARK: - HorizontalPodAutoscaler

extension HorizontalPodAutoscaler {
    init(reading reader: FieldReader, metadata: ObjectMeta, isV1: Bool) {
        self.init(metadata: metadata)
        reader.requiredSpec { reader in
            if !reader.has("scaleTargetRef") { reader.error("scaleTargetRef", "a value is required") }
            reader.object("scaleTargetRef") { reader in
                targetKind = reader.requiredString("kind")
                targetName = reader.requiredString("name")
                reader.inert(["apiVersion"])
            }
            minReplicas = reader.count("minReplicas") ?? 1
            if !reader.has("maxReplicas") { reader.error("maxReplicas", "a value is required") }
            maxReplicas = reader.int64("maxReplicas", in: 1...Int64(Int32.max)) ?? 1
            if isV1 {
                if let share = reader.int64("targetCPUUtilizationPercentage", in: 1...Int64(Int32.max)) {
                    metrics = [Metric(cpuUtilization: share)]
                }
            } else {
                metrics = reader.objects("metrics") { Metric(reading: $0) }
                behavior = reader.object("behavior") { Behavior(reading: $0) } ?? Behavior()
            }
        }
        if metrics.isEmpty { metrics = [Metric(cpuUtilization: 80)] }
        reader.object("status") { reader in
            // The controller finds all else anew; who took the target to no replicas is told here alone.
            status.conditions = reader.objects("conditions") { Condition(reading: $0) }
                .filter { $0.isOf(HorizontalPodAutoscaler.scaledToZero) }
            reader.inert([
                "observedGeneration", "lastScaleTime", "currentReplicas", "desiredReplicas", "currentMetrics",
                "currentCPUUtilizationPercentage",
            ])
        }
    }
}

extension HorizontalPodAutoscaler.Metric {
    private enum MetricType: String, CaseIterable {
        case object = "Object"
        case pods = "Pods"
        case resource = "Resource"
        case containerResource = "ContainerResource"
        case external = "External"
    }

    private enum TargetType: String, CaseIterable {
        case utilization = "Utilization"
        case value = "Value"
        case averageValue = "AverageValue"
    }

    /// Creates the metric that aims at a share of the requested CPU, in percent.
    init(cpuUtilization: Int64) {
        self.init(type: MetricType.resource.rawValue)
        resource = .cpu
        averageUtilization = cpuUtilization
    }

    init?(reading reader: FieldReader) {
        guard let type: MetricType = reader.requiredChoice("type") else {
            reader.restIsInert()
            return nil
        }
        self.init(type: type.rawValue)
        switch type {
        case .resource, .containerResource:
            let field = type == .resource ? "resource" : "containerResource"
            if !reader.has(field) { reader.error(field, "a value is required") }
            reader.object(field) { reader in
                resource = ResourceName(reader.requiredString("name"))
                if type == .containerResource { container = reader.requiredString("container") }
                readTarget(reader)
            }
        case .pods, .object, .external:
            let field = type == .pods ? "pods" : type == .object ? "object" : "external"
            if !reader.has(field) { reader.error(field, "a value is required") }
            reader.object(field) { reader in
                readTarget(reader)
                if !reader.has("metric") { reader.error("metric", "a value is required") }
                reader.object("metric") { reader in
                    name = reader.requiredString("name")
                    selector = reader.object("selector") { LabelSelector(reading: $0) }
                }
                guard type == .object else { return }
                if !reader.has("describedObject") { reader.error("describedObject", "a value is required") }
                reader.object("describedObject") { reader in
                    objectKind = reader.requiredString("kind")
                    objectName = reader.requiredString("name")
                    reader.inert(["apiVersion"])
                }
            }
        }
    }

    private mutating func readTarget(_ reader: FieldReader) {
        if !reader.has("target") { reader.error("target", "a value is required") }
        reader.object("target") { reader in
            _ = reader.requiredChoice("type", as: TargetType.self)
            averageUtilization = reader.int64("averageUtilization", in: 1...Int64(Int32.max))
            averageValue = reader.quantity("averageValue")
            value = reader.quantity("value")
        }
    }
}

extension HorizontalPodAutoscaler.Behavior {
    init(reading reader: FieldReader) {
        self.init()
        scaleUp = reader.object("scaleUp") { HorizontalPodAutoscaler.ScalingRules(reading: $0) }
        scaleDown = reader.object("scaleDown") { HorizontalPodAutoscaler.ScalingRules(reading: $0) }
        // A behavior that says nothing still exchanges the old rules for the default ones.
        if scaleUp == nil, scaleDown == nil { scaleUp = HorizontalPodAutoscaler.ScalingRules() }
    }
}

extension HorizontalPodAutoscaler.ScalingRules {
    init(reading reader: FieldReader) {
        self.init()
        stabilizationWindowSeconds = reader.int64("stabilizationWindowSeconds", in: 0...3_600)
        selectPolicy = reader.optionalChoice("selectPolicy")
        tolerance = reader.quantity("tolerance")
        if reader.has("policies"), reader.elements("policies").isEmpty {
            reader.error("policies", "at least one policy is required; without the field the default ones hold")
        }
        policies = reader.objects("policies") { reader in
            let value = reader.int64("value", in: 1...Int64(Int32.max)) ?? 1
            let period = reader.int64("periodSeconds", in: 1...1_800) ?? 1
            guard let type: HorizontalPodAutoscaler.ScalingPolicy.PolicyType = reader.requiredChoice("type") else {
                return nil
            }
            return HorizontalPodAutoscaler.ScalingPolicy(type: type, value: value, periodSeconds: period)
        }
    }
}
