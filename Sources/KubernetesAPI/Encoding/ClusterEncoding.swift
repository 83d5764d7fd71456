// Counterpart: nodes, storage, policies and the small kinds.

import Chronology

extension TreeEncoder {
    func node(_ node: Node) -> [(String, ManifestTree?)] {
        let taints = list(node.spec.taints) {
            .mapping([
                ("key", .text($0.key)), ("value", text($0.value)), ("effect", .text($0.effect.rawValue)),
                ("timeAdded", time($0.timeAdded)),
            ])
        }
        let images = list(node.status.images) {
            .mapping([("names", texts($0.names)), ("sizeBytes", .number($0.sizeBytes))])
        }
        // Always there, since decoding would copy the capacity into an absent one.
        let allocatable = resources(node.status.allocatable) ?? .mapping([])
        return [
            (
                "spec",
                optional([
                    ("unschedulable", flag(node.spec.unschedulable)), ("taints", taints),
                    ("providerID", text(node.spec.providerID)),
                ])
            ),
            (
                "status",
                .mapping([
                    ("capacity", resources(node.status.capacity)), ("allocatable", allocatable),
                    ("conditions", list(node.status.conditions, condition)), ("images", images),
                ])
            ),
        ]
    }

    func service(_ object: Service) -> [(String, ManifestTree?)] {
        let ports = list(object.ports) { port in
            let target: ManifestTree =
                switch port.target {
                case .number(let number): .number(Int64(number))
                case .name(let name): .text(name)
                }
            return .mapping([
                ("name", text(port.name)), ("protocol", .text(port.protocol)), ("port", .number(Int64(port.port))),
                ("targetPort", target), ("nodePort", nonZero(Int64(port.nodePort))),
            ])
        }
        return [
            (
                "spec",
                .mapping([
                    ("selector", map(object.selector)), ("type", .text(object.type)), ("ports", ports),
                    ("clusterIP", object.isHeadless ? .text("None") : nil),
                    ("publishNotReadyAddresses", flag(object.publishesNotReady)),
                    ("allocateLoadBalancerNodePorts", object.allocatesNodePorts ? nil : .bool(false)),
                ])
            )
        ]
    }

    func endpointSlice(_ object: EndpointSlice) -> [(String, ManifestTree?)] {
        let endpoints = list(object.endpoints) { endpoint in
            .mapping([
                ("targetRef", .mapping([("kind", .text("Pod")), ("name", .text(endpoint.pod))])),
                ("nodeName", text(endpoint.node)), ("zone", text(endpoint.zone)),
                (
                    "conditions",
                    .mapping([
                        ("ready", .bool(endpoint.isReady)), ("serving", .bool(endpoint.isServing)),
                        ("terminating", .bool(endpoint.isTerminating)),
                    ])
                ),
            ])
        }
        let ports = list(object.ports) {
            .mapping([
                ("name", text($0.name)), ("protocol", .text($0.protocol)), ("port", .number(Int64($0.port))),
            ])
        }
        return [("endpoints", endpoints), ("ports", ports)]
    }

    func csiNode(_ node: CSINode) -> [(String, ManifestTree?)] {
        let drivers = node.drivers.map { driver in
            ManifestTree.mapping([
                ("name", .text(driver.name)), ("topologyKeys", texts(driver.topologyKeys)),
                ("allocatable", optional([("count", number(driver.allocatableCount))])),
            ])
        }
        return [("spec", .mapping([("drivers", .sequence(drivers))]))]
    }

    func endpoints(_ object: Endpoints) -> [(String, ManifestTree?)] {
        func addresses(_ names: [String]) -> ManifestTree? {
            list(names) { .mapping([("targetRef", .mapping([("kind", .text("Pod")), ("name", .text($0))]))]) }
        }
        if object.ready.isEmpty, object.notReady.isEmpty { return [] }
        let subset = ManifestTree.mapping([
            ("addresses", addresses(object.ready)), ("notReadyAddresses", addresses(object.notReady)),
        ])
        return [("subsets", .sequence([subset]))]
    }
}

// MARK: - Storage

extension TreeEncoder {
    func persistentVolume(_ object: PersistentVolume) -> [(String, ManifestTree?)] {
        let spec = object.spec
        let claim = optional([
            ("namespace", spec.claimNamespace.map { .text($0) }), ("name", spec.claimName.map { .text($0) }),
            ("uid", spec.claimUID.map { .text($0.description) }),
        ])
        var entries: [(String, ManifestTree?)] = [
            ("capacity", .mapping([("storage", quantity(spec.capacity))])),
            ("accessModes", texts(spec.accessModes.map(\.rawValue))),
            ("storageClassName", text(spec.storageClassName)), ("volumeMode", .text(spec.volumeMode)),
            ("persistentVolumeReclaimPolicy", .text(spec.reclaimPolicy.rawValue)), ("claimRef", claim),
            ("nodeAffinity", optional([("required", nodeSelector(spec.nodeAffinity))])),
            ("volumeAttributesClassName", text(spec.attributesClassName)),
        ]
        if let source = source(spec.source) { entries.append(source) }
        return [("spec", .mapping(entries)), ("status", phase(object.phase))]
    }

    func claimSpec(_ spec: PersistentVolumeClaimSpec) -> ManifestTree {
        .mapping([
            ("accessModes", texts(spec.accessModes.map(\.rawValue))),
            ("resources", .mapping([("requests", .mapping([("storage", quantity(spec.request))]))])),
            // The empty name says "no class", unlike an absent one.
            ("storageClassName", spec.storageClassName.map { .text($0) }), ("volumeName", text(spec.volumeName)),
            ("volumeMode", .text(spec.volumeMode)), ("selector", selector(spec.selector)),
            ("volumeAttributesClassName", text(spec.attributesClassName)),
        ])
    }

    func storageClass(_ object: StorageClass) -> [(String, ManifestTree?)] {
        let topologies = list(object.allowedTopologies) { term in
            .mapping([
                (
                    "matchLabelExpressions",
                    list(term.matchExpressions) {
                        .mapping([("key", .text($0.key)), ("values", texts($0.values))])
                    }
                )
            ])
        }
        return [
            ("provisioner", .text(object.provisioner)),
            ("allowVolumeExpansion", object.allowsExpansion ? .bool(true) : nil),
            ("volumeBindingMode", .text(object.waitForFirstConsumer ? "WaitForFirstConsumer" : "Immediate")),
            ("reclaimPolicy", .text(object.reclaimPolicy.rawValue)), ("allowedTopologies", topologies),
        ]
    }
}

// MARK: - Policies

extension TreeEncoder {
    func budget(_ object: PodDisruptionBudget) -> [(String, ManifestTree?)] {
        let status = object.status
        let disrupted: ManifestTree? =
            status.disruptedPods.isEmpty
            ? nil : .mapping(status.disruptedPods.map { ($0, time(.start)) })
        return [
            (
                "spec",
                .mapping([
                    ("selector", selector(object.selector)), ("minAvailable", amount(object.minAvailable)),
                    ("maxUnavailable", amount(object.maxUnavailable)),
                    ("unhealthyPodEvictionPolicy", text(object.unhealthyPodEvictionPolicy?.rawValue)),
                ])
            ),
            (
                "status",
                optional([
                    ("observedGeneration", nonZero(status.observedGeneration)),
                    ("expectedPods", nonZero(status.expectedPods)),
                    ("desiredHealthy", nonZero(status.desiredHealthy)),
                    ("currentHealthy", nonZero(status.currentHealthy)),
                    ("disruptionsAllowed", nonZero(status.disruptionsAllowed)), ("disruptedPods", disrupted),
                    ("conditions", list(status.conditions, condition)),
                ])
            ),
        ]
    }

    func limitRange(_ object: LimitRange) -> [(String, ManifestTree?)] {
        let items = object.items.map { item in
            ManifestTree.mapping([
                ("type", .text(item.type)), ("max", resources(item.max)), ("min", resources(item.min)),
                ("default", resources(item.default)), ("defaultRequest", resources(item.defaultRequest)),
                ("maxLimitRequestRatio", resources(item.maxLimitRequestRatio)),
            ])
        }
        return [("spec", .mapping([("limits", .sequence(items))]))]
    }

    func autoscaler(_ object: HorizontalPodAutoscaler) -> [(String, ManifestTree?)] {
        let target = ManifestTree.mapping([("kind", .text(object.targetKind)), ("name", .text(object.targetName))])
        let behavior = optional([
            ("scaleUp", object.behavior.scaleUp.map(scalingRules)),
            ("scaleDown", object.behavior.scaleDown.map(scalingRules)),
        ])
        return [
            (
                "spec",
                .mapping([
                    ("scaleTargetRef", target), ("minReplicas", .number(object.minReplicas)),
                    ("maxReplicas", .number(object.maxReplicas)), ("metrics", list(object.metrics, metric)),
                    ("behavior", behavior),
                ])
            )
        ]
    }

    private func metric(_ metric: HorizontalPodAutoscaler.Metric) -> ManifestTree {
        let type = metric.averageUtilization != nil ? "Utilization" : metric.value != nil ? "Value" : "AverageValue"
        let target = ManifestTree.mapping([
            ("type", .text(type)), ("averageUtilization", number(metric.averageUtilization)),
            ("averageValue", quantity(metric.averageValue)), ("value", quantity(metric.value)),
        ])
        let field = metric.type.prefix(1).lowercased() + metric.type.dropFirst()
        return .mapping([
            ("type", .text(metric.type)),
            (
                field,
                .mapping([
                    ("name", metric.resource.map { .text($0.text) }),
                    ("container", metric.container.map { .text($0) }), ("metric", metricIdentity(metric)),
                    ("describedObject", describedObject(metric)), ("target", target),
                ])
            ),
        ])
    }

    private func metricIdentity(_ metric: HorizontalPodAutoscaler.Metric) -> ManifestTree? {
        metric.name.map { .mapping([("name", .text($0)), ("selector", selector(metric.selector))]) }
    }

    private func describedObject(_ metric: HorizontalPodAutoscaler.Metric) -> ManifestTree? {
        guard let kind = metric.objectKind, let name = metric.objectName else { return nil }
        return .mapping([("kind", .text(kind)), ("name", .text(name))])
    }

    private func scalingRules(_ rules: HorizontalPodAutoscaler.ScalingRules) -> ManifestTree {
        .mapping([
            ("stabilizationWindowSeconds", number(rules.stabilizationWindowSeconds)),
            ("selectPolicy", text(rules.selectPolicy?.rawValue)), ("tolerance", quantity(rules.tolerance)),
            (
                "policies",
                list(rules.policies) {
                    .mapping([
                        ("type", .text($0.type.rawValue)), ("value", .number($0.value)),
                        ("periodSeconds", .number($0.periodSeconds)),
                    ])
                }
            ),
        ])
    }
}
