import Faults
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
        if has(.jobs) {
            for index in 0..<dice.number(1...2) { drawJob("batch\(index)", index == 0 ? "default" : team) }
        }
        if has(.cronJobs) { drawCronJob("tick", team) }
        for workload in workloads {
            write(
                workload.manifest(Self.image(workload.name, 1), workload.replicas),
                to: "manifests/\(workload.name).yaml")
            drawBehavior(of: workload)
        }
        if has(.budgets) { drawBudgets() }
        if has(.quotas) { drawQuotas() }
        drawImages()
    }

    static func selector(_ app: String) -> ManifestTree { .mapping([("matchLabels", .texts([("app", app)]))]) }

    mutating func add(
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

    mutating func drawDeployment(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "Deployment", &dice)
        let strategy: ManifestTree
        if dice.hits(20) {
            strategy = .texts([("type", "Recreate")])
        } else {
            let (unavailable, surge) = dice.pick([
                ("25%", "25%"), ("0", "1"), ("1", "0"), ("50%", "2"), ("100%", "100%"),
            ])
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

    mutating func drawReplicaSet(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "ReplicaSet", &dice)
        add("ReplicaSet", "apps/v1", name, namespace, replicas: dice.number(0...5)) { image, replicas in
            .mapping([
                ("replicas", .number(Int64(replicas))), ("selector", Self.selector(name)),
                ("template", template(image)),
            ])
        }
    }

    mutating func drawStatefulSet(_ name: String, _ namespace: String) {
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
                [
                    ("replicas", .number(Int64(replicas))), ("selector", Self.selector(name)),
                    ("template", template(image)),
                ]
                    + fixed)
        }
    }

    mutating func drawStorageClass() {
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

    mutating func drawDaemonSet(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "DaemonSet", &dice)
        var amounts = dice.pick([(1, 0), (1, 0), (2, 0), (0, 1)])
        // Where updates may surge, the controller makes another pod as soon as none on a node runs, while those that
        // failed wait up to 15 minutes for their deletion, one after the other (podsShouldBeOnNode of upstream's
        // pkg/controller/daemon). A kubelet that refuses all pods for minutes, as one with a full disk does, so leaves
        // behind thousands of failed pods, and a seed takes minutes where others take a twentieth of a second.
        if strikes(DiskFull.self) { amounts = (1, 0) }
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
}
