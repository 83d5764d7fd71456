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

    /// What requests need of the processor in one pod on a machine of a speed.
    func serviceCPU(at speed: Int64) -> Int64 {
        guard let serviceLoad else { return 0 }
        return speed == 1_000 ? serviceLoad.cpu : serviceLoad.cpu(at: speed, limit: cpuLimit ?? .max)
    }

    /// What requests need of the processor in one container on a machine of a speed: by the limits of the main ones when
    /// all have one, or else in the first main one without.
    func serviceCPU(of container: Int, at speed: Int64) -> Int64 {
        let load = serviceCPU(at: speed)
        guard load > 0, container >= firstMain else { return 0 }
        guard let whole = cpuLimit else {
            let open = containers[firstMain...].firstIndex { ($0.limits[.cpu]?.milliValue ?? 0) <= 0 }
            return open == container ? load : 0
        }
        // Each gets what the limits up to it make less what those before it make, so that nothing is lost by rounding.
        let before = containers[firstMain..<container].reduce(0) { $0 + ($1.limits[.cpu]?.milliValue ?? 0) }
        let after = before + (containers[container].limits[.cpu]?.milliValue ?? 0)
        func part(_ limits: Int64) -> Int64 { Int64(Int128(load) * Int128(limits) / Int128(whole)) }
        return part(after) - part(before)
    }
}
