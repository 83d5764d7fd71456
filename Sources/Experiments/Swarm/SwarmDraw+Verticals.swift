import Faults
import KubernetesAPI

/// The VerticalPodAutoscalers of a seed, and what people do to them.
extension SwarmDraw {
    /// Whether a fault is one of those that VerticalPodAutoscalers feel: no samples, or containers out of memory.
    static func strikesVerticals(_ kind: any FaultKind.Type) -> Bool {
        [MetricsOutage.name, ContainerOOM.name].contains(kind.name)
    }

    mutating func drawVerticals() {
        guard has(.verticals) else { return }
        for workload in workloads {
            var dice = dice("vertical." + workload.name)
            guard dice.hits(70) else { continue }
            write(vertical(workload.name, of: workload, &dice), to: "manifests/vertical-\(workload.name).yaml")
            if dice.hits(15) {
                // Two for one workload: the older decides. An older one for new pods alone and a younger one that evicts
                // never come to rest, as upstream's updater looks among those that evict, and its admission among all.
                let rival = workload.name + "-rival"
                write(vertical(rival, of: workload, &dice), to: "manifests/vertical-\(rival).yaml")
                mending.append(
                    .mapping([("at", .time(mended)), ("delete", .texts(Self.key(of: rival, workload.namespace)))]))
            }
            let at = moment(&dice)
            if dice.hits(35) {
                let name = "later/vertical-\(workload.name).yaml"
                write(vertical(workload.name, of: workload, &dice), to: name)
                change(at, "apply", .text(name))
            } else if dice.hits(20) {
                change(at, "delete", .texts(Self.key(of: workload.name, workload.namespace)))
            }
        }
        drawLimitRange()
    }

    private static func key(of name: String, _ namespace: String) -> [(String, String)] {
        [("kind", "VerticalPodAutoscaler"), ("namespace", namespace), ("name", name)]
    }

    /// One with a mode and with bounds that move requests at once: the recommender's own close in over days.
    ///
    /// No bound is below what containers use of their memory, or a limit in proportion to it would kill them for ever.
    private func vertical(_ name: String, of workload: DrawnWorkload, _ dice: inout SwarmDice) -> ManifestTree {
        let least = ManifestTree.mapping([
            ("cpu", dice.hits(60) ? .text("\(dice.pick([30, 120, 400, 1_100]))m") : nil),
            ("memory", dice.hits(60) ? .text("\(dice.pick([20, 100, 300, 700]))Mi") : nil),
        ])
        let most = ManifestTree.texts([("cpu", "\(dice.pick([1_100, 2_000]))m")])
        let policy: [(String, ManifestTree?)] = [
            ("containerName", .text(dice.pick(["main", "*"]))), ("minAllowed", dice.hits(60) ? least : nil),
            ("maxAllowed", dice.hits(40) ? most : nil),
            ("controlledValues", dice.hits(30) ? .text("RequestsOnly") : nil),
            ("controlledResources", dice.hits(20) ? .sequence([.text(dice.pick(["cpu", "memory"]))]) : nil),
        ]
        let requirement = ManifestTree.mapping([
            ("resources", .sequence([.text(dice.pick(["cpu", "memory"]))])),
            ("changeRequirement", .text(dice.pick(["TargetHigherThanRequests", "TargetLowerThanRequests"]))),
        ])
        let mode = dice.pick(["Off", "Initial", "Recreate", "Recreate", "Recreate", "Auto"])
        let update: [(String, ManifestTree?)] = [
            ("updateMode", .text(mode)), ("minReplicas", dice.hits(50) ? .number(Int64(dice.number(1...3))) : nil),
            ("evictionRequirements", dice.hits(20) ? .sequence([requirement]) : nil),
        ]
        return .mapping([
            ("apiVersion", .text("autoscaling.k8s.io/v1")), ("kind", .text("VerticalPodAutoscaler")),
            ("metadata", .texts([("name", name), ("namespace", workload.namespace)])),
            (
                "spec",
                .mapping([
                    ("targetRef", .texts([("kind", workload.kind), ("name", workload.name)])),
                    ("updatePolicy", .mapping(update)),
                    (
                        "resourcePolicy",
                        dice.hits(80) ? .mapping([("containerPolicies", .sequence([.mapping(policy)]))]) : nil
                    ),
                ])
            ),
        ])
    }

    /// Bounds of a namespace that let every template through and cap what is recommended.
    ///
    /// They go in the end: as in upstream's capping, the least that a policy allows comes after the bounds, so that pods
    /// for which it is more than those are refused for ever.
    private mutating func drawLimitRange() {
        var dice = dice("limitRange")
        guard dice.hits(30) else { return }
        let bounds: [(String, ManifestTree?)] = [
            ("type", .text("Container")), ("max", .texts([("cpu", "1"), ("memory", "650Mi")])),
            ("min", dice.hits(50) ? .texts([("cpu", "10m"), ("memory", "16Mi")]) : nil),
        ]
        let namespace = dice.pick(["default", "team"])
        mending.append(
            .mapping([
                ("at", .time(mended)),
                ("delete", .texts([("kind", "LimitRange"), ("namespace", namespace), ("name", "bounds")])),
            ]))
        write(
            .mapping([
                ("apiVersion", .text("v1")), ("kind", .text("LimitRange")),
                ("metadata", .texts([("name", "bounds"), ("namespace", namespace)])),
                ("spec", .mapping([("limits", .sequence([.mapping(bounds)]))])),
            ]), to: "manifests/bounds.yaml")
    }
}
