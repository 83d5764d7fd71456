package import Costs
package import Scenarios

/// A number of machines of few kinds.
package struct MachineSet: Hashable, Sendable {
    /// So many machines of the offer at this place of a list.
    package struct Part: Hashable, Sendable {
        package let offer: Int
        package let count: Int
    }

    /// At least one, with counts above zero, in the order of the offers.
    package let parts: [Part]
    /// Nano-dollars an hour.
    package let price: NanoDollars

    /// Creates a set; parts without machines are left out.
    package init(_ parts: [Part], of offers: [MachineOffer]) {
        self.parts = parts.filter { $0.count > 0 }
        price = NanoDollars(self.parts.reduce(0) { $0 + Int64($1.count) * offers[$1.offer].pricePerHour.amount })
    }

    package var machines: Int { parts.reduce(0) { $0 + $1.count } }
}

/// Which of two sets of machines is the better one.
package enum PlanObjective: String, Hashable, Sendable, CaseIterable {
    /// The one that costs less; of equal ones that with fewer machines.
    case cost
    /// The one with fewer machines; of equal ones the cheaper.
    case machines

    /// What is to be small; of two sets, the smaller rank is the better one.
    func rank(_ set: MachineSet) -> (Int64, Int64) {
        switch self {
        case .cost: (set.price.amount, Int64(set.machines))
        case .machines: (Int64(set.machines), set.price.amount)
        }
    }

    /// What one machine adds to what is to be small.
    func cost(_ offer: MachineOffer) -> Int64 {
        switch self {
        case .cost: offer.pricePerHour.amount
        case .machines: 1
        }
    }
}

/// What must still run when something is gone.
package enum Survival: String, Hashable, Sendable, CaseIterable {
    /// One machine, whichever kind it is of.
    case node
    /// All machines of one zone.
    case zone
}
