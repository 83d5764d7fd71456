// Kubernetes counterpart: pkg/apis/core/helper/qos. Deliberate differences: none known.

import KubernetesAPI

extension PodStatus.QOSClass {
    private static let resources = [ResourceName.cpu, ResourceName.memory]

    /// The quality of service that `spec` earns (`qos.ComputePodQOS`): only cpu and memory above zero count.
    init(of spec: PodSpec) {
        var requests: [Int128] = [0, 0]
        var limits: [Int128] = [0, 0]
        var isGuaranteed = true
        func add(_ asked: ResourceList, _ bounded: ResourceList) {
            for (place, resource) in Self.resources.enumerated() {
                requests[place] += max(0, asked[resource]?.nanos ?? 0)
                let limit = max(0, bounded[resource]?.nanos ?? 0)
                limits[place] += limit
                if limit == 0 { isGuaranteed = false }
            }
        }
        if spec.requests.isEmpty && spec.limits.isEmpty {
            for container in spec.containers { add(container.requests, container.limits) }
            for container in spec.initContainers { add(container.requests, container.limits) }
        } else {
            add(spec.requests, spec.limits)
        }
        if requests == [0, 0] && limits == [0, 0] {
            self = .bestEffort
        } else {
            self = isGuaranteed && requests == limits ? .guaranteed : .burstable
        }
    }
}
