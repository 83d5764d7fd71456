/// What a condition is about (`PodConditionType` and its like): any name; those of every cluster are told apart by number.
@usableFromInline
package struct ConditionType: Sendable {
    @usableFromInline package let name: String
    /// From 1 in the order of `known`; 0 for a name that is not among them.
    @usableFromInline let number: UInt8

    /// Creates the type of this name.
    package init(_ name: String) {
        self.name = name
        number = Self.known.first { $0.name == name }?.number ?? 0
    }

    @usableFromInline
    init(_ name: String, number: UInt8) {
        self.name = name
        self.number = number
    }

    /// The types that have a number.
    static let known: [ConditionType] = [
        podScheduled, podReadyToStartContainers, initialized, containersReady, ready, disruptionTarget,
        // Of nodes.
        ConditionType("MemoryPressure", number: 7), ConditionType("DiskPressure", number: 8),
        ConditionType("PIDPressure", number: 9), ConditionType("NetworkUnavailable", number: 10),
        // Of workloads.
        ConditionType("Available", number: 11), ConditionType("Progressing", number: 12),
        ConditionType("ReplicaFailure", number: 13),
    ]

    @inlinable package static var podScheduled: ConditionType { ConditionType("PodScheduled", number: 1) }
    @inlinable package static var podReadyToStartContainers: ConditionType {
        ConditionType("PodReadyToStartContainers", number: 2)
    }
    @inlinable package static var initialized: ConditionType { ConditionType("Initialized", number: 3) }
    @inlinable package static var containersReady: ConditionType { ConditionType("ContainersReady", number: 4) }
    @inlinable package static var ready: ConditionType { ConditionType("Ready", number: 5) }
    @inlinable package static var disruptionTarget: ConditionType { ConditionType("DisruptionTarget", number: 6) }

    /// The numbers of the types that the kubelet alone decides.
    @inlinable static var numbersOfKubelet: ClosedRange<UInt8> { 2...5 }
}

extension ConditionType: Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    @inlinable
    package static func == (left: ConditionType, right: ConditionType) -> Bool {
        left.number == right.number && (left.number != 0 || left.name == right.name)
    }

    @usableFromInline package func hash(into hasher: inout Hasher) { hasher.combine(name) }

    @usableFromInline package init(stringLiteral name: String) { self.init(name) }

    @usableFromInline package var description: String { name }
}
