import KubernetesAPI

/// A small deterministic generator of numbers.
struct Draws {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    /// Whether a chance of so many percent comes true.
    mutating func percent(_ chance: Int) -> Bool { next(100) < chance }

    mutating func pick<T>(_ list: [T]) -> T { list[next(list.count)] }
}
