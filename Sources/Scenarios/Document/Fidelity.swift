package import KubernetesAPI

/// A statement on how well a part of Kubernetes is modelled.
///
/// The table is the only list: `orrery fidelity` prints it, and the warnings about manifests are made from it.
package struct Fidelity: Sendable {
    /// How near the model is to the original.
    package enum Grade: String, Hashable, Sendable, CaseIterable {
        /// The same rules; only how long things take is modelled.
        case exact
        /// Another rule that comes to about the same.
        case approximate
        /// Nothing happens.
        case absent
    }

    /// What in a manifest calls for a part that is absent.
    package enum Trigger: Hashable, Sendable {
        case kind(ObjectKind)
        /// A StatefulSet that may update several pods at once.
        case statefulMaxUnavailable
    }

    package let component: String
    /// The kind, field or behaviour.
    package let field: String
    package let grade: Grade
    /// What happens here, as a sentence fragment that can follow the field's name and a colon.
    package let meaning: String
    package let trigger: Trigger?

    private init(_ component: String, _ field: String, _ grade: Grade, _ meaning: String, _ trigger: Trigger? = nil) {
        self.component = component
        self.field = field
        self.grade = grade
        self.meaning = meaning
        self.trigger = trigger
    }
}

// MARK: - The table

extension Fidelity {
    /// All statements, by component.
    package static let table: [Fidelity] = [
        Fidelity(
            "kube-apiserver", "versions, conflicts, graceful deletion, owner references", .approximate,
            "writes with stale versions are refused; deletion waits for grace and finalizers"),
        Fidelity(
            "kube-apiserver", "admission of pods: priority, default tolerations", .approximate,
            "after the plugins of v1.36; no recording to compare with"),
        Fidelity(
            "kube-apiserver", "outages", .approximate,
            "with the fault APIServerOutage no request is answered; leases that lapse meanwhile are not held against nodes"
        ),
        Fidelity("kube-apiserver", "webhooks, authorization, flow control", .absent, "every request is served"),
        Fidelity(
            "kube-apiserver", "ResourceQuota", .approximate,
            "as recorded of v1.36 for what is created; updates are not charged, and a service counts one node port",
            .kind(.resourceQuota)),
        Fidelity(
            "kube-apiserver", "LimitRange", .approximate,
            "defaults and bounds of containers hold; bounds of whole pods, of claims and ratios do not",
            .kind(.limitRange)),

        Fidelity("kube-scheduler", "queue, back-off, requeueing hints, gates", .approximate, "after v1.36"),
        Fidelity("kube-scheduler", "resources, taints, node affinity, ports, images", .exact, "as recorded of v1.36"),
        Fidelity(
            "kube-scheduler", "KubeSchedulerConfiguration: profiles, plugin sets, weights, arguments", .exact,
            "read and checked as upstream does; scoring as recorded of v1.36"),
        Fidelity(
            "kube-scheduler", "percentageOfNodesToScore, order of nodes", .exact,
            "as recorded of v1.36 with mode: upstream; without it every node is looked at"),
        Fidelity(
            "kube-scheduler", "clientConnection, leaderElection, parallelism", .absent,
            "they are read and have no effect; the parameters scheduler.qps and scheduler.burst limit the client"),
        Fidelity(
            "kube-scheduler", "HTTP extenders", .approximate,
            "called over plain HTTP in runs with --live-extenders, which cannot be replayed; other runs are refused"),
        Fidelity(
            "kube-scheduler", "dynamic resource allocation, gang scheduling (pod groups)", .absent,
            "the fields resourceClaims, schedulingGroup and workloadRef of pods are named in a warning"),
        Fidelity(
            "kube-scheduler", "research policies for shared GPUs", .exact,
            "FGD and its five rivals, checked against the published experiment"),
        Fidelity("kube-scheduler", "preemption and nominated nodes", .exact, "as recorded of v1.36"),
        Fidelity("kube-scheduler", "topologySpreadConstraints", .exact, "as recorded of v1.36"),
        Fidelity("kube-scheduler", "podAffinity and podAntiAffinity", .exact, "as recorded of v1.36"),
        Fidelity(
            "kube-scheduler", "volumes: restrictions, limits, binding, zones", .approximate,
            "the plugins decide as recorded of v1.36, but nobody binds claims in a run yet: an unbound one restricts nothing"
        ),

        Fidelity(
            "kube-controller-manager", "informer caches, work queues, conflicts, restarts", .approximate,
            "controllers read what their watch has brought, back off when they are refused, and can crash between two "
                + "requests; one watch serves all kinds, and there is no periodic resync"),
        Fidelity(
            "kube-controller-manager", "leader election", .approximate,
            "only how long it takes: the default duration of the faults ControllerCrash and SchedulerCrash"),
        Fidelity(
            "kube-controller-manager", "Deployment", .approximate, "rolling updates, revisions, progress deadline"),
        Fidelity(
            "kube-controller-manager", "ReplicaSet", .approximate, "expectations, and the order in which pods go"),
        Fidelity(
            "kube-controller-manager", "Job", .exact,
            "as recorded of v1.36: indexed, back-off, policies for failed pods and success, deadlines, TTL"),
        Fidelity(
            "kube-controller-manager", "PodDisruptionBudget", .approximate, "status and evictions, after v1.36"),
        Fidelity(
            "kube-controller-manager", "node lifecycle and taint eviction", .approximate,
            "50 s grace, 300 s toleration"),
        Fidelity(
            "kube-controller-manager", "garbage collection of pods and of owned objects", .approximate, "after v1.36"),
        Fidelity(
            "kube-controller-manager", "StatefulSet", .approximate,
            "order, updates, revisions, claims and who owns them; pods have no host name of their own"),
        Fidelity(
            "kube-controller-manager", "StatefulSet: maxUnavailable", .absent,
            "pods are updated one at a time, as with the feature gate off that it needs", .statefulMaxUnavailable),
        Fidelity(
            "kube-controller-manager", "DaemonSet", .approximate,
            "placement, tolerations, rolling updates with surge, revisions; after v1.36"),
        Fidelity(
            "kube-controller-manager", "CronJob", .exact,
            "as recorded of v1.36; IANA time zones with the rules that hold since 2025"),
        Fidelity(
            "kube-controller-manager", "ResourceQuota", .approximate, "recounts of what is used, as recorded of v1.36"),
        Fidelity(
            "kube-controller-manager", "ReplicationController", .approximate, "by the rules of ReplicaSet",
            .kind(.replicationController)),
        Fidelity(
            "kube-controller-manager", "HorizontalPodAutoscaler", .absent, "replicas stay as the manifest has them",
            .kind(.horizontalPodAutoscaler)),
        Fidelity(
            "kube-controller-manager", "PersistentVolumeClaim", .absent,
            "nobody binds it: pods count it as bound, and nothing is provisioned",
            .kind(.persistentVolumeClaim)),
        Fidelity("kube-controller-manager", "Endpoints, EndpointSlices", .absent, "services have no traffic here"),
        Fidelity(
            "kube-controller-manager", "deletion of namespaces", .approximate,
            "pods go first, then all else; no conditions"),

        Fidelity("kubelet", "init containers, sidecars, restarts, back-off, grace", .approximate, "after v1.36"),
        Fidelity(
            "kubelet", "image pulls, back-off, image garbage collection", .approximate,
            "by layer, with shared bandwidth"),
        Fidelity(
            "kubelet", "startup and readiness probes", .approximate,
            "they see what the scenario says of readiness; their network calls are not modelled"),
        Fidelity(
            "kubelet", "memory and disk pressure, OOM kills", .absent, "usage is charged, and evicts nobody"),
        Fidelity("kubelet", "static pods, device plugins, in-place resize", .absent, "nothing happens"),

        Fidelity("cluster-autoscaler, Karpenter", "all of it", .absent, "the number of machines stays as it is"),
        Fidelity("cloud", "launch times", .approximate, "one distribution for all machine types"),
        Fidelity("cloud", "stock-outs, quotas, spot interruptions", .absent, "every machine can be had and stays"),
        Fidelity(
            "costs", "machines, idle share, control plane", .exact, "list prices by the second, to the nano-dollar"),
        Fidelity("costs", "storage, load balancers, traffic, commitments", .absent, "they cost nothing"),
    ]

    /// The table as text, for `orrery fidelity`.
    package static var text: String {
        let rows =
            [("COMPONENT", "PART", "GRADE", "MEANING")]
            + table.map { ($0.component, $0.field, $0.grade.rawValue, $0.meaning) }
        func width(_ texts: [String]) -> Int { texts.map(\.count).max() ?? 0 }
        let widths = (width(rows.map(\.0)), width(rows.map(\.1)), width(rows.map(\.2)))
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count) + 2)
        }
        return rows.map { padded($0.0, widths.0) + padded($0.1, widths.1) + padded($0.2, widths.2) + $0.3 }
            .joined(separator: "\n") + "\n"
    }

    /// Returns the absent part that a manifest calls for, or nil when it is there.
    static func absent(_ trigger: Trigger) -> Fidelity? {
        table.first { $0.trigger == trigger && $0.grade == .absent }
    }
}
