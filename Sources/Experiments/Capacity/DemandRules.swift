import KubernetesAPI
import Scheduler
import SchedulingFramework

/// What of a pod's requests counts, as the profiles of the scheduler look at it.
struct DemandRules {
    private let profiles: [SchedulerProfile]

    init(_ scheduler: SchedulerConfiguration) { profiles = scheduler.profiles }

    /// What a pod of `shape` takes: without what NodeResourcesFit ignores, and with its share of devices where GpuShare looks
    /// at them.
    func demand(of shape: PodShape) -> Demand {
        var demand = Demand()
        demand.add(shape)
        if demand.amounts.scalars.isEmpty { return demand }
        let name = shape.spec.schedulerName
        guard let profile = profiles.first(where: { $0.schedulerName == name }) else { return demand }
        let fit = NodeResourcesFit(arguments: profile.arguments.fit)
        demand.amounts.scalars.removeAll { fit.isIgnored($0.name) }
        if let gpu = shape.gpu, Self.countsDevices(profile) { demand.deviceMilli = gpu.total }
        return demand
    }

    /// The devices that a pod must find on one machine, in thousandths: as many as it asks for parts of.
    func devicesMilli(of shape: PodShape) -> Int64 {
        guard demand(of: shape).deviceMilli > 0, let gpu = shape.gpu else { return 0 }
        return Int64(gpu.count) * Int64(NodeGpus.whole)
    }

    private static func countsDevices(_ profile: SchedulerProfile) -> Bool {
        profile.enabled(at: .filter).contains { $0.name == GpuShare.name }
    }
}
