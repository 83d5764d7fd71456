import Chronology
import KubernetesAPI

/// The nodes of a replay, as they were made when the traces were recorded.
enum ReplayNodes {
    static let startDate = StartDate(unixSeconds: 0)
    /// The label that keeps the pods of a case on its nodes.
    static let caseLabel = "orrery.dev/case"
    /// A node of another zone, where no pod of the case may run.
    static let bystander = "other-zone"

    /// Makes a ready node from its description.
    static func node(_ tree: ManifestTree, caseName: String, now: Instant, zone: String = "z1") -> Node {
        let name = tree["name"]?.string ?? ""
        var labels: StringMap = [
            "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "topology.kubernetes.io/zone": zone,
            caseLabel: caseName,
        ]
        for entry in tree["labels"]?.entries ?? [] { labels[entry.key] = entry.value.string }
        var node = Node(metadata: ObjectMeta(name: name, labels: labels))
        node.spec.unschedulable = tree["unschedulable"]?.truth ?? false
        node.spec.taints = taints(tree["taints"])
        var allocatable: [(String, String)] = [("cpu", "8"), ("memory", "32Gi"), ("pods", "110")]
        for entry in tree["allocatable"]?.entries ?? [] {
            allocatable.removeAll { $0.0 == entry.key }
            allocatable.append((entry.key, entry.value.string ?? entry.value.canonical))
        }
        for (resource, amount) in allocatable {
            node.status.allocatable[ResourceName(resource)] = Quantity(parsing: amount)
        }
        node.status.capacity = node.status.allocatable
        node.status.conditions = conditions(at: now)
        return node
    }

    static func taints(_ tree: ManifestTree?) -> [Taint] {
        (tree?.elements ?? []).compactMap { taint in
            guard let effect = TaintEffect(rawValue: taint["effect"]?.string ?? "") else { return nil }
            return Taint(key: taint["key"]?.string ?? "", value: taint["value"]?.string ?? "", effect: effect)
        }
    }

    /// The conditions that a healthy kubelet posts.
    static func conditions(at now: Instant) -> [Condition] {
        [
            Condition(Condition.ready, .true, reason: "KubeletReady", at: now.wholeSecond),
            Condition("MemoryPressure", .false, reason: "KubeletHasSufficientMemory", at: now.wholeSecond),
            Condition("DiskPressure", .false, reason: "KubeletHasNoDiskPressure", at: now.wholeSecond),
            Condition("PIDPressure", .false, reason: "KubeletHasSufficientPID", at: now.wholeSecond),
        ]
    }

    /// Returns a manifest whose pods may only run on the nodes of a case.
    static func confined(_ tree: ManifestTree, to name: String) -> ManifestTree {
        let path: [String]
        switch tree["kind"]?.string {
        case "Pod": path = ["spec"]
        case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController":
            path = ["spec", "template", "spec"]
        case "CronJob": path = ["spec", "jobTemplate", "spec", "template", "spec"]
        default: return tree
        }
        return tree.changing(path) { spec in
            let selector = spec["nodeSelector"] ?? .mapping([])
            return spec.setting("nodeSelector", selector.setting(caseLabel, .text(name)))
        }
    }
}
