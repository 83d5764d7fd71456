import Costs
package import Scenarios

/// The best set of machines that was found for what is given, and how good any other could be.
package struct MachinePlan: Sendable {
    /// What a set of machines came to.
    package struct Choice: Sendable {
        package let set: MachineSet
        /// So that the set can be written down.
        package let parts: [(offer: MachineOffer, count: Int)]
    }

    /// A pod that found no place.
    package struct Waiting: Hashable, Sendable {
        package let pod: String
        /// What the scheduler says of it.
        package let message: String
    }

    /// nil when no set was found on which everything runs.
    package internal(set) var best: Choice?
    package let objective: PlanObjective
    /// How many kinds were asked for at most, or are needed where that is more.
    package var kindsMax: Int { max(kindsAsked, best == nil ? 0 : kindsNeeded ?? 0) }
    private let kindsAsked: Int
    /// How many kinds the pods need, as far as that is known and more than were asked for.
    package internal(set) var kindsNeeded: Int?
    /// Machine types that were looked at; those that cost no less and have no more than another were left out.
    package internal(set) var considered = 0
    package internal(set) var dominated = 0
    /// What no set of these machines can undercut, by the requests at their peak: nano-dollars an hour, or machines.
    package internal(set) var bound: Int64 = 0
    /// Better sets of at most `kindsMax` kinds that hold the requests at their peak in sum.
    package internal(set) var rivals = 0
    /// How many of them were tried, and leave a pod waiting.
    package internal(set) var refuted = 0
    /// The first better set that was not tried, by what is to be small; nil when there is none.
    package internal(set) var firstUntried: Int64?
    /// Simulations that were made.
    package internal(set) var trials = 0
    /// What found no place on the last set that was tried; of use when there is no answer.
    package internal(set) var lastWaiting: Waiting?
    /// What ran at the same time at most.
    package internal(set) var demand: Demand?

    init(objective: PlanObjective, kindsMax: Int) {
        self.objective = objective
        kindsAsked = kindsMax
    }

    /// What is to be small, of the best set.
    package var value: Int64? {
        best.map { choice in
            switch objective {
            case .cost: choice.set.price.amount
            case .machines: Int64(choice.set.machines)
            }
        }
    }

    /// What no set of at most `kindsMax` kinds can undercut.
    package var provenBound: Int64 {
        guard let value else { return bound }
        return max(bound, min(firstUntried ?? value, value))
    }

    /// Whether no set of at most `kindsMax` kinds is better.
    package var isProven: Bool { value == provenBound }
}
