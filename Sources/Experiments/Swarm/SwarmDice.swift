import VirtualTime

/// The draws of one seed for one purpose; another purpose's draws do not shift them.
struct SwarmDice {
    private var stream: RandomStream

    init(seed: UInt64, purpose: String) { stream = RandomStream(seed: Seed(seed), name: "swarm", purpose: purpose) }

    /// A number of the range, each equally likely.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + stream.integer(below: range.upperBound - range.lowerBound + 1)
    }

    /// Whether a chance of so many percent came true.
    mutating func hits(_ percent: Int) -> Bool { stream.integer(below: 100) < percent }

    /// One of the elements, of which there is at least one.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[stream.integer(below: elements.count)] }

    /// One of the elements, or nil when there is none.
    mutating func pickAny<Element>(_ elements: [Element]) -> Element? { elements.isEmpty ? nil : pick(elements) }
}
