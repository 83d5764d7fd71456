package import KubernetesAPI

// Kubernetes counterpart: framework.Resource (v1.36).

/// Amounts of the resources that the scheduler counts, as integers.
package struct ResourceAmounts: Hashable, Sendable {
    /// An extended or otherwise uncommon resource.
    package struct Scalar: Hashable, Sendable {
        package var name: ResourceName
        package var amount: Int64

        package init(name: ResourceName, amount: Int64) {
            self.name = name
            self.amount = amount
        }
    }

    /// Thousandths of a CPU.
    package var milliCPU: Int64 = 0
    /// Bytes.
    package var memory: Int64 = 0
    /// Bytes.
    package var ephemeralStorage: Int64 = 0
    /// In name order.
    package var scalars: [Scalar] = []

    package init() {}

    /// Counts `list`; names that are neither basic nor scalar are left out, negative amounts count as none.
    package init(_ list: ResourceList) {
        for entry in list.entries {
            switch entry.name {
            case .cpu: milliCPU = max(0, entry.amount.milliValue)
            case .memory: memory = max(0, entry.amount.value)
            case .ephemeralStorage: ephemeralStorage = max(0, entry.amount.value)
            default:
                if entry.name.isScalar {
                    scalars.append(Scalar(name: entry.name, amount: max(0, entry.amount.value)))
                }
            }
        }
    }

    /// The amount of a scalar resource; 0 when it is absent.
    package func scalar(_ name: ResourceName) -> Int64 {
        for scalar in scalars where scalar.name == name { return scalar.amount }
        return 0
    }

    /// The amount of any resource, in the unit in which the scheduler counts it.
    package subscript(name: ResourceName) -> Int64 {
        switch name {
        case .cpu: milliCPU
        case .memory: memory
        case .ephemeralStorage: ephemeralStorage
        default: scalar(name)
        }
    }

    /// Whether there is nothing to count; a scalar with amount 0 counts, as upstream's map entry does.
    package var isEmpty: Bool { milliCPU == 0 && memory == 0 && ephemeralStorage == 0 && scalars.isEmpty }

    /// Adds `other` `sign` times.
    package mutating func add(_ other: ResourceAmounts, sign: Int64) {
        milliCPU &+= sign &* other.milliCPU
        memory &+= sign &* other.memory
        ephemeralStorage &+= sign &* other.ephemeralStorage
        guard !other.scalars.isEmpty else { return }
        for scalar in other.scalars {
            let place = scalars.firstIndex { $0.name >= scalar.name } ?? scalars.endIndex
            if place < scalars.endIndex, scalars[place].name == scalar.name {
                scalars[place].amount &+= sign &* scalar.amount
            } else {
                scalars.insert(Scalar(name: scalar.name, amount: sign &* scalar.amount), at: place)
            }
        }
    }
}

extension ResourceName {
    /// Whether the scheduler counts this resource as a scalar (`schedutil.IsScalarResourceName`).
    package var isScalar: Bool {
        isExtended || isHugePages || text.hasPrefix("attachable-volumes-") || hasKubernetesPrefix
    }
}
