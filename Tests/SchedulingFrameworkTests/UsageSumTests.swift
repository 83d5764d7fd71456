import KubernetesAPI
import Testing

@testable import SchedulingFramework

/// The scores of many nodes at once must be those that each formula gives by itself.
@Suite struct UsageSumTests {
    /// Allocatable, requested and counted amounts of CPU and memory.
    private static func usage(_ cpu: (Int64, Int64, Int64), _ memory: (Int64, Int64, Int64)) -> NodeUsage {
        var allocatable = ResourceAmounts()
        (allocatable.milliCPU, allocatable.memory) = (cpu.0, memory.0)
        var requested = ResourceAmounts()
        (requested.milliCPU, requested.memory) = (cpu.1, memory.1)
        var counted = ResourceAmounts()
        (counted.milliCPU, counted.memory) = (cpu.2, memory.2)
        return NodeUsage(
            allocatable: allocatable, requested: requested, nonZeroRequested: counted, allowedPods: 110, podCount: 3)
    }

    /// Whole divisors, their neighbours, amounts of usual machines, none at all, and more than floating point holds.
    private static let capacities: [Int64] = [
        0, 1, 2, 3, 7, 99, 100, 101, 3920, 4000, 15_834, 64 << 30, (64 << 30) - 4096, 1 << 44, (1 << 45) - 1, 1 << 45,
        1 << 55,
    ]

    @Test("equals the formulas", arguments: [UsageFormula.Kind.leastAllocated, .mostAllocated])
    func equals(kind: UsageFormula.Kind) throws {
        var usages: [NodeUsage] = []
        for (index, capacity) in Self.capacities.enumerated() {
            for (part, other) in Self.capacities.enumerated() {
                let used = capacity / 37 * Int64(part)
                let taken = other / 29 * Int64(index)
                usages.append(Self.usage((capacity, used, used + 100), (other, taken, taken)))
            }
        }
        let slots = usages.indices.map(Int32.init)
        for (cpu, memory) in [(Int64(0), Int64(0)), (80, 128 << 20), (1, 1), (1 << 44, 3 << 40)] {
            for weights in [(Int64(1), Int64(1)), (3, 5)] {
                let first = UsageFormula(
                    kind: kind, milliCPU: cpu, memory: memory, cpuWeight: weights.0, memoryWeight: weights.1)
                let second = UsageFormula(kind: .balanced, milliCPU: cpu, memory: memory)
                let demand = UsageDemand(milliCPU: 0, memory: 0, ephemeralStorage: 0)
                let terms = [(weight: Int64(2), formula: first), (weight: Int64(7), formula: second)]
                let sum = try #require(UsageSum(demand, terms))
                var answers = [UsageSum.Answer](repeating: UsageSum.Answer(), count: usages.count)
                usages.withUnsafeBufferPointer { usages in
                    slots.withUnsafeBufferPointer { slots in
                        answers.withUnsafeMutableBufferPointer { answers in
                            sum.answer(slots, usages.baseAddress!, into: answers.baseAddress!)
                        }
                    }
                }
                for index in usages.indices {
                    let expected = withUnsafePointer(to: usages[index]) {
                        2 * first.score(on: $0) + 7 * second.score(on: $0)
                    }
                    #expect(answers[index].shortage == 0)
                    #expect(answers[index].total == expected, "node \(index), \(cpu), \(memory), \(weights)")
                }
            }
        }
    }

    @Test("tells what there is too little of, and leaves more than two scores to others")
    func refuses() throws {
        let demand = UsageDemand(milliCPU: 500, memory: 1, ephemeralStorage: 0)
        let formula = UsageFormula(kind: .balanced, milliCPU: 0, memory: 0)
        let term = (weight: Int64(1), formula: formula)
        let sum = try #require(UsageSum(demand, [term]))
        var answer = UsageSum.Answer()
        let usage = Self.usage((1000, 600, 600), (100, 0, 0))
        withUnsafePointer(to: usage) { usage in
            [Int32(0)].withUnsafeBufferPointer { sum.answer($0, usage, into: &answer) }
            #expect(answer.shortage == demand.shortage(on: usage))
        }
        #expect(answer.shortage != 0)
        #expect(UsageSum(demand, [term, term, term]) == nil)
        let huge = (weight: Int64(1), formula: UsageFormula(kind: .balanced, milliCPU: 1 << 45, memory: 0))
        #expect(UsageSum(demand, [huge]) == nil)
    }
}
