import Testing

@testable import Experiments

@Suite("What machines cost at least")
struct DemandBoundTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let demand: [Int64]
        /// Cost and room.
        let machines: [(Int64, [Int64])]
        /// The optimum of the linear program, rounded up; nil when nothing holds the demand.
        let many: Int64?
        let these: Int64?
    }

    @Test(
        "the bound is the optimum of the linear program",
        arguments: [
            Row(
                testDescription: "one resource: the best price for a unit", demand: [10],
                machines: [(10, [4]), (14, [7])], many: 20, these: 22),
            Row(
                testDescription: "two resources: a mix, 2 and 1/2", demand: [10, 24],
                machines: [(10, [4, 8]), (14, [4, 16])], many: 27, these: nil),
            Row(
                testDescription: "two resources: the second alone, 5/2", demand: [10, 40],
                machines: [(10, [4, 8]), (14, [4, 16])], many: 35, these: nil),
            Row(
                testDescription: "each resource on machines of its own", demand: [8, 6],
                machines: [(3, [4, 0]), (5, [0, 2])], many: 21, these: nil),
            Row(
                testDescription: "what nobody wants does not count", demand: [8, 0],
                machines: [(3, [4, 0]), (9, [8, 9])], many: 6, these: 8),
            Row(
                testDescription: "nobody has the second resource", demand: [8, 1],
                machines: [(3, [4, 0])], many: nil, these: nil),
            Row(testDescription: "nothing is wanted", demand: [0], machines: [(3, [4])], many: 0, these: 0),
        ])
    func closedForms(_ row: Row) {
        let bound = DemandBound(row.demand, machines: row.machines.map { DemandBound.Machine(cost: $0, room: $1) })
        // Weights are multiples of 1/4096: up to one unit is lost.
        #expect((bound.ofMany ?? -2) + 1 >= (row.many ?? -1) && bound.ofMany ?? -1 <= row.many ?? -1, "\(row)")
        #expect((bound.ofThese ?? -2) + 1 >= (row.these ?? -1) && bound.ofThese ?? -1 <= row.these ?? -1, "\(row)")
    }

    /// A small generator of its own: the test needs numbers, not chance.
    struct Numbers {
        var state: UInt64
        mutating func next(_ below: Int64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(state >> 33) % below
        }
    }

    @Test("no integer solution undercuts the bound", arguments: 1...40)
    func bruteForce(seed: UInt64) {
        var numbers = Numbers(state: seed)
        let demand = (0..<3).map { _ in 1 + numbers.next(20) }
        let machines = (0..<3).map { _ in
            DemandBound.Machine(cost: 1 + numbers.next(30), room: (0..<3).map { _ in 1 + numbers.next(9) })
        }
        var many: Int64 = .max
        var these: Int64 = .max
        for a in Int64(0)...20 {
            for b in Int64(0)...20 {
                for c in Int64(0)...20 {
                    let counts = [a, b, c]
                    let holds = demand.indices.allSatisfy { resource in
                        zip(counts, machines).reduce(0) { $0 + $1.0 * $1.1.room[resource] } >= demand[resource]
                    }
                    guard holds else { continue }
                    let cost = zip(counts, machines).reduce(0) { $0 + $1.0 * $1.1.cost }
                    many = min(many, cost)
                    if counts.allSatisfy({ $0 <= 1 }) { these = min(these, cost) }
                }
            }
        }
        let bound = DemandBound(demand, machines: machines)
        #expect(bound.ofMany ?? .max <= many && bound.ofMany ?? 0 > 0)
        if these < .max { #expect(bound.ofThese ?? .max <= these) }
        // As many as one likes of each can only be cheaper than one of each.
        if let kept = bound.ofThese { #expect((bound.ofMany ?? .max) <= kept) }
    }
}
