import KubernetesAPI
import Workloads

extension PodProfile {
    /// Finds the services that match the workload, and has the usage of its pods followed where there are any.
    mutating func followServices(_ all: [ServiceSpec], as subject: WorkloadSubject) {
        mayServe = all.contains { $0.namespace == subject.namespace }
        guard mayServe else { return }
        services = all.indices.filter { index in
            guard case .workload(let match) = all[index].backing, all[index].namespace == subject.namespace else {
                return false
            }
            return containers[firstMain...].contains { match.matches(subject, container: $0.name) }
        }
    }

    /// What a container uses of which nobody says it: what it requests, but behind a service what its requests need.
    func idleCPU(_ requested: Int64) -> Int64 { serviceLoad == nil ? requested : 0 }

    /// Thousandths of a core that a pod may use at most; nil when a container has no limit.
    var cpuLimit: Int64? {
        var sum: Int64 = 0
        for container in containers[firstMain...] {
            guard let limit = container.limits[.cpu]?.milliValue, limit > 0 else { return nil }
            sum += limit
        }
        return max(1, sum)
    }
}
