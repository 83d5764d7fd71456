/// How many domains have how many pods: knows the lowest count without a look at all domains.
struct CountLevels {
    /// By count of pods.
    private var domains: [Int32] = []
    /// How many domains there are.
    private(set) var total = 0
    /// Not above the lowest count.
    private var bound = 0

    mutating func removeAll() {
        domains.removeAll(keepingCapacity: true)
        total = 0
        bound = 0
    }

    /// There is one more domain with so many pods.
    mutating func enter(_ count: Int32) {
        let level = Int(count)
        if level >= domains.count { domains.append(contentsOf: repeatElement(0, count: level + 1 - domains.count)) }
        domains[level] += 1
        total += 1
        bound = min(bound, level)
    }

    /// There is one domain less with so many pods.
    mutating func leave(_ count: Int32) {
        domains[Int(count)] -= 1
        total -= 1
    }

    /// The lowest count; 0 when there are no domains.
    var lowest: Int64 {
        mutating get {
            guard total > 0 else { return 0 }
            while domains[bound] == 0 { bound += 1 }
            return Int64(bound)
        }
    }
}
