import Autoscalers
import Costs
import KubernetesAPI

/// A machine as quotas count it.
struct QuotaLoad: Hashable {
    let machineType: String
    let purchase: String
    let region: String
    /// Whole ones.
    let processors: Int64

    init(machineType: String, purchase: String, region: String, capacity: ResourceList) {
        (self.machineType, self.purchase, self.region) = (machineType, purchase, region)
        processors = ((capacity[.cpu]?.milliValue ?? 0) + 999) / 1_000
    }

    /// What an offer is to quotas.
    init(_ offer: MachineOffer) {
        self.init(
            machineType: offer.model.name, purchase: offer.capacityType.rawValue, region: offer.region,
            capacity: offer.model.capacity)
    }
}

/// How much of each quota machines take, by region; counted once for all that is asked at an instant.
struct QuotaUse {
    private let quotas: [CloudQuota]
    /// In the order of the quotas, by region; only looked up.
    private var used: [String: [Int64]] = [:]

    init(of quotas: [CloudQuota]) { self.quotas = quotas }

    /// Counts one more machine.
    mutating func add(_ load: QuotaLoad) {
        for (place, quota) in quotas.enumerated() where quota.counts(load) {
            used[load.region, default: Array(repeating: 0, count: quotas.count)][place] += load.processors
        }
    }

    /// Returns the quota that one more machine would exceed, or nil.
    func exceeded(by load: QuotaLoad) -> CloudQuota? {
        let used = used[load.region]
        for (place, quota) in quotas.enumerated() where quota.counts(load) {
            if (used?[place] ?? 0) + load.processors > quota.vcpus { return quota }
        }
        return nil
    }
}

extension CloudQuota {
    /// Whether the processors of a machine count.
    func counts(_ load: QuotaLoad) -> Bool { counts(load.machineType, purchase: load.purchase, region: load.region) }

    /// What is said of a launch that would exceed it.
    var refusal: String {
        "The launch would exceed the quota of \(vcpus) vCPUs for \(purchase.rawValue) machines of the class "
            + machines.rawValue
    }
}
