package import KubernetesAPI
package import SchedulingFramework

/// What pods take together of what machines have, as the scheduler counts it.
package struct Demand: Hashable, Sendable {
    package var amounts = ResourceAmounts()
    package var pods: Int64 = 0
    /// Pods that keep apart: each of them needs a machine of its own.
    package var apart: Int64 = 0
    /// Thousandths of graphics processors, where the scheduler counts them by device.
    package var deviceMilli: Int64 = 0

    package init() {}

    /// Counts a pod of `shape`.
    package mutating func add(_ shape: PodShape) {
        amounts.add(shape.requests, sign: 1)
        pods += 1
    }

    /// The name under which whole machines are counted, of which each has one to give.
    static let machine = ResourceName("orrery.dev/machine")

    /// The name under which thousandths of devices are counted.
    static let device = ResourceName("orrery.dev/device-milli")

    /// Counts what another one counts.
    mutating func add(_ other: Demand) {
        amounts.add(other.amounts, sign: 1)
        pods += other.pods
        deviceMilli += other.deviceMilli
    }

    /// The amount of a resource, pods and machines included.
    package subscript(name: ResourceName) -> Int64 {
        switch name {
        case .pods: pods
        case Self.machine: apart
        case Self.device: deviceMilli
        default: amounts[name]
        }
    }

    /// The resources of which something is wanted, the common ones first.
    package var resources: [ResourceName] {
        ([.cpu, .memory, .ephemeralStorage, .pods, Self.machine, Self.device] + amounts.scalars.map(\.name)).filter {
            self[$0] > 0
        }
    }

    /// Whether nothing is less than in `other`.
    package func covers(_ other: Demand) -> Bool { other.resources.allSatisfy { self[$0] >= other[$0] } }
}

/// The largest demands of a run: of all that were seen, those that no other covers.
package struct PeakDemands {
    package private(set) var peaks: [Demand] = []

    package init() {}

    /// Takes another demand into account.
    package mutating func add(_ demand: Demand) {
        if peaks.contains(where: { $0.covers(demand) }) { return }
        peaks.removeAll { demand.covers($0) }
        peaks.append(demand)
    }
}
