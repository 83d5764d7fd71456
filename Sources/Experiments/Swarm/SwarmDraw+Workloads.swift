import KubernetesAPI

/// What a seed's cluster runs.
extension SwarmDraw {
    mutating func drawWorkloads() {
        if has(.priorities) { drawPriorities() }
        var dice = dice("workloads")
        let team = dice.hits(50) ? "team" : "default"
        // A seed without any workload would test nothing.
        let isBare = !has(.statefulSets) && !has(.daemonSets) && !has(.jobs) && !has(.cronJobs) && !has(.replicaSets)
        if has(.deployments) || isBare {
            for index in 0..<dice.number(1...3) { drawDeployment("web\(index)", index == 0 ? "default" : team) }
        }
        if has(.replicaSets) { drawReplicaSet("bare", "default") }
        if has(.statefulSets) {
            for index in 0..<dice.number(1...2) { drawStatefulSet("db\(index)", index == 0 ? team : "default") }
        }
        if has(.daemonSets) { drawDaemonSet("agent", "default") }
        if has(.jobs) { for index in 0..<dice.number(1...2) { drawJob("batch\(index)", index == 0 ? "default" : team) } }
        if has(.cronJobs) { drawCronJob("tick", team) }
        for workload in workloads {
            write(workload.manifest(Self.image(workload.name, 1), workload.replicas), to: "manifests/\(workload.name).yaml")
            drawBehavior(of: workload)
        }
        if has(.budgets) { drawBudgets() }
        if has(.quotas) { drawQuotas() }
        drawImages()
    }

    private func object(
        _ apiVersion: String, _ kind: String, _ name: String, _ namespace: String?, _ rest: [(String, ManifestTree?)]
    ) -> ManifestTree {
        .mapping(
            [
                ("apiVersion", .text(apiVersion)), ("kind", .text(kind)),
                ("metadata", .mapping([("name", .text(name)), ("namespace", namespace.map { .text($0) })])),
            ] + rest)
    }

    private static func selector(_ app: String) -> ManifestTree { .mapping([("matchLabels", .texts([("app", app)]))]) }

    private mutating func add(
        _ kind: String, _ apiVersion: String, _ name: String, _ namespace: String, replicas: Int,
        spec: @escaping @Sendable (String, Int) -> ManifestTree
    ) {
        workloads.append(
            DrawnWorkload(kind: kind, namespace: namespace, name: name, replicas: replicas) { image, replicas in
                .mapping([
                    ("apiVersion", .text(apiVersion)), ("kind", .text(kind)),
                    ("metadata", .texts([("name", name), ("namespace", namespace)])),
                    ("spec", spec(image, replicas)),
                ])
            })
    }

    private mutating func drawDeployment(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "Deployment", &dice)
        let strategy: ManifestTree
        if dice.hits(20) {
            strategy = .texts([("type", "Recreate")])
        } else {
            let (unavailable, surge) = dice.pick([("25%", "25%"), ("0", "1"), ("1", "0"), ("50%", "2"), ("100%", "100%")])
            func amount(_ text: String) -> ManifestTree { Int64(text).map { .number($0) } ?? .text(text) }
            strategy = .mapping([
                ("type", .text("RollingUpdate")),
                (
                    "rollingUpdate",
                    .mapping([("maxUnavailable", amount(unavailable)), ("maxSurge", amount(surge))])
                ),
            ])
        }
        let ready: ManifestTree? = dice.hits(30) ? .number(Int64(dice.number(1...20))) : nil
        let history: ManifestTree? = dice.hits(50) ? .number(Int64(dice.number(0...3))) : nil
        let deadline: ManifestTree? = dice.hits(30) ? .number(Int64(dice.number(30...300))) : nil
        add("Deployment", "apps/v1", name, namespace, replicas: dice.number(0...6)) { image, replicas in
            .mapping([
                ("replicas", .number(Int64(replicas))), ("selector", Self.selector(name)), ("strategy", strategy),
                ("minReadySeconds", ready), ("revisionHistoryLimit", history), ("progressDeadlineSeconds", deadline),
                ("template", template(image)),
            ])
        }
    }

    private mutating func drawReplicaSet(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "ReplicaSet", &dice)
        add("ReplicaSet", "apps/v1", name, namespace, replicas: dice.number(0...5)) { image, replicas in
            .mapping([
                ("replicas", .number(Int64(replicas))), ("selector", Self.selector(name)), ("template", template(image)),
            ])
        }
    }

    private mutating func drawStatefulSet(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "StatefulSet", &dice)
        var rest: [(String, ManifestTree?)] = [
            ("serviceName", .text(name)), ("podManagementPolicy", dice.hits(50) ? .text("Parallel") : nil),
            ("minReadySeconds", dice.hits(20) ? .number(Int64(dice.number(1...10))) : nil),
        ]
        if has(.volumes), dice.hits(70) {
            let claim = ManifestTree.mapping([
                ("metadata", .texts([("name", "data")])),
                (
                    "spec",
                    .mapping([
                        ("accessModes", .sequence([.text("ReadWriteOnce")])),
                        ("resources", .mapping([("requests", .texts([("storage", "\(dice.number(1...20))Gi")]))])),
                    ])
                ),
            ])
            rest.append(("volumeClaimTemplates", .sequence([claim])))
            if dice.hits(50) {
                let policies = ["Retain", "Delete"]
                rest.append(
                    (
                        "persistentVolumeClaimRetentionPolicy",
                        .texts([("whenScaled", dice.pick(policies)), ("whenDeleted", dice.pick(policies))])
                    ))
            }
            drawStorageClass()
        }
        let fixed = rest
        add("StatefulSet", "apps/v1", name, namespace, replicas: dice.number(0...4)) { image, replicas in
            .mapping(
                [("replicas", .number(Int64(replicas))), ("selector", Self.selector(name)), ("template", template(image))]
                    + fixed)
        }
    }

    private mutating func drawStorageClass() {
        guard !files.contains(where: { $0.name == "manifests/storage.yaml" }) else { return }
        var dice = dice("storage")
        write(
            .mapping([
                ("apiVersion", .text("storage.k8s.io/v1")), ("kind", .text("StorageClass")),
                (
                    "metadata",
                    .mapping([
                        ("name", .text("standard")),
                        ("annotations", .texts([("storageclass.kubernetes.io/is-default-class", "true")])),
                    ])
                ),
                ("provisioner", .text("ebs.csi.aws.com")),
                ("volumeBindingMode", .text(dice.hits(75) ? "WaitForFirstConsumer" : "Immediate")),
                ("reclaimPolicy", .text(dice.pick(["Delete", "Retain"]))),
            ]), to: "manifests/storage.yaml")
    }

    private mutating func drawDaemonSet(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "DaemonSet", &dice)
        let amounts = dice.pick([(1, 0), (1, 0), (2, 0), (0, 1)])
        let strategy = ManifestTree.mapping([
            ("type", .text("RollingUpdate")),
            (
                "rollingUpdate",
                .mapping([("maxUnavailable", .number(Int64(amounts.0))), ("maxSurge", .number(Int64(amounts.1)))])
            ),
        ])
        add("DaemonSet", "apps/v1", name, namespace, replicas: 1) { image, _ in
            .mapping([("selector", Self.selector(name)), ("updateStrategy", strategy), ("template", template(image))])
        }
    }

    /// The spec of a job without its template.
    private func jobSpec(_ dice: inout SwarmDice) -> [(String, ManifestTree?)] {
        let parallelism = dice.number(1...3)
        let completions = dice.hits(80) ? dice.number(1...5) : nil
        let isIndexed = completions != nil && dice.hits(40)
        return [
            ("parallelism", .number(Int64(parallelism))), ("completions", completions.map { .number(Int64($0)) }),
            ("completionMode", isIndexed ? .text("Indexed") : nil),
            ("backoffLimit", .number(Int64(dice.pick([0, 2, 6, 100])))),
            ("activeDeadlineSeconds", dice.hits(15) ? .number(Int64(dice.number(20...600))) : nil),
            ("ttlSecondsAfterFinished", dice.hits(25) ? .number(Int64(dice.number(0...200))) : nil),
            ("podReplacementPolicy", dice.hits(25) ? .text("Failed") : nil),
        ]
    }

    private mutating func drawJob(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "Job", &dice, ends: true)
        let spec = jobSpec(&dice)
        add("Job", "batch/v1", name, namespace, replicas: 1) { image, _ in .mapping(spec + [("template", template(image))]) }
    }

    private mutating func drawCronJob(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "CronJob", &dice, ends: true)
        let job = jobSpec(&dice)
        let rest: [(String, ManifestTree?)] = [
            ("schedule", .text(dice.pick(["* * * * *", "*/2 * * * *", "*/5 * * * *"]))),
            ("concurrencyPolicy", .text(dice.pick(["Allow", "Forbid", "Replace"]))),
            ("startingDeadlineSeconds", dice.hits(30) ? .number(Int64(dice.number(5...120))) : nil),
            ("successfulJobsHistoryLimit", dice.hits(40) ? .number(Int64(dice.number(0...2))) : nil),
        ]
        // The count stands for whether it is at work: it is suspended in the end.
        add("CronJob", "batch/v1", name, namespace, replicas: 1) { image, count in
            .mapping(
                rest + [
                    ("suspend", count == 0 ? .bool(true) : nil),
                    ("jobTemplate", .mapping([("spec", .mapping(job + [("template", template(image))]))])),
                ])
        }
    }

    private mutating func drawPriorities() {
        for (name, value, policy) in [("high", 1_000, nil), ("low", -10, nil), ("patient", 500, "Never")] {
            write(
                object(
                    "scheduling.k8s.io/v1", "PriorityClass", name, nil,
                    [("value", .number(Int64(value))), ("preemptionPolicy", policy.map { .text($0) })]),
                to: "manifests/priority-\(name).yaml")
        }
    }

    private mutating func drawBudgets() {
        for workload in workloads where ["Deployment", "StatefulSet", "ReplicaSet"].contains(workload.kind) {
            var dice = dice("budget." + workload.name)
            guard dice.hits(60) else { continue }
            let bound: (String, ManifestTree) =
                switch dice.number(0...3) {
                case 0: ("minAvailable", .number(Int64(dice.number(0...3))))
                case 1: ("minAvailable", .text("50%"))
                case 2: ("maxUnavailable", .number(Int64(dice.number(0...2))))
                case _: ("maxUnavailable", .text("30%"))
                }
            write(
                object(
                    "policy/v1", "PodDisruptionBudget", workload.name, workload.namespace,
                    [
                        (
                            "spec",
                            .mapping([
                                ("selector", Self.selector(workload.name)), (bound.0, bound.1),
                                ("unhealthyPodEvictionPolicy", dice.hits(30) ? .text("AlwaysAllow") : nil),
                            ])
                        )
                    ]), to: "manifests/budget-\(workload.name).yaml")
        }
    }

    /// Quotas bind while they last; they go in the end, since what they forbid never settles.
    private mutating func drawQuotas() {
        var dice = dice("quotas")
        let namespace = dice.pick(["default", "team"])
        let hard = ManifestTree.texts([("pods", "\(dice.number(2...14))"), ("requests.cpu", "\(dice.number(1...4))")])
        write(
            object("v1", "ResourceQuota", "cap", namespace, [("spec", .mapping([("hard", hard)]))]),
            to: "manifests/quota.yaml")
        mending.append(
            .mapping([
                ("at", .time(calm)),
                ("delete", .texts([("kind", "ResourceQuota"), ("namespace", namespace), ("name", "cap")])),
            ]))
    }

    private mutating func drawImages() {
        var dice = dice("images")
        if has(.slowImages) {
            for workload in workloads where dice.hits(60) {
                images.append(
                    .mapping([
                        ("name", .text(Self.image(workload.name, 1))), ("size", .text("\(dice.pick([5, 80, 400]))Mi")),
                    ]))
            }
            if dice.hits(50) {
                registries.append(
                    .mapping([
                        ("name", .text(Self.host)), ("bandwidth", .text("\(dice.pick([60, 200, 500]))M")),
                        ("latency", .text("\(dice.number(10...900))ms")),
                    ]))
            }
        }
        guard has(.badImages) else { return }
        for workload in workloads where dice.hits(50) {
            // Nobody has pushed version 3 until all is mended.
            let image = Self.image(workload.name, 3)
            images.append(.mapping([("name", .text(image)), ("missing", .bool(true))]))
            mending.append(
                .mapping([
                    ("at", .time(calm)), ("push", .texts([("image", image), ("size", "30Mi")])),
                ]))
        }
    }
}
