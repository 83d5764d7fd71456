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
        /// A container whose end restarts all containers of its pod.
        case restartAllContainers
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
            "kube-apiserver", "admission: priority, default tolerations, default storage class, new nodes",
            .approximate,
            "after the plugins of v1.36; no recording to compare with"),
        Fidelity(
            "kube-apiserver", "outages", .approximate,
            "with the fault APIServerOutage no request is answered; leases that lapse meanwhile are not held against nodes"
        ),
        Fidelity(
            "kube-apiserver", "webhooks, authorization, flow control", .absent,
            "every request is served; of webhooks there is the VerticalPodAutoscaler's"),
        Fidelity(
            "kube-apiserver", "labels of zone and region on bound pods (PodTopologyLabels)", .absent,
            "pods keep the labels that they were made with"),
        Fidelity(
            "kube-apiserver", "changes that are applied", .approximate,
            "checked as updates of v1.36 are; what a manifest said before is not known: labels and annotations that it "
                + "no longer has go, and replicas that it does not give stay"),
        Fidelity(
            "kube-apiserver", "ResourceQuota", .approximate,
            "as recorded of v1.36; claims that grow and services that change are charged, pods are not resized",
            .kind(.resourceQuota)),
        Fidelity(
            "kube-apiserver", "LimitRange", .exact,
            "defaults, bounds and ratios of containers, pods and claims, after v1.36", .kind(.limitRange)),

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
            "kube-scheduler", "gang scheduling (pod groups)", .approximate,
            "off as in v1.36; with gangs: true pods of a group wait in PreEnqueue and Permit; no topology, no minResources"
        ),
        Fidelity(
            "kube-scheduler", "dynamic resource allocation", .absent,
            "the fields resourceClaims and workloadRef of pods are named in a warning"),
        Fidelity(
            "kube-scheduler", "research policies for shared GPUs", .exact,
            "FGD and its five rivals, checked against the published experiment"),
        Fidelity("kube-scheduler", "preemption and nominated nodes", .exact, "as recorded of v1.36"),
        Fidelity("kube-scheduler", "topologySpreadConstraints", .exact, "as recorded of v1.36"),
        Fidelity("kube-scheduler", "podAffinity and podAntiAffinity", .exact, "as recorded of v1.36"),
        Fidelity(
            "kube-scheduler", "volumes: restrictions, limits, binding, zones", .exact,
            "as recorded of v1.36; drivers have as much space as anybody asks for"),

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
            "50 s grace, 300 s toleration, eviction rates and disruption modes by zone, after v1.36"),
        Fidelity(
            "network", "partitions between machines and the control plane", .approximate,
            "kubelets are not heard and hear nothing; pods reach each other all the same"),
        Fidelity(
            "kubelet", "hangs, full disks, slow machines", .approximate,
            "as faults: a hang stops restarts and probes, a full disk pulls, a slow machine all of its work alike"),
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
            "kube-controller-manager", "HorizontalPodAutoscaler", .approximate,
            "the algorithm of v1.36; status.currentMetrics is not kept, and minReplicas 0 needs featureGates.HPAScaleToZero"
        ),
        Fidelity(
            "metrics-server", "usage of pods", .approximate,
            "every kubelet is asked at the same instants"),
        Fidelity(
            "metrics adapters", "custom and external metrics", .approximate,
            "what the section metrics of a scenario says, without labels of series for pods and objects"),
        Fidelity(
            "kube-controller-manager", "PersistentVolume, PersistentVolumeClaim", .approximate,
            "binding, phases, reclaiming, default class, protection and growth after v1.36; volumes are not recycled, and a "
                + "volume grows in the time of volumes.provision, without conditions and without a pause between two growths"
        ),
        Fidelity(
            "kube-controller-manager", "attaching and detaching volumes", .approximate,
            "a pod waits for its disks (volumes.attach), and for those that one node at a time may have until the pods of "
                + "another node are gone; a lost node keeps them 6 minutes longer, unless it is out of service or deleted; "
                + "what a machine still has mounted is not looked at"),
        Fidelity(
            "kube-controller-manager", "Endpoints, EndpointSlices", .approximate,
            "who is ready, serving, terminating, after v1.36; the name of a pod stands for its address, and traffic follows "
                + "the readiness of pods after the delay endpoints.propagation"),
        Fidelity(
            "kube-controller-manager", "deletion of namespaces", .approximate,
            "pods go first, then all else; no conditions"),

        Fidelity(
            "kube-proxy", "traffic of services", .approximate,
            "equal shares to the endpoints on the list, one list for all senders; a terminating pod is never fallen back to"
        ),
        Fidelity(
            "services", "latency, errors, use of processors and memory by requests", .approximate,
            "queueing theory for each replica at the present rates, without memory of what was before: no backlog is carried"
        ),
        Fidelity(
            "services", "retries, timeouts, budgets", .approximate,
            "as a steady state; work that nobody waits for any more is done all the same"),
        Fidelity(
            "services", "circuit breakers, hedging, least-request balancing, session affinity, topology hints", .absent,
            "nothing happens"),

        Fidelity(
            "kubelet", "admission: resources, node affinity, host ports, NoExecute taints, critical pods", .exact,
            "after v1.36; device plugins have no say"),
        Fidelity(
            "kubelet", "init containers, sidecars, restarts and their rules, back-off", .approximate,
            "after v1.36; PodReadyToStartContainers comes with the first container unless that takes its time"),
        Fidelity(
            "kubelet", "restartPolicyRules: RestartAllContainers", .absent, "only the container itself is restarted",
            .restartAllContainers),
        Fidelity(
            "kubelet", "grace periods, order of sidecars, preStop and postStart hooks", .exact,
            "after v1.36; a pull or hook under way goes on first; what hooks do is the scenario's"),
        Fidelity(
            "kubelet", "graceful node shutdown, by priority", .approximate,
            "after v1.36; the change shutdown or reboot begins it, and volumes unmount in no time"),
        Fidelity(
            "kubelet", "kubeReserved, systemReserved, evictionHard", .exact,
            "allocatable is what they leave of the capacity, by pool or machine type"),
        Fidelity(
            "kubectl", "get -o json of a live cluster as the start", .approximate,
            "phases, counts, bindings, back-offs and tolerations go on; pulls, volumes and hooks under way begin anew"),
        Fidelity(
            "kubectl", "drain", .approximate,
            "its flags, budgets through evictions, a retry every 5 s; no selectors and no dry run"),
        Fidelity(
            "kubelet", "image pulls: policies, QPS, serial and parallel pulls, back-off", .approximate,
            "after v1.36; a status has the reason of a failed pull, the runtime's words are in the events"),
        Fidelity(
            "kubelet", "image garbage collection, the images that a node lists", .approximate,
            "after v1.36; the disk holds images and nothing else"),
        Fidelity(
            "kubelet", "credentials of images (KubeletEnsureSecretPulledImages, imagePullSecrets)", .absent,
            "a registry takes everybody or, with unauthorized: true, nobody"),
        Fidelity(
            "containerd", "layers, indexes, content store, errors", .approximate,
            "layers are fetched three at a time and each once; a pull unpacks after its last layer has come"),
        Fidelity(
            "registries", "tags, digests, quotas, bandwidth", .approximate,
            "bandwidth is shared max-min fair; a quota's window begins with its first pull"),
        Fidelity(
            "registries", "pull-through caches, peers, lazy loading", .approximate,
            "a cache keeps everything, a peer gives whole layers, what a lazy container reads is not looked at"),
        Fidelity(
            "kubelet", "startup, liveness and readiness probes", .approximate,
            "on upstream's grid, they see what the scenario says; no network calls, one event per outcome"),
        Fidelity(
            "kubelet", "readiness gates", .approximate,
            "honoured, but nobody sets their conditions: what an export says of a pod stays; manifests are warned of"),
        Fidelity(
            "kubelet", "memory and disk pressure: thresholds, conditions, ranking, evictions", .approximate,
            "after v1.36, on machines where it is known what pods use; always on the kubelet's grid"),
        Fidelity(
            "kubelet", "OOM kills at limits of containers and pods, and of the whole machine", .approximate,
            "a container is one process, and its memory is what the scenario says of it"),
        Fidelity(
            "kubelet", "limits of ephemeral storage and of emptyDir volumes", .approximate,
            "what is written is what the scenario says; volumes in memory hold none of it"),
        Fidelity(
            "kubelet", "CPU by weights and quotas", .approximate,
            "the long-run share by request and class; it slows the work of containers, not their starts and probes"),
        Fidelity(
            "kubelet", "pressure of inodes and process ids, swap, page cache", .absent, "they never run short"),
        Fidelity(
            "kubelet", "static pods, mirror pods, device plugins, in-place resize, ephemeral containers", .absent,
            "nothing happens"),
        Fidelity(
            "kubelet", "work that is cut short, checkpoints", .approximate,
            "as the scenario says: work since the last checkpoint is lost, a successor goes on from there"),

        Fidelity(
            "cluster-autoscaler", "scale-up, expanders, scale-down, back-off, health", .approximate,
            "by pools with autoscaling; it reads the present state, and its requests take no time; estimates are not cut off "
                + "by a time (--max-binpacking-time)"),
        Fidelity(
            "cluster-autoscaler", "ProvisioningRequest, node group auto-provisioning, the expander grpc", .absent,
            "groups are the pools of the scenario"),
        Fidelity(
            "Karpenter", "provisioning, disruption, interruption", .approximate,
            "by NodePools among the manifests; equal pods go together; preferred nodes and soft spreading are asked for first "
                + "and given up one by one, preferred neighbours play no part; of an order's 60 cheapest types the first that "
                + "can be had is given; of zones with equal prices the emptiest is taken; pods that came or went are noticed "
                + "every 10 s"),
        Fidelity(
            "Karpenter", "startupTaints, EC2NodeClass drift, nodes of an exported cluster", .approximate,
            "startupTaints go when the node's daemons are ready or after a time; any change of an EC2NodeClass's spec is "
                + "drift, as if other images, subnets or groups came of it; exported nodes are taken over as their "
                + "NodePool has them now"),
        Fidelity(
            "Karpenter", "NodeClaim objects, replicas, reservations, node overlays and repair", .absent,
            "nothing happens; manifests that ask for it, or for a machine of their own in an EC2NodeClass, are warned of"
        ),
        Fidelity(
            "faults", "AutoscalerOutage", .approximate,
            "the autoscalers of machines do nothing, and know afterwards what they knew before"),
        Fidelity(
            "storage drivers", "provisioning and deletion of volumes", .approximate,
            "in the zone or on the node of the pod, after a while (volumes.provision, volumes.delete), without limit"),
        Fidelity(
            "storage drivers", "how many volumes a node attaches", .approximate,
            "as the CSINode objects among the manifests say; machines of pools and autoscalers have no limit without one"
        ),
        Fidelity("storage drivers", "snapshots, clones, capacity", .absent, "nothing happens"),
        Fidelity("cloud", "launch times", .approximate, "one distribution for all machine types"),
        Fidelity(
            "cloud", "stock-outs, failed launches, spot interruptions", .approximate,
            "as faults, at the times that the scenario says; a lost machine of a pool is replaced in its zone"),
        Fidelity(
            "cloud", "quotas of processors", .approximate,
            "with cloud.quotas, by Amazon's classes or for all machines of a region; a machine counts from its launch until "
                + "it is gone"),
        Fidelity(
            "cloud", "quotas of volumes, load balancers and addresses", .absent, "as many as are asked for can be had"),
        Fidelity(
            "cloud", "upgrades of machines (MaintenanceWave)", .approximate,
            "by surge or in place, some at a time, with drains that honour budgets; versions are not compared"),
        Fidelity(
            "cloud-controller-manager", "nodes of machines that are gone", .approximate,
            "deleted on the grid of 5 s once they are not ready; no other controllers"),
        Fidelity(
            "capacity", "orrery capacity: what fits, which machines are enough, which could go", .approximate,
            "by the real scheduler, without faults and autoscalers; sets of one or two kinds of machines; quotas and "
                + "credits of burstable machines do not count"),
        Fidelity(
            "costs", "machines, idle share, control plane", .exact, "list prices by the second, to the nano-dollar"),
        Fidelity(
            "costs", "burstable machines (t2, t3, t3a, t4g): CPU credits", .absent,
            "list prices at any use of processors: no surplus credits are billed and nothing is throttled"),
        Fidelity(
            "costs", "regions", .approximate,
            "of Amazon us-east-1 and us-gov-west-1, of Google us-central1, us-east1, us-west1, europe-west1, europe-west4 and "
                + "asia-southeast1; other regions by overlays"),
        Fidelity("costs", "Azure", .absent, "no facts about its prices and machines are at hand"),
        Fidelity(
            "costs", "reserved instances, savings plans, committed and sustained use discounts", .approximate,
            "in the providers' order for each hour of the run; one account, no exchanges, rates as the scenario has them; "
                + "who was charged for a machine gets its saving by the day"),
        Fidelity(
            "costs", "block storage, load balancers", .approximate,
            "with prices.storage and prices.loadBalancer: by the time that volumes and services exist, 730 hours to a month; one kind of volume, "
                + "without operations, snapshots and what passes through"),
        Fidelity(
            "costs", "allocation after OpenCost: idle, shared, labels, volumes, load balancers", .approximate,
            "usage is integrated, not sampled; a volume is its last claimant's for the day, not split between several, "
                + "and idle money goes by resource"),
        Fidelity(
            "costs", "idle money by cause", .approximate,
            "by requests alone: taints, affinity and spread constraints are not looked at, and only the 32 commonest shapes"
        ),
        Fidelity(
            "vertical-pod-autoscaler", "recommender", .approximate,
            "histograms, percentiles, confidence, margin and OOM bumps of v1.5, in runs and in orrery right-size; weights by "
                + "the minute; in runs nothing is recommended before the first sample, pods that a kubelet evicts bump no memory"
        ),
        Fidelity(
            "vertical-pod-autoscaler", "VerticalPodAutoscaler objects, updater, admission", .approximate,
            "modes, policies, limit ranges, eviction rules and order of v1.5; at whole minutes, on the present state, without "
                + "failures of their own"),
        Fidelity(
            "vertical-pod-autoscaler", "resizing in place, other recommenders, checkpoints, targets of other groups",
            .absent, "InPlaceOrRecreate does what Recreate does; manifests that ask for it are warned of"),
        Fidelity(
            "costs", "traffic between zones, to the internet, at load balancers, of images", .approximate,
            "with prices.traffic and prices.egress.billed, of what services say their requests carry; without headers, "
                + "retransmissions, NAT, private links and regions; of a load balancer's capacity units bytes alone count"
        ),
        Fidelity(
            "costs", "changing spot prices", .approximate,
            "with prices.spot: known or generated, by instance hour or continuously; autoscalers see the lowest of all zones, "
                + "a launch pays its zone's; prices interrupt nobody, and a machine taken back in its first hour is paid"
        ),
        Fidelity(
            "experiments", "paired differences, intervals, corrections for many comparisons", .exact,
            "Student's t and bootstrap (BCa) over seeds with common random numbers; Holm, Benjamini and Hochberg"),
        Fidelity(
            "experiments", "recovery.max, errors.time of services and SQL as metrics", .absent,
            "a replication keeps no database of its own"),
        Fidelity(
            "exports", "kube-state-metrics: nodes, pods, workloads, jobs, autoscalers, budgets, quotas", .approximate,
            "names, labels and rules of v2.20, read from the repeated run at each step; no addresses, no annotations"),
        Fidelity(
            "exports", "cAdvisor, kubelets, kube-scheduler, OpenCost, up", .approximate,
            "processor time, working sets, machines, running pods, attempts, list prices; a container of which nobody says "
                + "what it uses is taken to use what it asks for"),
        Fidelity(
            "exports", "API server, etcd, work queues, histograms, network, file systems, cgroups, volumes", .absent,
            "no series: rules and panels over them find no data"),
        Fidelity(
            "forecast", "demand: trend, seasons, holidays, intervals", .approximate,
            "smoothing and regression, chosen by a back-test inside the history; one service follows it, holidays and "
                + "months are those of UTC; what never happened is in no interval"),
        Fidelity(
            "forecast", "limits: budget, pools, ResourceQuotas, pods per node, addresses, vCPUs", .approximate,
            "by day; addresses, ranges for nodes and vCPU quotas are stated by the user and only watched: no run stops at "
                + "them, families of machine types and prefixes of addresses are not told apart"),
        Fidelity(
            "forecast", "variance: demand, failures, reclaimed spot machines, chance", .approximate,
            "first-order shares from pairs of runs with bootstrap intervals; what they do together is the rest; a "
                + "workload's own crashes count as chance"),
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
