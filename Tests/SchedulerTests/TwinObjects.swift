import ControlPlane
import KubernetesAPI
import SchedulingFramework

/// Random nodes, pods and rules, in which every plugin has a say.
enum TwinObjects {
    /// Pods that are made after one pattern.
    struct Template {
        var box: PodSpecBox
        var namespace: String
        var labels: StringMap
        var owner: OwnerReference?
        /// Whether each pod has a label of its own, as those of a StatefulSet have.
        var hasUniqueLabels: Bool
    }

    static let namespaces = ["default", "blue", "green"]
    private static let apps = ["a", "b", "c"]
    private static let zone = "topology.kubernetes.io/zone"
    private static let hostname = "kubernetes.io/hostname"
    private static let keys = [zone, zone, hostname, hostname, "rack"]

    // MARK: - Nodes

    /// `racks` is how many racks there are.
    static func node(_ name: String, racks: Int, _ draws: inout Draws) -> Node {
        var labels: StringMap = ["disk": draws.next(2) == 0 ? "ssd" : "hdd"]
        if !draws.percent(6) { labels[zone] = draws.percent(2) ? "" : "zone-\(draws.next(3))" }
        if !draws.percent(4) { labels[hostname] = name }
        if draws.percent(80) { labels["rack"] = "rack-\(draws.next(racks))" }
        var node = Make.node(
            name, cpu: String(2 + draws.next(6)), memory: Int64(4 + draws.next(12)), labels: labels,
            pods: Int64(5 + draws.next(20)))
        if draws.percent(15) { node.spec.taints = [Taint(key: "t", effect: .noSchedule)] }
        if draws.percent(15) { node.spec.taints.append(Taint(key: "u", effect: .preferNoSchedule)) }
        node.spec.unschedulable = draws.percent(5)
        if draws.percent(30) { node.status.allocatable["example.com/gpu"] = Quantity(Int64(draws.next(4))) }
        node.status.images = images(&draws)
        return node
    }

    /// Some of three images, the last of which goes by two names.
    static func images(_ draws: inout Draws) -> [NodeImage] {
        let all = [
            // A tag that moves.
            NodeImage(names: ["image-0:latest"], sizeBytes: draws.next(2) == 0 ? 700 << 20 : 200 << 20),
            NodeImage(names: ["image-1:latest"], sizeBytes: 300 << 20),
            NodeImage(names: ["image-2:latest", "image-2@sha256:0"], sizeBytes: 900 << 20),
        ]
        let chosen = draws.next(8)
        return all.indices.filter { chosen & (1 << $0) != 0 }.map { all[$0] }
    }

    // MARK: - Templates

    static func template(_ index: Int, _ draws: inout Draws) -> Template {
        var container = Container(name: "main", image: "image-\(index % 3)")
        container.requests = [
            .cpu: Quantity(milli: Int64(draws.next(8)) * 250), .memory: Quantity(Int64(draws.next(6)) << 29),
        ]
        if index == 7 { container.requests["example.com/gpu"] = Quantity(1) }
        if draws.percent(15) { container.ports = [ContainerPort(containerPort: 80, hostPort: Int32(8000 + index % 2))] }
        var spec = PodSpec(containers: [container])
        if draws.percent(30) { spec.tolerations = [Toleration(key: "t", operator: .exists)] }
        if draws.percent(15) { spec.nodeSelector = ["disk": "ssd"] }
        var affinity = Affinity()
        if draws.percent(30) {
            let requirement = NodeSelectorRequirement(key: "disk", operator: .in, values: ["hdd"])
            let term = PreferredSchedulingTerm(
                weight: 30, preference: NodeSelectorTerm(matchExpressions: [requirement]))
            affinity.nodeAffinity = NodeAffinityRules(preferred: [term])
        }
        if draws.percent(40) { affinity.podAffinity = rules(&draws, requiredChance: 35) }
        if draws.percent(40) { affinity.podAntiAffinity = rules(&draws, requiredChance: 50) }
        if affinity != Affinity() { spec.affinity = affinity }
        if draws.percent(45) {
            spec.topologySpreadConstraints = (0...draws.next(3)).map { _ in constraint(&draws) }
        }
        if draws.percent(6) {
            spec.volumes = [Volume(name: "v", source: .persistentVolumeClaim(name: draws.pick(claims)))]
        } else if draws.percent(12) {
            spec.volumes = [Volume(name: "v", source: .emptyDir(inMemory: false))]
        }
        spec.priority = Int32(draws.next(3))
        if draws.percent(60) { spec.preemptionPolicy = .never }
        var labels: StringMap = ["app": apps[index % 3], "tier": draws.pick(["x", "y"])]
        if draws.percent(50) { labels["pod-template-hash"] = "h\(index)" }
        let kind = draws.pick(["ReplicaSet", "StatefulSet", "Job", ""])
        let version = kind == "Job" ? "batch/v1" : "apps/v1"
        let owner = OwnerReference(
            apiVersion: version, kind: kind, name: "owner-\(index)", uid: UID(high: 9, low: UInt64(index)))
        return Template(
            box: PodSpecBox(spec), namespace: draws.pick(["default", "default"] + namespaces), labels: labels,
            owner: kind.isEmpty ? nil : owner, hasUniqueLabels: kind == "StatefulSet")
    }

    private static func selector(_ draws: inout Draws) -> LabelSelector? {
        switch draws.next(12) {
        case 0: nil
        case 1: LabelSelector()
        case 2: LabelSelector(matchExpressions: [.init(key: "tier", operator: .notIn, values: ["x"])])
        case 3: LabelSelector(matchExpressions: [.init(key: "odd", operator: .doesNotExist)])
        case 4: LabelSelector(matchLabels: ["tier": draws.pick(["x", "y"])])
        default: LabelSelector(matchLabels: ["app": draws.pick(apps)])
        }
    }

    private static func constraint(_ draws: inout Draws) -> TopologySpreadConstraint {
        TopologySpreadConstraint(
            maxSkew: Int64(1 + draws.next(3)), topologyKey: draws.pick(keys),
            whenUnsatisfiable: draws.percent(50) ? .doNotSchedule : .scheduleAnyway, labelSelector: selector(&draws),
            minDomains: draws.percent(15) ? Int64(1 + draws.next(4)) : nil,
            nodeAffinityPolicy: draws.percent(20) ? draws.pick([.ignore, .honor]) : nil,
            nodeTaintsPolicy: draws.percent(30) ? draws.pick([.ignore, .honor]) : nil,
            matchLabelKeys: draws.percent(20) ? ["pod-template-hash"] : [])
    }

    private static func rules(_ draws: inout Draws, requiredChance: Int) -> PodAffinityRules {
        var rules = PodAffinityRules()
        for _ in 0...draws.next(2) {
            if draws.percent(requiredChance) {
                rules.required.append(term(&draws))
            } else {
                rules.preferred.append(WeightedPodAffinityTerm(weight: Int64(1 + draws.next(100)), term: term(&draws)))
            }
        }
        return rules
    }

    private static func term(_ draws: inout Draws) -> PodAffinityTerm {
        var term = PodAffinityTerm(labelSelector: selector(&draws), topologyKey: draws.pick(keys))
        switch draws.next(10) {
        case 0: term.namespaces = ["blue"]
        case 1: term.namespaceSelector = LabelSelector()
        case 2: term.namespaceSelector = LabelSelector(matchLabels: ["team": "one"])
        case 3:
            term.namespaceSelector = LabelSelector(matchExpressions: [.init(key: "team", operator: .doesNotExist)])
        default: break
        }
        return term
    }

    // MARK: - Storage

    /// The last one does not exist.
    private static let claims = ["alone", "zonal", "unbound", "missing"]

    /// A claim for one pod at a time, one that is bound to a volume of the first zone, and one that is not bound.
    static var storage: [KubernetesObject] {
        var volume = PersistentVolume.Spec()
        volume.accessModes = [.readWriteOnce]
        let requirement = NodeSelectorRequirement(key: zone, operator: .in, values: ["zone-0"])
        volume.nodeAffinity = NodeSelector(terms: [NodeSelectorTerm(matchExpressions: [requirement])])
        let zonal = PersistentVolume(metadata: ObjectMeta(name: "volume"), spec: volume)
        return [.persistentVolume(zonal)]
            + namespaces.flatMap { namespace in
                claims.dropLast().map { name in
                    var spec = PersistentVolumeClaimSpec()
                    spec.accessModes = [name == "alone" ? .readWriteOncePod : .readWriteOnce]
                    if name == "zonal" { spec.volumeName = "volume" }
                    var metadata = ObjectMeta(name: name, namespace: namespace)
                    metadata.uid = UID(text: namespace + name)
                    if name == "zonal" { metadata.annotations[VolumeAnnotation.bindCompleted] = "yes" }
                    return .persistentVolumeClaim(PersistentVolumeClaim(metadata: metadata, spec: spec))
                }
            }
    }

    // MARK: - Other objects

    static func namespace(_ name: String, _ draws: inout Draws) -> Namespace {
        var labels = StringMap()
        if draws.percent(60) { labels["team"] = draws.pick(["one", "two"]) }
        return Namespace(metadata: ObjectMeta(name: name, labels: labels))
    }

    static func service(_ name: String, _ draws: inout Draws) -> Service {
        var service = Service(metadata: ObjectMeta(name: name, namespace: draws.pick(namespaces)))
        service.selector = ["app": draws.pick(apps)]
        if draws.percent(30) { service.selector["tier"] = "x" }
        return service
    }

    static func owner(of template: Template) -> KubernetesObject? {
        guard let owner = template.owner else { return nil }
        let metadata = ObjectMeta(name: owner.name, namespace: template.namespace)
        let selector = LabelSelector(matchLabels: ["app": template.labels["app"] ?? ""])
        switch owner.kind {
        case "ReplicaSet":
            var spec = ReplicaSet.Spec()
            spec.selector = selector
            return .replicaSet(ReplicaSet(metadata: metadata, spec: spec))
        case "StatefulSet":
            var spec = StatefulSet.Spec()
            spec.selector = selector
            return .statefulSet(StatefulSet(metadata: metadata, spec: spec))
        default: return nil
        }
    }
}
