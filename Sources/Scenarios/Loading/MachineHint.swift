import KubernetesAPI
import Machines
import SchedulingFramework

/// Works out how many machines manifests would need, as an example for people who named none.
enum MachineHint {
    private static let sizesOfAWS = [
        "m6i.large", "m6i.xlarge", "m6i.2xlarge", "m6i.4xlarge", "m6i.8xlarge", "m6i.16xlarge", "m6i.32xlarge",
    ]
    private static let sizesOfGoogle = [
        "n2-standard-2", "n2-standard-4", "n2-standard-8", "n2-standard-16", "n2-standard-32", "n2-standard-64",
    ]

    /// A number of equal pods.
    private struct Demand {
        var cpu: Int64
        var memory: Int64
        var count: Int64
    }

    private struct Room {
        var cpu: Int64
        var memory: Int64
        var pods: Int64
    }

    /// Returns what to write, with the smallest number of machines that hold what the objects ask for.
    static func text(for objects: [KubernetesObject], isGoogle: Bool) -> String {
        let demands = objects.compactMap(demand)
        let sizes = isGoogle ? sizesOfGoogle : sizesOfAWS
        let machines = (fitting(demands, sizes) ?? (1, sizes[0]))
        let pods = demands.reduce(Int64(0)) { $0 + $1.count }
        let cpu = demands.reduce(Int64(0)) { $0 + $1.cpu * $1.count }
        let memory = demands.reduce(Int64(0)) { $0 + $1.memory * $1.count }
        let order = "--machines \(machines.count)x\(machines.type)"
        let amounts = "\(Quantity(milli: cpu)) CPU and \((memory + (1 << 20) - 1) >> 20)Mi of memory"
        return "\(order) (enough for the requests of \(pods) pod(s): \(amounts)), pools in a scenario, "
            + "or Node objects among the manifests"
    }

    /// Returns the smallest machines that hold the largest pod, and how many of them hold all; largest pods go first.
    private static func fitting(_ demands: [Demand], _ sizes: [String]) -> (count: Int, type: String)? {
        let largestCPU = demands.map(\.cpu).max() ?? 0
        let largestMemory = demands.map(\.memory).max() ?? 0
        for name in sizes {
            guard let type = MachineCatalogue.builtIn[name] else { continue }
            let list = type.allocatable
            let empty = Room(
                cpu: list[.cpu]?.milliValue ?? 0, memory: list[.memory]?.value ?? 0, pods: list[.pods]?.value ?? 0)
            guard largestCPU <= empty.cpu, largestMemory <= empty.memory, empty.pods > 0 else { continue }
            let ordered = demands.sorted { ($1.cpu, $1.memory, $1.count) < ($0.cpu, $0.memory, $0.count) }
            var rooms: [Room] = []
            for demand in ordered {
                var left = demand.count
                for index in rooms.indices where left > 0 {
                    let taken = min(left, fit(demand, rooms[index]))
                    take(taken, of: demand, from: &rooms[index])
                    left -= taken
                }
                let perMachine = fit(demand, empty)
                while left > 0, rooms.count < MachineOrder.countLimit {
                    var room = empty
                    take(min(left, perMachine), of: demand, from: &room)
                    left -= min(left, perMachine)
                    rooms.append(room)
                }
            }
            return (max(1, rooms.count), name)
        }
        return nil
    }

    private static func fit(_ demand: Demand, _ room: Room) -> Int64 {
        var count = room.pods
        if demand.cpu > 0 { count = min(count, room.cpu / demand.cpu) }
        if demand.memory > 0 { count = min(count, room.memory / demand.memory) }
        return count
    }

    private static func take(_ count: Int64, of demand: Demand, from room: inout Room) {
        room.cpu -= count * demand.cpu
        room.memory -= count * demand.memory
        room.pods -= count
    }

    /// Returns the pods that an object leads to.
    private static func demand(_ object: KubernetesObject) -> Demand? {
        let isOwned = object.metadata.controllerReference != nil
        guard !isOwned, let spec = FidelityCheck.podSpec(of: object) else { return nil }
        let count: Int64? =
            switch object {
            case .deployment(let owner): owner.spec.replicas
            case .replicaSet(let owner): owner.spec.replicas
            case .statefulSet(let owner): owner.spec.replicas
            case .replicationController(let owner): owner.spec.replicas
            case .job(let owner): owner.spec.suspend ? 0 : owner.spec.parallelism
            case .cronJob(let owner): owner.spec.suspend ? 0 : owner.spec.jobTemplate.parallelism
            case .pod(let pod): pod.status.phase.isTerminal ? 0 : 1
            case .namespace, .node, .daemonSet, .service, .podDisruptionBudget,
                .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler,
                .verticalPodAutoscaler,
                .resourceQuota, .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
                nil
            }
        guard let count, count > 0 else { return nil }
        let requests = PodRequests.total(of: spec)
        let limit: Int64 = 1_000_000
        return Demand(
            cpu: max(0, min(requests[.cpu]?.milliValue ?? 0, 1 << 40)),
            memory: max(0, min(requests[.memory]?.value ?? 0, 1 << 42)), count: min(count, limit))
    }
}
