import Simulation

/// Where the entries of a scenario's lists stand in the setup of a run that has branched: what is gone keeps its place.
struct BranchPlaces {
    var faults: [Int]
    var changes: [Int]

    /// The places of a run that has not branched.
    init(_ setup: WorldSetup) {
        faults = Array(setup.faults.indices)
        changes = Array(setup.changes.indices)
    }

    /// What became of the entries of a list.
    struct Outcome {
        var ended: [Int] = []
        /// New entries, by their numbers in the scenario, and the places of those that they replace.
        var added: [(number: Int, origin: Int?)] = []
    }

    /// Compares a list by its entries' numbers; `differs` holds those that are not what they were.
    static func compare(
        _ places: inout [Int], count: Int, differs: [Int], firstNew: Int
    ) -> Outcome {
        var outcome = Outcome()
        let before = places
        places = []
        for number in 0..<max(before.count, count) {
            let origin = number < before.count ? before[number] : nil
            if let origin, number < count, !differs.contains(number) {
                places.append(origin)
                continue
            }
            if let origin { outcome.ended.append(origin) }
            guard number < count else { continue }
            places.append(firstNew + outcome.added.count)
            outcome.added.append((number, origin))
        }
        return outcome
    }
}
