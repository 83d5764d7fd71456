import KubernetesAPI

extension Pod {
    var hasTrackingFinalizer: Bool { metadata.finalizers.contains(JobPlan.finalizer) }

    /// Whether the pod is still to be counted: it holds the finalizer, and none of `releasing` counts as holding it.
    func isTracked(_ releasing: Set<UID>) -> Bool { hasTrackingFinalizer && !releasing.contains(metadata.uid) }

    /// The index that an indexed job gave this pod, or nil.
    var completionIndex: Int64? {
        metadata.annotations[JobPlan.indexAnnotation].flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 }
    }
}

extension Job {
    /// Whether a pod that is being deleted is replaced only when it has ended.
    var replacesOnlyFailed: Bool { spec.podReplacementPolicy == .failed || spec.podFailurePolicy != nil }

    /// Whether another controller than this one runs the job.
    var isManagedElsewhere: Bool { spec.managedBy.map { $0 != "kubernetes.io/job-controller" } ?? false }

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

    /// Returns a new pod, for `index` in an indexed job, in the place of the failed pod `replaced`.
    ///
    /// The pod's hostname is not set as upstream does: nothing reads it, and it would unshare the spec of every pod.
    func pod(index: Int64?, replacing replaced: Pod? = nil) -> Pod {
        var labels = podLabels
        let prefix = Self.namePrefix(metadata.name, index)
        if let index { labels[JobPlan.indexAnnotation] = String(index) }
        var pod = Pod(from: spec.template, ownedBy: metadata, kind: .job, generateName: prefix, labels: labels)
        if let index { pod.metadata.annotations[JobPlan.indexAnnotation] = String(index) }
        if index != nil, spec.backoffLimitPerIndex != nil { noteFailures(on: &pod, replacing: replaced) }
        if !pod.hasTrackingFinalizer { pod.metadata.finalizers.append(JobPlan.finalizer) }
        return pod
    }

    /// Hands the failures of the index on, one more than the replaced pod knew of.
    private func noteFailures(on pod: inout Pod, replacing replaced: Pod?) {
        var failures = replaced?.indexFailures ?? 0
        var ignored = replaced?.ignoredIndexFailures ?? 0
        if let replaced {
            if failureMatch(of: replaced).isCounted { failures += 1 } else { ignored += 1 }
        }
        pod.metadata.annotations[JobIndexes.failuresAnnotation] = String(failures)
        if ignored > 0 { pod.metadata.annotations[JobIndexes.ignoredAnnotation] = String(ignored) }
    }

    /// The longest prefix that leaves room for the random letters of a generated name.
    private static let namePrefixMax = 58

    /// The name gives way to the index, not the other way round.
    private static func namePrefix(_ name: String, _ index: Int64?) -> String {
        guard let index else { return "\(name)-" }
        let suffix = "-\(index)-"
        return String(name.prefix(namePrefixMax - suffix.count)) + suffix
    }
}
