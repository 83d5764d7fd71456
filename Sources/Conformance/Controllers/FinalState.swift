import ControlPlane
import KubernetesAPI

/// What is left at the end of a replay, in the form of the recorded traces.
enum FinalState {
    /// Returns the recorded form of an object.
    static func tree(_ object: KubernetesObject, _ trace: ControllerTrace) -> ManifestTree {
        let metadata = object.metadata
        var entries: [(String, ManifestTree?)] = [
            ("owners", texts(metadata.ownerReferences.map { trace.ownerText($0, metadata.namespace) })),
            ("finalizers", texts(metadata.finalizers)),
            ("deleting", metadata.deletionTimestamp == nil ? nil : .bool(true)),
        ]
        let prefix = "deployment.kubernetes.io/"
        let annotations = metadata.annotations.pairs.filter { $0.key.hasPrefix(prefix) }
        if !annotations.isEmpty {
            entries.append(
                ("annotations", .mapping(annotations.map { (String($0.key.dropFirst(prefix.count)), .text($0.value)) }))
            )
        }
        let conditions = StatusText.conditions(of: object)
        if !conditions.isEmpty {
            entries.append(
                (
                    "conditions",
                    .mapping(
                        conditions.map { condition in
                            let message = trace.names.text(condition.message, namespace: metadata.namespace)
                            let text = "\(condition.status.rawValue)/\(condition.reason)"
                            return (condition.type.name, .text(message.isEmpty ? text : "\(text): \(message)"))
                        })
                ))
        }
        return .mapping(entries + particulars(object, trace))
    }

    private static func particulars(
        _ object: KubernetesObject, _ trace: ControllerTrace
    ) -> [(String, ManifestTree?)] {
        switch object {
        case .replicaSet(let set):
            return [
                ("specReplicas", .number(set.spec.replicas)), ("image", image(set.spec.template)),
                (
                    "status",
                    numbers(
                        StatusText.fields(set.status) + [
                            ("observedGeneration", set.status.observedGeneration),
                            ("terminatingReplicas", set.status.terminatingReplicas ?? 0),
                        ])
                ),
            ]
        case .deployment(let deployment):
            return [
                ("specReplicas", .number(deployment.spec.replicas)), ("image", image(deployment.spec.template)),
                (
                    "status",
                    numbers(
                        StatusText.fields(deployment.status) + [
                            ("observedGeneration", deployment.status.observedGeneration),
                            ("terminatingReplicas", deployment.status.terminatingReplicas ?? 0),
                        ])
                ),
            ]
        case .statefulSet(let set):
            var status =
                numbers(StatusText.fields(set.status) + [("observedGeneration", set.status.observedGeneration)])
            for (field, name) in [
                ("currentRevision", set.status.currentRevision), ("updateRevision", set.status.updateRevision),
            ] where !name.isEmpty {
                let key = ObjectKey(.controllerRevision, namespace: set.metadata.namespace, name: name)
                status = status.setting(field, .text(trace.names.name(of: key)))
            }
            return [
                ("specReplicas", .number(set.spec.replicas)), ("image", image(set.spec.template)), ("status", status),
            ]
        case .daemonSet(let set):
            return [
                (
                    "status",
                    numbers(StatusText.fields(set.status) + [("observedGeneration", set.status.observedGeneration)])
                )
            ]
        case .job(let job):
            var status = numbers([
                ("active", job.status.active), ("ready", job.status.ready ?? 0),
                ("terminating", job.status.terminating ?? 0), ("succeeded", job.status.succeeded),
                ("failed", job.status.failed),
            ])
            if !job.status.completedIndexes.isEmpty {
                status = status.setting("completedIndexes", .text(job.status.completedIndexes))
            }
            if let failed = job.status.failedIndexes { status = status.setting("failedIndexes", .text(failed)) }
            return [
                ("status", status), ("completionTimeSet", .bool(job.status.completionTime != nil)),
                ("startTimeSet", .bool(job.status.startTime != nil)),
                (
                    "uncounted",
                    .sequence([
                        .number(Int64(job.status.uncountedSucceeded.count)),
                        .number(Int64(job.status.uncountedFailed.count)),
                    ])
                ),
            ]
        case .podDisruptionBudget(let budget):
            return [
                (
                    "status",
                    numbers(
                        StatusText.fields(budget.status) + [("observedGeneration", budget.status.observedGeneration)])
                )
            ]
        case .resourceQuota(let quota): return [("hard", amounts(quota.hard)), ("used", amounts(quota.used))]
        case .persistentVolumeClaim(let claim): return [("phase", .text(claim.phase))]
        case .controllerRevision(let revision): return [("revision", .number(revision.revision))]
        case .node(let node):
            return [
                ("taints", texts(node.taintNames)), ("unschedulable", .bool(node.spec.unschedulable)),
                ("ready", node.status.conditions.named(Condition.ready).map { .text($0.status.rawValue) }),
            ]
        default: return []
        }
    }

    /// Returns the recorded form of a pod.
    static func tree(_ pod: Pod, _ trace: ControllerTrace) -> ManifestTree {
        let metadata = pod.metadata
        let owners = metadata.ownerReferences.map { trace.ownerText($0, metadata.namespace) }
        let revision = metadata.labels["controller-revision-hash"].map { trace.names.revision($0) }
        let disruption = pod.status.conditions.named(Condition.disruptionTarget)
        return .mapping([
            ("pod", .text(trace.names.name(of: pod.key))), ("owners", owners.isEmpty ? nil : texts(owners)),
            ("phase", .text(pod.status.phase.rawValue)), ("ready", .bool(pod.isReady)),
            ("restarts", .number(Int64(pod.restarts))), ("image", .text(pod.spec.containers.first?.image ?? "")),
            ("revision", revision.map { .text($0) }), ("deleting", pod.isTerminating ? .bool(true) : nil),
            ("finalizers", metadata.finalizers.isEmpty ? nil : texts(metadata.finalizers)),
            ("reason", pod.status.reason.isEmpty ? nil : .text(pod.status.reason)),
            ("disruptionTarget", disruption.map { .text($0.reason) }),
        ])
    }

    private static func texts(_ texts: [String]) -> ManifestTree { .sequence(texts.map { .text($0) }) }

    private static func image(_ template: PodTemplateSpec) -> ManifestTree {
        .text(template.spec.containers.first?.image ?? "")
    }

    private static func numbers(_ fields: [(String, Int64)]) -> ManifestTree {
        .mapping(fields.map { ($0.0, .number($0.1)) })
    }

    private static func amounts(_ list: ResourceList) -> ManifestTree {
        .mapping(list.texts.map { ($0.name, .text($0.amount)) })
    }

    /// Returns `tree` without what stands for nothing: zeros, empty texts, lists and mappings.
    static func reduced(_ tree: ManifestTree) -> ManifestTree {
        guard let entries = tree.entries else { return tree }
        return .mapping(
            entries.compactMap { entry in
                let value = reduced(entry.value)
                return ["0", "\"\"", "[]", "{}", "null", "false"].contains(value.canonical) ? nil : (entry.key, value)
            })
    }
}
