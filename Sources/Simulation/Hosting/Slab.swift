/// Values under small numbers that are used again: what an event's payload refers to.
struct Slab<Value> {
    private var values: [Value?] = []
    private var free: [Int32] = []

    /// Keeps `value` and returns its number.
    mutating func insert(_ value: Value) -> Int32 {
        if let slot = free.popLast() {
            values[Int(slot)] = value
            return slot
        }
        values.append(value)
        return Int32(values.count - 1)
    }

    /// Takes out the value under `slot`.
    mutating func remove(_ slot: Int32) -> Value {
        guard let value = values[Int(slot)].take() else { preconditionFailure("slot \(slot) is empty") }
        free.append(slot)
        return value
    }

    /// Changes every value, in the order of their numbers.
    mutating func changeEach(_ body: (inout Value) -> Void) {
        for index in values.indices {
            guard var value = values[index] else { continue }
            body(&value)
            values[index] = value
        }
    }

    // In place: what is taken out, or bound to a name, would be copied.
    subscript(slot: Int32) -> Value {
        _read {
            precondition(values[Int(slot)] != nil, "slot \(slot) is empty")
            yield values[Int(slot)]!
        }
        _modify {
            precondition(values[Int(slot)] != nil, "slot \(slot) is empty")
            yield &values[Int(slot)]!
        }
    }
}
