import KubernetesAPI

extension Pod {
    var hasTrackingFinalizer: Bool { metadata.finalizers.contains(JobPlan.finalizer) }

    /// The index that an indexed job gave this pod, or nil.
    var completionIndex: Int64? {
        metadata.annotations[JobPlan.indexAnnotation].flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 }
    }
}

extension Job {
    /// Whether a pod that is being deleted is replaced only when it has ended.
    var replacesOnlyFailed: Bool {
        switch spec.podReplacementPolicy {
        case .failed: true
        case .terminatingOrFailed: false
        case nil: !spec.podFailurePolicy.isEmpty
        }
    }

    /// Returns whether `pod` counts as failed: a deleted one does at once, unless only ended pods are replaced.
    func considersFailed(_ pod: Pod) -> Bool {
        if pod.status.phase == .failed { return true }
        return !replacesOnlyFailed && pod.isTerminating && pod.status.phase != .succeeded
    }

    /// Returns the index of `pod` when it is below the job's completions.
    func validIndex(of pod: Pod) -> Int64? {
        guard let index = pod.completionIndex, index < spec.completions ?? 0 else { return nil }
        return index
    }

    /// Returns a new pod, for `index` in an indexed job.
    ///
    /// The pod's hostname is not set as upstream does: nothing reads it, and it would unshare the spec of every pod.
    func pod(index: Int64?) -> Pod {
        var labels = spec.template.labels
        if !spec.manualSelector {
            labels["batch.kubernetes.io/controller-uid"] = metadata.uid.description
            labels["batch.kubernetes.io/job-name"] = metadata.name
            labels["controller-uid"] = metadata.uid.description
            labels["job-name"] = metadata.name
        }
        let prefix = index.map { "\(metadata.name)-\($0)-" } ?? "\(metadata.name)-"
        if let index { labels[JobPlan.indexAnnotation] = String(index) }
        var pod = Pod(from: spec.template, ownedBy: metadata, kind: .job, generateName: prefix, labels: labels)
        if let index { pod.metadata.annotations[JobPlan.indexAnnotation] = String(index) }
        if !pod.hasTrackingFinalizer { pod.metadata.finalizers.append(JobPlan.finalizer) }
        return pod
    }
}
