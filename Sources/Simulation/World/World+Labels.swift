import ClusterStore
import KubernetesAPI

// Counterpart: OpenCost's labels of an allocation, which are those of the pod over those of its namespace.

extension World {
    /// Returns what is recorded of a pod's labels; most pods of a profile have those of the pod before.
    mutating func labelText(of pod: Pod, profile: Int32) -> String {
        let labels = pod.metadata.labels
        if let known = profiles[profile].labels, known.of == labels { return known.text }
        let text = labelText(labels, in: pod.metadata.namespace)
        profiles[profile].labels = (labels, text)
        return text
    }

    /// Returns labels over those of their namespace, as they are recorded.
    func labelText(_ labels: StringMap, in space: String) -> String {
        var merged = StringMap()
        let key = ObjectKey(.namespace, name: space)
        if case .namespace(let namespace)? = api.object(key) { merged = namespace.metadata.labels }
        merged["kubernetes.io/metadata.name"] = nil
        merged = merged.merging(labels)
        for name in Self.labelsOfControllers { merged[name] = nil }
        return Self.jsonObject(merged)
    }

    /// What controllers put on each pod or each revision anew, which tells nothing of whose money it is.
    private static let labelsOfControllers = [
        "pod-template-hash", "controller-revision-hash", "pod-template-generation",
        "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "job-name", "controller-uid",
        "batch.kubernetes.io/job-name", "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
    ]

    /// Returns a map as JSON, in the order of its keys.
    static func jsonObject(_ map: StringMap) -> String {
        "{" + map.pairs.map { "\(jsonText($0.key)):\(jsonText($0.value))" }.joined(separator: ",") + "}"
    }

    private static func jsonText(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            case _: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
