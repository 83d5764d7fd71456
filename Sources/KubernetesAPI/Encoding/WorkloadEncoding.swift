// Counterpart: apps/v1, batch/v1 and v1.ReplicationController.

extension TreeEncoder {
    func deployment(_ object: Deployment) -> [(String, ManifestTree?)] {
        let spec = object.spec
        let strategy: ManifestTree =
            switch spec.strategy {
            case .recreate: .mapping([("type", .text("Recreate"))])
            case .rollingUpdate(let unavailable, let surge): rollingUpdate(unavailable, surge)
            }
        let status = object.status
        return [
            (
                "spec",
                .mapping([
                    ("replicas", .number(spec.replicas)), ("selector", selector(spec.selector)),
                    ("template", template(spec.template)), ("strategy", strategy),
                    ("minReadySeconds", nonZero(spec.minReadySeconds)),
                    ("revisionHistoryLimit", .number(spec.revisionHistoryLimit)), ("paused", flag(spec.paused)),
                    ("progressDeadlineSeconds", .number(spec.progressDeadlineSeconds ?? Int64(Int32.max))),
                ])
            ),
            (
                "status",
                optional([
                    ("observedGeneration", nonZero(status.observedGeneration)),
                    ("replicas", nonZero(status.replicas)), ("updatedReplicas", nonZero(status.updatedReplicas)),
                    ("readyReplicas", nonZero(status.readyReplicas)),
                    ("availableReplicas", nonZero(status.availableReplicas)),
                    ("unavailableReplicas", nonZero(status.unavailableReplicas)),
                    ("terminatingReplicas", number(status.terminatingReplicas)),
                    ("collisionCount", number(status.collisionCount)),
                    ("conditions", list(status.conditions, condition)),
                ])
            ),
        ]
    }

    private func rollingUpdate(_ unavailable: IntOrPercent, _ surge: IntOrPercent) -> ManifestTree {
        .mapping([
            ("type", .text("RollingUpdate")),
            (
                "rollingUpdate",
                .mapping([("maxUnavailable", amount(unavailable)), ("maxSurge", amount(surge))])
            ),
        ])
    }

    func replicaSet(
        _ spec: ReplicaSet.Spec, _ status: ReplicaSet.Status, plainSelector: Bool
    ) -> [(String, ManifestTree?)] {
        let selector = plainSelector ? spec.selector.flatMap { map($0.matchLabels) } : selector(spec.selector)
        return [
            (
                "spec",
                .mapping([
                    ("replicas", .number(spec.replicas)), ("selector", selector),
                    ("template", template(spec.template)), ("minReadySeconds", nonZero(spec.minReadySeconds)),
                ])
            ),
            (
                "status",
                optional([
                    ("observedGeneration", nonZero(status.observedGeneration)),
                    ("replicas", nonZero(status.replicas)),
                    ("fullyLabeledReplicas", nonZero(status.fullyLabeledReplicas)),
                    ("readyReplicas", nonZero(status.readyReplicas)),
                    ("availableReplicas", nonZero(status.availableReplicas)),
                    ("terminatingReplicas", number(status.terminatingReplicas)),
                    ("conditions", list(status.conditions, condition)),
                ])
            ),
        ]
    }

    func statefulSet(_ object: StatefulSet) -> [(String, ManifestTree?)] {
        let spec = object.spec
        let strategy: ManifestTree =
            switch spec.updateStrategy {
            case .onDelete: .mapping([("type", .text("OnDelete"))])
            case .rollingUpdate(let partition, let unavailable):
                .mapping([
                    ("type", .text("RollingUpdate")),
                    (
                        "rollingUpdate",
                        partition.map {
                            .mapping([("partition", .number($0)), ("maxUnavailable", amount(unavailable))])
                        }
                    ),
                ])
            }
        let claims = list(spec.volumeClaimTemplates) { claim in
            .mapping([
                ("metadata", metadata(claim.metadata)), ("spec", claimSpec(claim.spec)),
                ("status", phase(claim.phase)),
            ])
        }
        return [
            (
                "spec",
                .mapping([
                    ("replicas", .number(spec.replicas)), ("selector", selector(spec.selector)),
                    ("template", template(spec.template)), ("volumeClaimTemplates", claims),
                    ("serviceName", text(spec.serviceName)),
                    ("podManagementPolicy", .text(spec.isParallel ? "Parallel" : "OrderedReady")),
                    ("updateStrategy", strategy), ("minReadySeconds", nonZero(spec.minReadySeconds)),
                    ("revisionHistoryLimit", .number(spec.revisionHistoryLimit)),
                    ("ordinals", optional([("start", nonZero(spec.ordinalsStart))])),
                    (
                        "persistentVolumeClaimRetentionPolicy",
                        .mapping([
                            ("whenDeleted", .text(spec.whenDeleted.rawValue)),
                            ("whenScaled", .text(spec.whenScaled.rawValue)),
                        ])
                    ),
                ])
            ), ("status", statefulSetStatus(object.status)),
        ]
    }

    private func statefulSetStatus(_ status: StatefulSet.Status) -> ManifestTree? {
        // Two of the numbers are there even when they are zero, as upstream writes them.
        optional([
            ("observedGeneration", nonZero(status.observedGeneration)), ("replicas", .number(status.replicas)),
            ("readyReplicas", nonZero(status.readyReplicas)),
            ("availableReplicas", .number(status.availableReplicas)),
            ("currentReplicas", nonZero(status.currentReplicas)),
            ("updatedReplicas", nonZero(status.updatedReplicas)), ("currentRevision", text(status.currentRevision)),
            ("updateRevision", text(status.updateRevision)), ("collisionCount", number(status.collisionCount)),
        ])
    }

    func daemonSet(_ object: DaemonSet) -> [(String, ManifestTree?)] {
        let spec = object.spec
        let strategy: ManifestTree =
            switch spec.updateStrategy {
            case .onDelete: .mapping([("type", .text("OnDelete"))])
            case .rollingUpdate(let unavailable, let surge): rollingUpdate(unavailable, surge)
            }
        let status = object.status
        return [
            (
                "spec",
                .mapping([
                    ("selector", selector(spec.selector)), ("template", template(spec.template)),
                    ("updateStrategy", strategy), ("minReadySeconds", nonZero(spec.minReadySeconds)),
                    ("revisionHistoryLimit", .number(spec.revisionHistoryLimit)),
                ])
            ),
            (
                "status",
                optional([
                    ("observedGeneration", nonZero(status.observedGeneration)),
                    ("desiredNumberScheduled", nonZero(status.desiredNumberScheduled)),
                    ("currentNumberScheduled", nonZero(status.currentNumberScheduled)),
                    ("updatedNumberScheduled", nonZero(status.updatedNumberScheduled)),
                    ("numberReady", nonZero(status.numberReady)),
                    ("numberAvailable", nonZero(status.numberAvailable)),
                    ("numberUnavailable", nonZero(status.numberUnavailable)),
                    ("numberMisscheduled", nonZero(status.numberMisscheduled)),
                    ("collisionCount", number(status.collisionCount)),
                ])
            ),
        ]
    }
}

// MARK: - Batch

extension TreeEncoder {
    func jobSpec(_ spec: Job.Spec) -> ManifestTree {
        .mapping([
            ("parallelism", .number(spec.parallelism)), ("completions", number(spec.completions)),
            ("activeDeadlineSeconds", number(spec.activeDeadlineSeconds)),
            ("backoffLimit", .number(spec.backoffLimit)),
            ("backoffLimitPerIndex", number(spec.backoffLimitPerIndex)),
            ("maxFailedIndexes", number(spec.maxFailedIndexes)),
            ("ttlSecondsAfterFinished", number(spec.ttlSecondsAfterFinished)),
            ("completionMode", .text(spec.indexed ? "Indexed" : "NonIndexed")), ("suspend", flag(spec.suspend)),
            ("manualSelector", flag(spec.manualSelector)), ("selector", selector(spec.selector)),
            ("template", template(spec.template)),
            ("podFailurePolicy", spec.podFailurePolicy.map { .mapping([("rules", list($0, failureRule))]) }),
            (
                "successPolicy",
                optional([
                    (
                        "rules",
                        list(spec.successPolicy) {
                            .mapping([
                                ("succeededIndexes", $0.succeededIndexes.map { .text($0) }),
                                ("succeededCount", number($0.succeededCount)),
                            ])
                        }
                    )
                ])
            ), ("podReplacementPolicy", text(spec.podReplacementPolicy?.rawValue)),
            ("managedBy", spec.managedBy.map { .text($0) }),
        ])
    }

    private func failureRule(_ rule: Job.PodFailureRule) -> ManifestTree {
        let condition: (String, ManifestTree?) =
            switch rule.condition {
            case .onExitCodes(let container, let isIn, let values):
                (
                    "onExitCodes",
                    .mapping([
                        ("containerName", container.map { .text($0) }), ("operator", .text(isIn ? "In" : "NotIn")),
                        ("values", .sequence(values.map { .number(Int64($0)) })),
                    ])
                )
            case .onPodConditions(let patterns):
                (
                    "onPodConditions",
                    .sequence(
                        patterns.map { .mapping([("type", .text($0.type)), ("status", .text($0.status.rawValue))]) })
                )
            }
        return .mapping([("action", .text(rule.action.rawValue)), condition])
    }

    func jobStatus(_ status: Job.Status) -> ManifestTree? {
        optional([
            ("conditions", list(status.conditions, condition)), ("startTime", time(status.startTime)),
            ("completionTime", time(status.completionTime)), ("active", nonZero(status.active)),
            ("ready", number(status.ready)), ("terminating", number(status.terminating)),
            ("succeeded", nonZero(status.succeeded)), ("failed", nonZero(status.failed)),
            ("completedIndexes", text(status.completedIndexes)),
            ("failedIndexes", status.failedIndexes.map { .text($0) }),
            (
                "uncountedTerminatedPods",
                optional([
                    ("succeeded", texts(status.uncountedSucceeded.map(\.description))),
                    ("failed", texts(status.uncountedFailed.map(\.description))),
                ])
            ),
        ])
    }

    func cronJob(_ object: CronJob) -> [(String, ManifestTree?)] {
        let spec = object.spec
        let metadata = optional([("labels", map(spec.jobLabels)), ("annotations", map(spec.jobAnnotations))])
        let active = list(object.active) {
            .mapping([("kind", .text("Job")), ("namespace", text($0.namespace)), ("name", .text($0.name))])
        }
        return [
            (
                "spec",
                .mapping([
                    ("schedule", .text(spec.schedule)), ("timeZone", spec.timeZone.map { .text($0) }),
                    ("startingDeadlineSeconds", number(spec.startingDeadlineSeconds)),
                    ("concurrencyPolicy", .text(spec.concurrencyPolicy.rawValue)), ("suspend", flag(spec.suspend)),
                    ("jobTemplate", .mapping([("metadata", metadata), ("spec", jobSpec(spec.jobTemplate))])),
                    ("successfulJobsHistoryLimit", .number(spec.successfulJobsHistoryLimit)),
                    ("failedJobsHistoryLimit", .number(spec.failedJobsHistoryLimit)),
                ])
            ),
            (
                "status",
                optional([
                    ("active", active), ("lastScheduleTime", time(object.lastScheduleTime)),
                    ("lastSuccessfulTime", time(object.lastSuccessfulTime)),
                ])
            ),
        ]
    }
}
