import KubernetesAPI

/// The priorities, budgets, quotas and images of a seed.
extension SwarmDraw {
    private func object(
        _ apiVersion: String, _ kind: String, _ name: String, _ namespace: String?, _ rest: [(String, ManifestTree?)]
    ) -> ManifestTree {
        .mapping(
            [
                ("apiVersion", .text(apiVersion)), ("kind", .text(kind)),
                ("metadata", .mapping([("name", .text(name)), ("namespace", namespace.map { .text($0) })])),
            ] + rest)
    }

    mutating func drawPriorities() {
        for (name, value, policy) in [("high", 1_000, nil), ("low", -10, nil), ("patient", 500, "Never")] {
            write(
                object(
                    "scheduling.k8s.io/v1", "PriorityClass", name, nil,
                    [("value", .number(Int64(value))), ("preemptionPolicy", policy.map { .text($0) })]),
                to: "manifests/priority-\(name).yaml")
        }
    }

    mutating func drawBudgets() {
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
    mutating func drawQuotas() {
        var dice = dice("quotas")
        let namespace = dice.pick(["default", "team"])
        let hard = ManifestTree.texts([("pods", "\(dice.number(2...14))"), ("requests.cpu", "\(dice.number(1...4))")])
        write(
            object("v1", "ResourceQuota", "cap", namespace, [("spec", .mapping([("hard", hard)]))]),
            to: "manifests/quota.yaml")
        mending.append(
            .mapping([
                ("at", .time(mended)),
                ("delete", .texts([("kind", "ResourceQuota"), ("namespace", namespace), ("name", "cap")])),
            ]))
    }

    mutating func drawImages() {
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
                    ("at", .time(mended)), ("push", .texts([("image", image), ("size", "30Mi")])),
                ]))
        }
    }
}
