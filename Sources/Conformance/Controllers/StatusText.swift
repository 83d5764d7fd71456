import Chronology
import KubernetesAPI

/// Statuses as the recorded traces write them.
enum StatusText {
    /// Returns the status of an object, or nil for kinds whose status is not told.
    static func line(_ object: KubernetesObject, names: TraceNames) -> String? {
        switch object {
        case .replicaSet(let set): text(fields(set.status), always: ["replicas"])
        case .deployment(let deployment):
            text(fields(deployment.status)) + collisions(deployment.status.collisionCount)
        case .statefulSet(let set):
            text(fields(set.status), always: ["replicas", "availableReplicas"])
                + revision("currentRevision", set.status.currentRevision, set.metadata, names)
                + revision("updateRevision", set.status.updateRevision, set.metadata, names)
        case .daemonSet(let set):
            text(
                fields(set.status),
                always: ["desiredNumberScheduled", "currentNumberScheduled", "numberReady", "numberMisscheduled"])
        case .job(let job):
            [
                text([("active", job.status.active)]), given("ready", job.status.ready),
                given("terminating", job.status.terminating), finishedCounts(job.status),
                "uncounted=\(job.status.uncountedSucceeded.count)/\(job.status.uncountedFailed.count)",
            ].filter { !$0.isEmpty }.joined(separator: " ")
        case .podDisruptionBudget(let budget):
            text(fields(budget.status), always: fields(budget.status).map(\.0))
        case .cronJob(let job):
            "active=[\(job.active.map { names.name(of: $0) }.joined(separator: ","))] lastScheduleTime="
                + (job.lastScheduleTime.map { "T\($0.nanoseconds / 60_000_000_000 - names.minute)" } ?? "-")
        case .resourceQuota(let quota): quota.used.texts.map { "\($0.name)=\($0.amount)" }.joined(separator: " ")
        default: nil
        }
    }

    /// Returns what has finished of a job.
    static func finishedCounts(_ status: Job.Status) -> String {
        var parts = [text([("succeeded", status.succeeded), ("failed", status.failed)])]
        if !status.completedIndexes.isEmpty { parts.append("completedIndexes=\(status.completedIndexes)") }
        if let failed = status.failedIndexes { parts.append("failedIndexes=\(failed)") }
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The conditions of an object whose conditions are told.
    static func conditions(of object: KubernetesObject) -> [Condition] {
        switch object {
        case .replicaSet(let set): set.status.conditions
        case .deployment(let deployment): deployment.status.conditions
        case .job(let job): job.status.conditions
        case .podDisruptionBudget(let budget): budget.status.conditions
        default: []
        }
    }

    static func fields(_ status: ReplicaSet.Status) -> [(String, Int64)] {
        [
            ("replicas", status.replicas), ("fullyLabeledReplicas", status.fullyLabeledReplicas),
            ("readyReplicas", status.readyReplicas), ("availableReplicas", status.availableReplicas),
        ]
    }

    static func fields(_ status: Deployment.Status) -> [(String, Int64)] {
        [
            ("replicas", status.replicas), ("updatedReplicas", status.updatedReplicas),
            ("readyReplicas", status.readyReplicas), ("availableReplicas", status.availableReplicas),
            ("unavailableReplicas", status.unavailableReplicas),
        ]
    }

    static func fields(_ status: StatefulSet.Status) -> [(String, Int64)] {
        [
            ("replicas", status.replicas), ("readyReplicas", status.readyReplicas),
            ("availableReplicas", status.availableReplicas), ("currentReplicas", status.currentReplicas),
            ("updatedReplicas", status.updatedReplicas),
        ]
    }

    static func fields(_ status: DaemonSet.Status) -> [(String, Int64)] {
        [
            ("desiredNumberScheduled", status.desiredNumberScheduled),
            ("currentNumberScheduled", status.currentNumberScheduled),
            ("updatedNumberScheduled", status.updatedNumberScheduled), ("numberReady", status.numberReady),
            ("numberAvailable", status.numberAvailable), ("numberUnavailable", status.numberUnavailable),
            ("numberMisscheduled", status.numberMisscheduled),
        ]
    }

    static func fields(_ status: PodDisruptionBudget.Status) -> [(String, Int64)] {
        [
            ("expectedPods", status.expectedPods), ("desiredHealthy", status.desiredHealthy),
            ("currentHealthy", status.currentHealthy), ("disruptionsAllowed", status.disruptionsAllowed),
        ]
    }

    private static func text(_ fields: [(String, Int64)], always: [String] = []) -> String {
        fields.filter { $0.1 != 0 || always.contains($0.0) }.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
    }

    private static func given(_ name: String, _ value: Int64?) -> String { value.map { "\(name)=\($0)" } ?? "" }

    private static func collisions(_ count: Int64?) -> String { count.map { " collisionCount=\($0)" } ?? "" }

    private static func revision(
        _ field: String, _ name: String, _ owner: ObjectMeta, _ names: TraceNames
    ) -> String {
        if name.isEmpty { return "" }
        let key = ObjectKey(.controllerRevision, namespace: owner.namespace, name: name)
        return " \(field)=\(names.name(of: key))"
    }
}

extension ResourceList {
    /// The entries by name, with amounts as Kubernetes writes them.
    var texts: [(name: String, amount: String)] {
        entries.map { ($0.name.text, $0.amount.description) }.sorted { $0.0 < $1.0 }
    }
}
