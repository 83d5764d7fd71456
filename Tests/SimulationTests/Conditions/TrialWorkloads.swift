import Chronology
import KubernetesAPI

/// What a trial's cluster runs: a random choice of everything that a controller looks after.
enum TrialWorkloads {
    /// The namespace that may be deleted as a whole.
    static let team = "team"

    /// The class of every claim, as none names one.
    static var storageClass: KubernetesObject {
        var found = StorageClass(metadata: ObjectMeta(name: "standard"))
        found.metadata.annotations["storageclass.kubernetes.io/is-default-class"] = "true"
        found.provisioner = "ebs.csi.aws.com"
        found.waitForFirstConsumer = true
        return .storageClass(found)
    }

    static func random(_ dice: inout Dice) -> [KubernetesObject] {
        var objects: [KubernetesObject] = []
        for index in 0..<1 + dice.roll(2) {
            let namespace = index == 0 ? "default" : team
            objects.append(.deployment(deployment("web\(index)", namespace, &dice)))
            if dice.hits(oneIn: 2) { objects.append(budget("web\(index)", namespace, &dice)) }
        }
        if dice.hits(oneIn: 2) { objects.append(.replicaSet(replicaSet("bare", &dice))) }
        if dice.hits(oneIn: 3) {
            let set = replicaSet("old", &dice)
            objects.append(
                .replicationController(ReplicationController(metadata: set.metadata, spec: set.spec)))
        }
        if !dice.hits(oneIn: 3) {
            let namespace = dice.hits(oneIn: 3) ? team : "default"
            objects.append(.statefulSet(statefulSet("db", namespace, &dice)))
            if dice.hits(oneIn: 2) { objects.append(budget("db", namespace, &dice)) }
        }
        if dice.hits(oneIn: 2) { objects.append(.daemonSet(daemonSet("agent", &dice))) }
        if !dice.hits(oneIn: 3) {
            objects.append(.job(job("batch", dice.hits(oneIn: 3) ? team : "default", &dice)))
        }
        if dice.hits(oneIn: 3) { objects.append(.cronJob(cronJob("tick", &dice))) }
        if dice.hits(oneIn: 3) { objects.append(quota("cap", dice.hits(oneIn: 2) ? team : "default", &dice)) }
        return objects
    }

    static func template(_ app: String, version: Int = 1) -> PodTemplateSpec {
        var container = Container(name: "main", image: "shop/app:\(version)")
        container.requests = [.cpu: Quantity(milli: 50), .memory: Quantity(16 << 20)]
        var spec = PodSpec(containers: [container])
        spec.terminationGracePeriodSeconds = 10
        return PodTemplateSpec(labels: ["app": app], spec: spec)
    }

    private static func selector(_ app: String) -> LabelSelector { LabelSelector(matchLabels: ["app": app]) }

    private static func deployment(_ name: String, _ namespace: String, _ dice: inout Dice) -> Deployment {
        var spec = Deployment.Spec()
        spec.replicas = Int64(dice.roll(7))
        spec.selector = selector(name)
        spec.template = template(name)
        spec.strategy = strategy(&dice)
        spec.minReadySeconds = Int64(dice.roll(3) / 2 * 5)
        spec.revisionHistoryLimit = Int64(dice.roll(4))
        return Deployment(metadata: ObjectMeta(name: name, namespace: namespace), spec: spec)
    }

    static func strategy(_ dice: inout Dice) -> Deployment.Strategy {
        switch dice.roll(5) {
        case 0: .recreate
        case 1: .rollingUpdate(maxUnavailable: .number(0), maxSurge: .number(1))
        case 2: .rollingUpdate(maxUnavailable: .number(1), maxSurge: .number(0))
        case 3: .rollingUpdate(maxUnavailable: .percent(50), maxSurge: .number(2))
        default: .rollingUpdate(maxUnavailable: .percent(25), maxSurge: .percent(25))
        }
    }

    private static func replicaSet(_ name: String, _ dice: inout Dice) -> ReplicaSet {
        var spec = ReplicaSet.Spec()
        spec.replicas = Int64(dice.roll(5))
        spec.selector = selector(name)
        spec.template = template(name)
        return ReplicaSet(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec)
    }

    private static func statefulSet(_ name: String, _ namespace: String, _ dice: inout Dice) -> StatefulSet {
        var spec = StatefulSet.Spec()
        spec.replicas = Int64(dice.roll(5))
        spec.selector = selector(name)
        spec.template = template(name)
        spec.isParallel = dice.hits(oneIn: 2)
        spec.minReadySeconds = dice.hits(oneIn: 3) ? 3 : 0
        spec.revisionHistoryLimit = 2
        if dice.hits(oneIn: 2) {
            spec.volumeClaimTemplates = [
                PersistentVolumeClaim(metadata: ObjectMeta(name: "data"), spec: PersistentVolumeClaimSpec())
            ]
            spec.whenScaled = dice.hits(oneIn: 2) ? .delete : .retain
            spec.whenDeleted = dice.hits(oneIn: 2) ? .delete : .retain
        }
        return StatefulSet(metadata: ObjectMeta(name: name, namespace: namespace), spec: spec)
    }

    private static func daemonSet(_ name: String, _ dice: inout Dice) -> DaemonSet {
        var spec = DaemonSet.Spec()
        spec.selector = selector(name)
        spec.template = template(name)
        if dice.hits(oneIn: 3) {
            spec.updateStrategy = .rollingUpdate(maxUnavailable: .number(0), maxSurge: .number(1))
        }
        return DaemonSet(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec)
    }

    private static func jobSpec(_ app: String, _ dice: inout Dice) -> Job.Spec {
        var spec = Job.Spec()
        spec.parallelism = Int64(1 + dice.roll(3))
        if !dice.hits(oneIn: 4) { spec.completions = Int64(1 + dice.roll(6)) }
        spec.indexed = spec.completions != nil && dice.hits(oneIn: 2)
        spec.backoffLimit = 1_000
        if dice.hits(oneIn: 4) { spec.podReplacementPolicy = .failed }
        spec.template = template(app)
        spec.template.spec.restartPolicy = .never
        return spec
    }

    private static func job(_ name: String, _ namespace: String, _ dice: inout Dice) -> Job {
        Job(metadata: ObjectMeta(name: name, namespace: namespace), spec: jobSpec(name, &dice))
    }

    private static func cronJob(_ name: String, _ dice: inout Dice) -> CronJob {
        var spec = CronJob.Spec()
        spec.schedule = "* * * * *"
        spec.concurrencyPolicy = dice.pick([.allow, .forbid, .replace]) ?? .allow
        spec.jobTemplate = jobSpec(name, &dice)
        return CronJob(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec)
    }

    private static func budget(_ app: String, _ namespace: String, _ dice: inout Dice) -> KubernetesObject {
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: app, namespace: namespace))
        budget.selector = selector(app)
        switch dice.roll(3) {
        case 0: budget.minAvailable = .number(Int64(dice.roll(4)))
        case 1: budget.minAvailable = .percent(50)
        default: budget.maxUnavailable = .number(Int64(dice.roll(3)))
        }
        return .podDisruptionBudget(budget)
    }

    private static func quota(_ name: String, _ namespace: String, _ dice: inout Dice) -> KubernetesObject {
        var quota = ResourceQuota(metadata: ObjectMeta(name: name, namespace: namespace))
        quota.hard = [.pods: Quantity(Int64(20 + dice.roll(20))), ResourceName("requests.cpu"): Quantity(4)]
        return .resourceQuota(quota)
    }
}
