/// The place of an object in its table: 24 bits of slot and 8 bits of generation.
///
/// The generation makes a handle that outlived its object a trap instead of a wrong answer.
struct ObjectHandle: Hashable, Sendable {
    static let slotsMax = 1 << 24

    var bits: UInt32

    init(slot: Int, generation: UInt8) {
        bits = UInt32(truncatingIfNeeded: slot) << 8 | UInt32(generation)
    }

    var slot: Int { Int(bits >> 8) }
    var generation: UInt8 { UInt8(truncatingIfNeeded: bits) }
}

/// A handle with what orders it in every list: the time of creation, then the order in which the store met the objects.
struct OrderedHandle: Hashable, Sendable {
    /// The creation timestamp in nanoseconds since the scenario's start.
    var time: Int64
    /// Unique within a store: two entries never tie.
    var sequence: UInt32
    var handle: ObjectHandle
}

extension OrderedHandle: Comparable {
    static func < (left: OrderedHandle, right: OrderedHandle) -> Bool {
        left.time != right.time ? left.time < right.time : left.sequence < right.sequence
    }
}
