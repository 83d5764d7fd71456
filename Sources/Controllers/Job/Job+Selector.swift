// Kubernetes counterpart: generateSelector in pkg/registry/batch/job/strategy.go (v1.36).
// Deliberate difference: upstream stores what it generates in the job; here it is worked out where it is needed.

import KubernetesAPI

extension Job {
    private static let uidLabel = "batch.kubernetes.io/controller-uid"

    /// The labels of the job's pods: those of the template, and unless the user chose the selector the job's own.
    var podLabels: StringMap {
        var labels = spec.template.labels
        guard !spec.manualSelector else { return labels }
        let uid = metadata.uid.description
        labels[Self.uidLabel] = uid
        labels["batch.kubernetes.io/job-name"] = metadata.name
        labels["controller-uid"] = uid
        labels["job-name"] = metadata.name
        return labels
    }

    /// Tells which pods are the job's.
    ///
    /// Exports bring the selector that their cluster generated. One that the pods made here would not match stems from a
    /// job that this one was copied from, and does not count.
    var podSelector: LabelSelector {
        if let selector = spec.selector, spec.manualSelector || selector.matches(podLabels) { return selector }
        return LabelSelector(matchLabels: [Self.uidLabel: metadata.uid.description])
    }

    /// Whether the job could adopt a pod with `labels`; asked of every job for every orphan, so without making a selector.
    func couldAdopt(_ labels: StringMap, labelledUID: UID?) -> Bool {
        if labelledUID == metadata.uid, !spec.manualSelector { return true }
        return spec.selector?.matches(labels) ?? false
    }

    /// The job that `labels` name as their pod's, by its uid.
    static func labelledUID(_ labels: StringMap) -> UID? { labels[uidLabel].map { UID(text: $0) } }
}
