/// What a filter and the scores that follow from usage make of many nodes, for pods of one shape.
package struct UsageSum: Sendable {
    /// What is said of one node.
    package struct Answer {
        /// As `UsageDemand.shortage`; 0 when the pod fits.
        package var shortage = 0
        /// The weighted sum of the scores; of use only where the pod fits.
        package var total: Int64 = 0

        package init() {}
    }

    /// A score with its weight; a weight of 0 stands for none.
    private struct Term {
        var weight: Int64 = 0
        var formula = UsageFormula(kind: .balanced, milliCPU: 0, memory: 0)
        var asked = SIMD2<Double>.zero

        init() {}

        init(_ formula: UsageFormula, weight: Int64) {
            self.formula = formula
            self.weight = weight
            asked = SIMD2(Double(formula.milliCPU), Double(formula.memory))
        }
    }

    private let demand: UsageDemand
    private var first = Term()
    private var second = Term()

    /// nil when there are more scores than two, or a pod asks for so much that floating point is not exact.
    package init?(_ demand: UsageDemand, _ scores: [(weight: Int64, formula: UsageFormula)]) {
        self.demand = demand
        let exact = 0..<NodeUsage.exactMax
        for score in scores where !exact.contains(score.formula.milliCPU) || !exact.contains(score.formula.memory) {
            return nil
        }
        if scores.count > 2 { return nil }
        if let score = scores.first { first = Term(score.formula, weight: score.weight) }
        if scores.count == 2 { second = Term(scores[1].formula, weight: scores[1].weight) }
    }

    /// Writes what is said of the nodes at `slots`, whose numbers stand in `usages` by slot, in their order.
    package func answer(
        _ slots: UnsafeBufferPointer<Int32>, _ usages: UnsafePointer<NodeUsage>,
        into answers: UnsafeMutablePointer<Answer>
    ) {
        for index in slots.indices {
            let usage = usages + Int(slots[index])
            var answer = Answer()
            answer.shortage = demand.shortage(on: usage)
            if answer.shortage == 0 { answer.total = Self.score(first, usage) + Self.score(second, usage) }
            (answers + index).initialize(to: answer)
        }
    }

    @inline(__always)
    private static func score(_ term: Term, _ usage: UnsafePointer<NodeUsage>) -> Int64 {
        if term.weight == 0 { return 0 }
        guard usage.pointee.isExact else { return term.weight * term.formula.score(on: usage) }
        let capacities = usage.pointee.capacities
        if term.formula.kind == .balanced {
            let shares = (usage.pointee.requests + term.asked) / capacities
            let evenness = Int64((1 - ((min(1, shares.x) - min(1, shares.y)) / 2).magnitude) * 100)
            return term.weight * (50 + (50 + evenness - usage.pointee.evenness) / 2)
        }
        let wanted = usage.pointee.counts + term.asked
        let used = SIMD2(min(wanted.x, capacities.x), min(wanted.y, capacities.y))
        let scores = (term.formula.kind == .leastAllocated ? capacities - used : used) * 100 / capacities
        let sum = term.formula.cpuWeight * Int64(scores.x) + term.formula.memoryWeight * Int64(scores.y)
        let weights = term.formula.cpuWeight + term.formula.memoryWeight
        return term.weight * (weights == 2 ? sum >> 1 : weights == 0 ? 0 : sum / weights)
    }
}
