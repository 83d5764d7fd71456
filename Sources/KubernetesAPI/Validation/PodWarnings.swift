// Counterpart: warningsForPodSpecAndMeta (pkg/api/pod/warnings.go, v1.36), and what the kubelet makes of names of images.

/// What the API server accepts in pods and hardly anybody means.
package enum PodWarnings {
    /// Returns what to warn of in the pods of `object`, in the order of its fields.
    package static func findings(in object: KubernetesObject) -> [ValidationFinding] {
        let spec = FieldPath.root.field("spec")
        let template = spec.field("template").field("spec")
        return switch object {
        case .pod(let pod): findings(in: pod.spec, at: spec)
        case .replicaSet(let owner): findings(in: owner.spec.template.spec, at: template)
        case .replicationController(let owner): findings(in: owner.spec.template.spec, at: template)
        case .deployment(let owner): findings(in: owner.spec.template.spec, at: template)
        case .statefulSet(let owner): findings(in: owner.spec.template.spec, at: template)
        case .daemonSet(let owner): findings(in: owner.spec.template.spec, at: template)
        case .job(let owner): findings(in: owner.spec.template.spec, at: template)
        case .cronJob(let owner):
            findings(
                in: owner.spec.jobTemplate.template.spec,
                at: spec.field("jobTemplate").field("spec").field("template").field("spec"))
        case .namespace, .node, .service, .podDisruptionBudget, .priorityClass, .persistentVolume,
            .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            []
        }
    }

    private static func findings(in spec: PodSpec, at path: FieldPath) -> [ValidationFinding] {
        var found: [ValidationFinding] = []
        for (field, containers) in [("initContainers", spec.initContainers), ("containers", spec.containers)] {
            for (index, container) in containers.enumerated() {
                let place = path.field(field).index(index)
                if !container.image.isEmpty, !ImageGrammar.accepts(container.image) {
                    found.append(
                        ValidationFinding(
                            place.field("image"), ImageGrammar.complaint(of: container.image),
                            expected: ImageGrammar.example))
                }
                found += fractions(container.limits, container.requests, at: place.field("resources"))
            }
        }
        return found + fractions(spec.limits, spec.requests, at: path.field("resources"))
    }

    private static func fractions(
        _ limits: ResourceList, _ requests: ResourceList, at path: FieldPath
    ) -> [ValidationFinding] {
        var found: [ValidationFinding] = []
        for (field, list) in [("limits", limits), ("requests", requests)] {
            for entry in list.entries where entry.name == .memory || entry.name == .ephemeralStorage {
                // What a limit fills in was told with the limit.
                if field == "requests", limits[entry.name] == entry.amount { continue }
                guard let message = fraction(entry.amount) else { continue }
                found.append(
                    ValidationFinding(path.field(field).field(entry.name.text), message, expected: wholeBytes))
            }
        }
        return found
    }

    /// What to expect where there is a part of a byte.
    package static let wholeBytes = "a whole number of bytes"

    /// Returns what is odd about an amount of bytes; nil for a whole one.
    package static func fraction(_ amount: Quantity) -> String? {
        let milli = amount.milliValue
        if milli % 1_000 == 0 { return nil }
        return "\(amount) is a part of a byte: m stands for thousandths (did you mean \"\(milli)Mi\"?)"
    }
}
