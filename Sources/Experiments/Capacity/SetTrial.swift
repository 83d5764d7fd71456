import KubernetesAPI
import SchedulingFramework

/// What came of the runs on a set of machines, whole and without what may be lost.
struct SetTrial: Codable {
    /// A pod that found no place.
    struct Waiting: Codable {
        let pod: String
        /// What the scheduler says of it.
        let message: String
        /// For each kind of machine whether it takes such pods.
        let admits: [Bool]
    }

    /// A demand, resource by resource.
    private struct Peak: Codable {
        struct Scalar: Codable {
            let name: String
            let amount: Int64
        }

        let milliCPU: Int64
        let memory: Int64
        let ephemeralStorage: Int64
        let scalars: [Scalar]
        let pods: Int64
        let apart: Int64
        let deviceMilli: Int64
    }

    /// Runs that were made: none after the first on which a pod waited.
    var runs = 0
    var waiting: Waiting?
    private var peaks: [Peak] = []

    /// Whether everything ran.
    var fits: Bool { waiting == nil }

    /// What ran at the same time on the whole set.
    var demands: PeakDemands {
        get {
            var demands = PeakDemands()
            for peak in peaks {
                var demand = Demand()
                demand.amounts.milliCPU = peak.milliCPU
                demand.amounts.memory = peak.memory
                demand.amounts.ephemeralStorage = peak.ephemeralStorage
                demand.amounts.scalars = peak.scalars.map {
                    ResourceAmounts.Scalar(name: ResourceName($0.name), amount: $0.amount)
                }
                demand.pods = peak.pods
                demand.apart = peak.apart
                demand.deviceMilli = peak.deviceMilli
                demands.add(demand)
            }
            return demands
        }
        set {
            peaks = newValue.peaks.map { demand in
                Peak(
                    milliCPU: demand.amounts.milliCPU, memory: demand.amounts.memory,
                    ephemeralStorage: demand.amounts.ephemeralStorage,
                    scalars: demand.amounts.scalars.map { Peak.Scalar(name: $0.name.text, amount: $0.amount) },
                    pods: demand.pods, apart: demand.apart, deviceMilli: demand.deviceMilli)
            }
        }
    }
}
