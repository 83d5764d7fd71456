import KubernetesAPI

/// What a seed's pods look like.
extension SwarmDraw {
    static let host = "registry.example.com"

    /// The image of a version of an application.
    static func image(_ app: String, _ version: Int) -> String { "\(host)/\(app):\(version)" }

    /// Returns a function from an image to the template of an application's pods.
    mutating func template(
        _ app: String, of kind: String, _ dice: inout SwarmDice, ends: Bool = false,
        extra: [(String, ManifestTree?)] = []
    ) -> @Sendable (String) -> ManifestTree {
        let requests = ManifestTree.texts([
            ("cpu", "\(dice.pick([20, 50, 100, 100, 250, 500, 900]))m"),
            ("memory", "\(dice.pick([16, 32, 64, 64, 128, 256, 600]))Mi"),
        ])
        let isLimited = dice.hits(25)
        let resources = ManifestTree.mapping([
            ("requests", dice.hits(90) ? requests : nil), ("limits", isLimited ? requests : nil),
        ])
        let probes = has(.probes) && !ends ? probes(&dice) : []
        let pullPolicy: ManifestTree? = dice.hits(20) ? .text("Always") : nil
        let hook = dice.number(1...8)
        let sleeps = has(.hooks) && dice.hits(50)
        let grace: Int64? = dice.hits(70) ? Int64(dice.pick([0, 1, 5, 10, 45])) : nil
        // The API server takes no hook that sleeps longer than its pod is given to end.
        let seconds = ManifestTree.number(min(Int64(hook), grace ?? 30))
        let lifecycle: ManifestTree? =
            sleeps ? .mapping([("preStop", .mapping([("sleep", .mapping([("seconds", seconds)]))]))]) : nil
        let labels = ManifestTree.texts([("app", app)])
        var spec: [(String, ManifestTree?)] = [
            ("terminationGracePeriodSeconds", grace.map { .number($0) }),
            ("initContainers", initContainers(app, &dice)),
            ("priorityClassName", has(.priorities) ? priority(&dice) : nil),
            ("tolerations", has(.taints) && dice.hits(50) ? tolerations(&dice) : nil),
            (
                "topologySpreadConstraints",
                has(.spread) && kind != "DaemonSet" && dice.hits(50) ? spread(app, &dice) : nil
            ),
            ("affinity", has(.affinity) && kind != "DaemonSet" && dice.hits(50) ? affinity(app, &dice) : nil),
            ("restartPolicy", ends ? .text(dice.pick(["Never", "OnFailure"])) : nil),
            ("nodeSelector", dice.hits(8) ? .texts([("topology.kubernetes.io/zone", dice.pick(zones))]) : nil),
        ]
        spec += extra
        let rest = spec
        return { image in
            let container = ManifestTree.mapping(
                [
                    ("name", .text("main")), ("image", .text(image)), ("imagePullPolicy", pullPolicy),
                    ("resources", resources), ("lifecycle", lifecycle),
                ] + probes)
            return .mapping([
                ("metadata", .mapping([("labels", labels)])),
                ("spec", .mapping(rest + [("containers", .sequence([container]))])),
            ])
        }
    }

    private func probes(_ dice: inout SwarmDice) -> [(String, ManifestTree?)] {
        func probe(_ dice: inout SwarmDice, threshold: Int) -> ManifestTree {
            .mapping([
                ("httpGet", .mapping([("path", .text("/healthz")), ("port", .number(8080))])),
                ("periodSeconds", .number(Int64(dice.pick([1, 3, 10])))),
                ("failureThreshold", .number(Int64(threshold))),
                ("initialDelaySeconds", dice.hits(30) ? .number(Int64(dice.number(1...10))) : nil),
            ])
        }
        return [
            ("readinessProbe", dice.hits(80) ? probe(&dice, threshold: dice.number(1...3)) : nil),
            ("livenessProbe", dice.hits(50) ? probe(&dice, threshold: dice.number(2...4)) : nil),
            ("startupProbe", dice.hits(40) ? probe(&dice, threshold: 60) : nil),
        ]
    }

    private mutating func initContainers(_ app: String, _ dice: inout SwarmDice) -> ManifestTree? {
        guard has(.sidecars), dice.hits(50) else { return nil }
        let isSidecar = dice.hits(50)
        let container = ManifestTree.mapping([
            ("name", .text(isSidecar ? "proxy" : "setup")), ("image", .text(Self.image("tools", 1))),
            ("restartPolicy", isSidecar ? .text("Always") : nil),
            ("resources", .mapping([("requests", .texts([("cpu", "10m"), ("memory", "16Mi")]))])),
        ])
        if !isSidecar {
            rules.append(
                .mapping([
                    ("match", .texts([("name", app), ("container", "setup")])),
                    ("runTime", .text("\(dice.number(1...8))s")),
                ]))
        }
        return .sequence([container])
    }

    private func priority(_ dice: inout SwarmDice) -> ManifestTree? {
        dice.hits(70) ? .text(dice.pick(["high", "low", "patient"])) : nil
    }

    private func tolerations(_ dice: inout SwarmDice) -> ManifestTree {
        let dedicated = ManifestTree.texts([("key", "dedicated"), ("operator", "Exists")])
        let patient = ManifestTree.mapping([
            ("key", .text(dice.pick(["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]))),
            ("operator", .text("Exists")), ("effect", .text("NoExecute")),
            ("tolerationSeconds", dice.hits(70) ? .number(Int64(dice.number(0...120))) : nil),
        ])
        return .sequence(dice.hits(50) ? [dedicated] : dice.hits(50) ? [patient] : [dedicated, patient])
    }

    private func spread(_ app: String, _ dice: inout SwarmDice) -> ManifestTree {
        .sequence([
            .mapping([
                ("maxSkew", .number(Int64(dice.number(1...2)))),
                ("topologyKey", .text(dice.pick(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]))),
                ("whenUnsatisfiable", .text(dice.pick(["DoNotSchedule", "ScheduleAnyway"]))),
                ("labelSelector", Self.selector(app)),
            ])
        ])
    }

    private func affinity(_ app: String, _ dice: inout SwarmDice) -> ManifestTree {
        let term = ManifestTree.mapping([
            ("topologyKey", .text(dice.pick(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]))),
            ("labelSelector", Self.selector(app)),
        ])
        let name = dice.pick(["podAntiAffinity", "podAffinity"])
        let rule: ManifestTree =
            dice.hits(50)
            ? .mapping([("requiredDuringSchedulingIgnoredDuringExecution", .sequence([term]))])
            : .mapping([
                (
                    "preferredDuringSchedulingIgnoredDuringExecution",
                    .sequence([.mapping([("weight", .number(Int64(dice.number(1...100)))), ("podAffinityTerm", term)])])
                )
            ])
        return .mapping([(name, rule)])
    }
}
