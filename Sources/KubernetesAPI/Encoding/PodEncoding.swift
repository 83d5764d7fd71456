// Counterpart: v1.Pod.

extension TreeEncoder {
    func pod(_ pod: Pod) -> [(String, ManifestTree?)] {
        [("spec", podSpec(pod.spec, nodeName: pod.nodeName)), ("status", podStatus(pod.status))]
    }

    func template(_ template: PodTemplateSpec) -> ManifestTree {
        let metadata = optional([
            ("labels", map(template.labels)), ("annotations", map(template.annotations)),
            ("finalizers", texts(template.finalizers)),
        ])
        return .mapping([("metadata", metadata), ("spec", podSpec(template.spec, nodeName: nil))])
    }

    func podSpec(_ spec: PodSpec, nodeName: String?) -> ManifestTree {
        .mapping([
            ("nodeName", text(nodeName)), ("initContainers", list(spec.initContainers, container)),
            ("containers", list(spec.containers, container)), ("restartPolicy", .text(spec.restartPolicy.rawValue)),
            ("terminationGracePeriodSeconds", .number(spec.terminationGracePeriodSeconds)),
            ("activeDeadlineSeconds", number(spec.activeDeadlineSeconds)), ("nodeSelector", map(spec.nodeSelector)),
            ("affinity", spec.affinity.map(affinity)), ("tolerations", list(spec.tolerations, toleration)),
            ("topologySpreadConstraints", list(spec.topologySpreadConstraints, spread)),
            ("schedulerName", .text(spec.schedulerName)), ("priorityClassName", text(spec.priorityClassName)),
            ("priority", number(spec.priority.map { Int64($0) })),
            ("preemptionPolicy", text(spec.preemptionPolicy?.rawValue)), ("hostNetwork", flag(spec.hostNetwork)),
            ("hostname", text(spec.hostname)),
            ("os", spec.operatingSystem.map { ManifestTree.mapping([("name", .text($0))]) }),
            ("overhead", resources(spec.overhead)),
            ("resources", amounts(spec.requests, spec.limits)), ("volumes", list(spec.volumes, volume)),
            ("schedulingGates", list(spec.schedulingGates) { .mapping([("name", .text($0))]) }),
            ("schedulingGroup", spec.schedulingGroup.map { .mapping([("podGroupName", .text($0))]) }),
            ("readinessGates", list(spec.readinessGates) { .mapping([("conditionType", .text($0))]) }),
        ])
    }

    private func amounts(_ requests: ResourceList, _ limits: ResourceList) -> ManifestTree? {
        optional([("requests", resources(requests)), ("limits", resources(limits))])
    }

    private func container(_ container: Container) -> ManifestTree {
        let preStop: ManifestTree? =
            switch container.preStop {
            case .sleep(let seconds)?: .mapping([("sleep", .mapping([("seconds", .number(seconds))]))])
            case .hook?: .mapping([("exec", .mapping([]))])
            case nil: nil
            }
        let sleep = container.postStartSleepSeconds.map {
            ManifestTree.mapping([("sleep", .mapping([("seconds", .number($0))]))])
        }
        let postStart: ManifestTree? =
            container.hasPostStart ? sleep ?? .mapping([("exec", .mapping([]))]) : nil
        return .mapping([
            ("name", .text(container.name)), ("image", text(container.image)),
            ("resources", amounts(container.requests, container.limits)), ("ports", list(container.ports, port)),
            ("imagePullPolicy", text(container.imagePullPolicy?.rawValue)),
            ("restartPolicy", text(container.restartPolicy?.rawValue)),
            ("restartPolicyRules", list(container.restartPolicyRules, restartRule)),
            ("startupProbe", container.startupProbe.map(probe)),
            ("readinessProbe", container.readinessProbe.map(probe)),
            ("livenessProbe", container.livenessProbe.map(probe)),
            ("lifecycle", optional([("postStart", postStart), ("preStop", preStop)])),
        ])
    }

    private func restartRule(_ rule: RestartRule) -> ManifestTree {
        .mapping([
            ("action", .text(rule.action.rawValue)),
            (
                "exitCodes",
                .mapping([
                    ("operator", .text(rule.operator.rawValue)),
                    ("values", list(rule.exitCodes) { .number(Int64($0)) }),
                ])
            ),
        ])
    }

    private func port(_ port: ContainerPort) -> ManifestTree {
        .mapping([
            ("name", text(port.name)), ("containerPort", .number(Int64(port.containerPort))),
            ("hostPort", nonZero(Int64(port.hostPort))), ("hostIP", text(port.hostIP)),
            ("protocol", .text(port.protocol)),
        ])
    }

    private func probe(_ probe: Probe) -> ManifestTree {
        .mapping([
            ("initialDelaySeconds", nonZero(probe.initialDelaySeconds)),
            ("periodSeconds", .number(probe.periodSeconds)), ("timeoutSeconds", .number(probe.timeoutSeconds)),
            ("successThreshold", .number(probe.successThreshold)),
            ("failureThreshold", .number(probe.failureThreshold)),
            ("terminationGracePeriodSeconds", number(probe.terminationGracePeriodSeconds)),
        ])
    }

    private func volume(_ volume: Volume) -> ManifestTree {
        .mapping([("name", .text(volume.name)), source(volume.source) ?? ("projected", .mapping([]))])
    }

    /// Returns the source of a volume, or nil for one whose kind was not kept.
    func source(_ source: Volume.Source) -> (String, ManifestTree?)? {
        switch source {
        case .persistentVolumeClaim(let name): ("persistentVolumeClaim", .mapping([("claimName", .text(name))]))
        case .ephemeral(let spec):
            ("ephemeral", .mapping([("volumeClaimTemplate", .mapping([("spec", claimSpec(spec))]))]))
        // The path was not kept, since it decides nothing.
        case .hostPath: ("hostPath", .mapping([("path", .text("/"))]))
        case .emptyDir(let inMemory, let sizeLimit):
            (
                "emptyDir",
                .mapping([
                    ("medium", inMemory ? .text("Memory") : nil),
                    ("sizeLimit", sizeLimit.map { .text($0.description) }),
                ])
            )
        case .gcePersistentDisk(let name, let readOnly):
            ("gcePersistentDisk", .mapping([("pdName", .text(name)), ("readOnly", flag(readOnly))]))
        case .awsElasticBlockStore(let id, let readOnly):
            ("awsElasticBlockStore", .mapping([("volumeID", .text(id)), ("readOnly", flag(readOnly))]))
        case .azureDisk(let name): ("azureDisk", .mapping([("diskName", .text(name))]))
        case .cinder(let id): ("cinder", .mapping([("volumeID", .text(id))]))
        case .rbd(let monitors, let pool, let image, let readOnly):
            (
                "rbd",
                .mapping([
                    ("monitors", texts(monitors)), ("pool", .text(pool)), ("image", .text(image)),
                    ("readOnly", flag(readOnly)),
                ])
            )
        case .iscsi(let iqn, let readOnly): ("iscsi", .mapping([("iqn", .text(iqn)), ("readOnly", flag(readOnly))]))
        case .csi(let driver, let handle):
            ("csi", .mapping([("driver", .text(driver)), ("volumeHandle", text(handle))]))
        case .other: nil
        }
    }
}

// MARK: - Placement

extension TreeEncoder {
    private func affinity(_ affinity: Affinity) -> ManifestTree {
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
        func podRules(_ rules: PodAffinityRules) -> ManifestTree {
            .mapping([
                (required, list(rules.required, podAffinityTerm)),
                (
                    preferred,
                    list(rules.preferred) {
                        .mapping([("weight", .number($0.weight)), ("podAffinityTerm", podAffinityTerm($0.term))])
                    }
                ),
            ])
        }
        let nodeRules = affinity.nodeAffinity.map { rules in
            ManifestTree.mapping([
                (required, nodeSelector(rules.required)),
                (
                    preferred,
                    list(rules.preferred) {
                        .mapping([("weight", .number($0.weight)), ("preference", nodeSelectorTerm($0.preference))])
                    }
                ),
            ])
        }
        return .mapping([
            ("nodeAffinity", nodeRules), ("podAffinity", affinity.podAffinity.map(podRules)),
            ("podAntiAffinity", affinity.podAntiAffinity.map(podRules)),
        ])
    }

    private func podAffinityTerm(_ term: PodAffinityTerm) -> ManifestTree {
        .mapping([
            ("labelSelector", selector(term.labelSelector)), ("topologyKey", .text(term.topologyKey)),
            ("namespaces", texts(term.namespaces)), ("namespaceSelector", selector(term.namespaceSelector)),
            ("matchLabelKeys", texts(term.matchLabelKeys)), ("mismatchLabelKeys", texts(term.mismatchLabelKeys)),
        ])
    }

    private func spread(_ constraint: TopologySpreadConstraint) -> ManifestTree {
        .mapping([
            ("maxSkew", .number(constraint.maxSkew)), ("topologyKey", .text(constraint.topologyKey)),
            ("whenUnsatisfiable", .text(constraint.whenUnsatisfiable.rawValue)),
            ("labelSelector", selector(constraint.labelSelector)), ("minDomains", number(constraint.minDomains)),
            ("nodeAffinityPolicy", text(constraint.nodeAffinityPolicy?.rawValue)),
            ("nodeTaintsPolicy", text(constraint.nodeTaintsPolicy?.rawValue)),
            ("matchLabelKeys", texts(constraint.matchLabelKeys)),
        ])
    }

    private func toleration(_ toleration: Toleration) -> ManifestTree {
        .mapping([
            ("key", text(toleration.key)), ("operator", .text(toleration.operator.rawValue)),
            ("value", text(toleration.value)), ("effect", text(toleration.effect?.rawValue)),
            ("tolerationSeconds", number(toleration.tolerationSeconds)),
        ])
    }
}

// MARK: - Status

extension TreeEncoder {
    private func podStatus(_ status: PodStatus) -> ManifestTree {
        .mapping([
            ("phase", .text(status.phase.rawValue)), ("reason", text(status.reason)),
            ("message", text(status.message)), ("conditions", list(status.conditions, condition)),
            ("startTime", time(status.startTime)), ("nominatedNodeName", text(status.nominatedNodeName)),
            ("qosClass", text(status.qosClass?.rawValue)),
            ("containerStatuses", list(status.containerStatuses, containerStatus)),
            ("initContainerStatuses", list(status.initContainerStatuses, containerStatus)),
        ])
    }

    private func containerStatus(_ status: ContainerStatus) -> ManifestTree {
        .mapping([
            ("name", .text(status.name)), ("ready", .bool(status.ready)), ("started", .bool(status.started)),
            ("restartCount", .number(Int64(status.restartCount))), ("state", containerState(status.state)),
            ("lastState", status.lastTermination.map(containerState)), ("imageID", text(status.imageID)),
        ])
    }

    private func containerState(_ state: ContainerState) -> ManifestTree {
        switch state {
        case .waiting(let reason): .mapping([("waiting", .mapping([("reason", text(reason))]))])
        case .running(let startedAt): .mapping([("running", .mapping([("startedAt", time(startedAt))]))])
        case .terminated(let exitCode, let reason, let startedAt, let finishedAt):
            .mapping([
                (
                    "terminated",
                    .mapping([
                        ("exitCode", .number(Int64(exitCode))), ("reason", text(reason)),
                        ("startedAt", time(startedAt)), ("finishedAt", time(finishedAt)),
                    ])
                )
            ])
        }
    }
}
