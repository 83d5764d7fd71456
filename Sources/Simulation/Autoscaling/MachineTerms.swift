import Costs
import Machines

/// Where a machine stands, what it is, and what it costs.
struct MachineTerms {
    var zone: String
    var machineType: String
    /// The place of its pool in the setup, or -1 for a machine that an autoscaler bought by itself.
    var pool: Int
    var poolName: String
    var purchase: String
    /// nil when the price is not known.
    var pricePerHour: NanoDollars?
}

extension NodePool {
    /// Returns what is true of the pool's machines in a zone; `index` is the place of the pool.
    ///
    /// Those that an autoscaler bought one by one are its own, where there `isAutoscaler` to decide over them.
    func terms(_ index: Int, zone: String, isAutoscaler: Bool = false) -> MachineTerms {
        let owner = isAutoscaler ? nodePool : nil
        return MachineTerms(
            zone: zone, machineType: machineType.name, pool: owner == nil ? index : -1, poolName: owner ?? name,
            purchase: purchase, pricePerHour: pricePerHour)
    }
}
