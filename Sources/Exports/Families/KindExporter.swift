import Chronology
import KubernetesAPI

/// The families of one kind of object, whatever its type.
struct KindExporter: Sendable {
    /// A sample, ready to be written.
    struct Reading {
        /// The place of the family in the export.
        var family: Int
        var labels: String
        var value: MetricSample.Value
    }

    let kind: ObjectKind
    let families: [MetricFamily]
    private let samples:
        @Sendable (KubernetesObject, ExportContext) -> [(family: Int, labels: String, MetricSample.Value)]

    /// `cast` takes the object out; `identity` has the labels that all samples of an object begin with.
    init<Object>(
        _ kind: ObjectKind, _ table: [ObjectFamily<Object>],
        cast: @escaping @Sendable (KubernetesObject) -> Object?,
        identity: @escaping @Sendable (Object) -> [(String, String)]
    ) {
        self.kind = kind
        families = table.map(\.family)
        samples = { object, context in
            guard let object = cast(object) else { return [] }
            let identity = identity(object)
            var readings: [(Int, String, MetricSample.Value)] = []
            for (place, row) in table.enumerated() {
                let found = row.samples(object, context)
                guard !found.isEmpty else { continue }
                let target = row.target(object).labels
                for sample in found {
                    readings.append((place, LabelText.of(identity + sample.labels + target), sample.value))
                }
            }
            return readings
        }
    }

    /// What there is to tell of an object; `offset` is the place of the first family in the export.
    func readings(of object: KubernetesObject, _ context: ExportContext, offset: Int) -> [Reading] {
        samples(object, context).map { Reading(family: $0.family + offset, labels: $0.labels, value: $0.2) }
    }
}

// MARK: - All of them

extension KindExporter {
    /// In the order of the export: a kind whose families are to be told is a line here.
    static let all: [KindExporter] = [
        KindExporter(.namespace, PolicyFamilies.namespaces) {
            if case .namespace(let object) = $0 { object } else { nil }
        } identity: {
            [("namespace", $0.metadata.name)]
        },
        KindExporter(.node, NodeFamilies.table) {
            if case .node(let object) = $0 { object } else { nil }
        } identity: {
            [("node", $0.metadata.name)]
        },
        KindExporter(.pod, PodFamilies.table + ContainerFamilies.table) {
            if case .pod(let object) = $0 { object } else { nil }
        } identity: {
            named("pod", $0.metadata) + [("uid", $0.metadata.uid.description)]
        },
        KindExporter(.deployment, WorkloadFamilies.deployments) {
            if case .deployment(let object) = $0 { object } else { nil }
        } identity: {
            named("deployment", $0.metadata)
        },
        KindExporter(.replicaSet, WorkloadFamilies.replicaSets) {
            if case .replicaSet(let object) = $0 { object } else { nil }
        } identity: {
            named("replicaset", $0.metadata)
        },
        KindExporter(.statefulSet, SetFamilies.statefulSets) {
            if case .statefulSet(let object) = $0 { object } else { nil }
        } identity: {
            named("statefulset", $0.metadata)
        },
        KindExporter(.daemonSet, SetFamilies.daemonSets) {
            if case .daemonSet(let object) = $0 { object } else { nil }
        } identity: {
            named("daemonset", $0.metadata)
        },
        KindExporter(.job, JobFamilies.jobs) {
            if case .job(let object) = $0 { object } else { nil }
        } identity: {
            named("job_name", $0.metadata)
        },
        KindExporter(.cronJob, JobFamilies.cronJobs) {
            if case .cronJob(let object) = $0 { object } else { nil }
        } identity: {
            named("cronjob", $0.metadata)
        },
        KindExporter(.podDisruptionBudget, PolicyFamilies.budgets) {
            if case .podDisruptionBudget(let object) = $0 { object } else { nil }
        } identity: {
            named("poddisruptionbudget", $0.metadata)
        },
        KindExporter(.horizontalPodAutoscaler, PolicyFamilies.autoscalers) {
            if case .horizontalPodAutoscaler(let object) = $0 { object } else { nil }
        } identity: {
            named("horizontalpodautoscaler", $0.metadata)
        },
        KindExporter(.resourceQuota, PolicyFamilies.quotas) {
            if case .resourceQuota(let object) = $0 { object } else { nil }
        } identity: {
            named("resourcequota", $0.metadata)
        },
    ]

    private static func named(_ label: String, _ metadata: ObjectMeta) -> [(String, String)] {
        [("namespace", metadata.namespace), (label, metadata.name)]
    }
}
