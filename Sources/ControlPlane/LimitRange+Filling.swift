// Kubernetes counterpart: mergeContainerResources of plugin/pkg/admission/limitranger (v1.36).

package import KubernetesAPI

extension LimitRange.Item {
    /// Fills in what a container leaves open: a default limit stands back for `max`, a default request for the default
    /// limit and then for `min`.
    package func fill(_ container: inout Container) {
        var limits = max
        for entry in self.default.entries { limits[entry.name] = entry.amount }
        var requests = min
        for entry in limits.entries { requests[entry.name] = entry.amount }
        for entry in defaultRequest.entries { requests[entry.name] = entry.amount }
        for entry in limits.entries where container.limits[entry.name] == nil {
            container.limits[entry.name] = entry.amount
        }
        for entry in requests.entries where container.requests[entry.name] == nil {
            container.requests[entry.name] = entry.amount
        }
    }

    /// Fills in what the containers of a pod leave open; items about other things fill nothing.
    package func fill(_ spec: inout PodSpec) {
        guard type == "Container" else { return }
        for place in spec.containers.indices { fill(&spec.containers[place]) }
        for place in spec.initContainers.indices { fill(&spec.initContainers[place]) }
    }
}
