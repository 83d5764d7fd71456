import KubernetesAPI
import Workloads

extension PodProfile {
    /// Finds the services that match the workload, and has the usage of its pods followed where there are any.
    mutating func followServices(_ all: [ServiceSpec], as subject: WorkloadSubject) {
        mayServe = all.contains { $0.namespace == subject.namespace }
        guard mayServe else { return }
        services = []
        for index in all.indices where all[index].namespace == subject.namespace {
            guard case .workload(let match) = all[index].backing,
                let place = containers[firstMain...].firstIndex(where: {
                    match.matches(subject, container: $0.name)
                })
            else { continue }
            services.append(index)
            if match.container != nil, serving == nil { serving = (place, true) }
        }
    }

    /// What a container uses of which nobody says it: what it requests, but behind a service what its requests need.
    func idleCPU(_ requested: Int64) -> Int64 { serviceLoad == nil ? requested : 0 }

    /// The container that answers requests, and whose processor and memory they use.
    var server: Int { serving?.container ?? firstMain }

    /// Thousandths of a core that requests to a pod may use at most: by the limit of the container that answers them, and
    /// by that of the pod as a whole; nil when neither has any.
    var cpuLimit: Int64? {
        let own = containers[server].limits[.cpu]?.milliValue ?? 0
        let whole = specBox.value.limits[.cpu]?.milliValue ?? 0
        if own <= 0 || whole <= 0 { return own > 0 ? own : whole > 0 ? whole : nil }
        return min(own, whole)
    }

    /// Returns the main container that opens a port to which a Service sends requests; nil when none says so.
    func container(behind ports: [Service.Port]) -> Int? {
        for port in ports {
            for index in firstMain..<containers.count {
                let isOpen = containers[index].ports.contains { open in
                    guard open.protocol == port.protocol else { return false }
                    return switch port.target {
                    case .number(let number): open.containerPort == number
                    case .name(let name): open.name == name
                    }
                }
                if isOpen { return index }
            }
        }
        return nil
    }

    /// What requests need of the processor in one pod on a machine of a speed.
    func serviceCPU(at speed: Int64) -> Int64 {
        guard let serviceLoad else { return 0 }
        return speed == 1_000 ? serviceLoad.cpu : serviceLoad.cpu(at: speed, limit: cpuLimit ?? .max)
    }

    /// What requests need of the processor in one container on a machine of a speed.
    func serviceCPU(of container: Int, at speed: Int64) -> Int64 {
        container == server ? serviceCPU(at: speed) : 0
    }
}
