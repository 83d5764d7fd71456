import Chronology

/// What a run has been promised beside list prices.
package struct CommitmentBook: Hashable, Sendable {
    package var commitments: [Commitment] = []
    /// Whether Google's sustained use discount is given.
    package var hasSustainedUse = false

    /// Creates a book without promises.
    package init() {}

    /// Whether there is nothing to apply.
    package var isEmpty: Bool { commitments.isEmpty && !hasSustainedUse }

    /// Whether machine types of Google are billed as processors and memory.
    var splitsMachines: Bool {
        hasSustainedUse
            || commitments.contains { commitment in
                switch commitment.scope {
                case .resources, .flexible: true
                case .reserved, .instanceSavingsPlan, .computeSavingsPlan: false
                }
            }
    }
}

/// What commitments did since the last settlement.
package struct CommitmentSettlement: Hashable, Sendable {
    /// What one commitment covered of one machine.
    package struct Covered: Hashable, Sendable {
        package let commitment: Int
        /// What the machine's time would have cost.
        package internal(set) var list: NanoDollars
        /// What it costs of the commitment.
        package internal(set) var fee: NanoDollars
    }

    /// What became cheaper for one machine.
    package struct Machine: Hashable, Sendable {
        package let account: Account
        package let covered: [Covered]
        /// The sustained use discount.
        package let sustained: NanoDollars

        /// What the machine costs less than its list price.
        package var saving: NanoDollars { covered.reduce(sustained) { $0 + $1.list - $1.fee } }
    }

    /// In the order in which the machines were opened.
    package internal(set) var machines: [Machine] = []
    /// What of each commitment nobody used.
    package internal(set) var unused: [NanoDollars] = []
}

// MARK: - Parameters

extension CommitmentBook {
    /// What was promised, as parameters of a run, in name order.
    package var listed: [(name: String, value: String)] {
        var rows: [(name: String, value: String)] = commitments.flatMap { commitment in
            let stem = "prices.commitments.\(commitment.name)"
            return [
                (stem + ".hourly", commitment.hourly.exact), (stem + ".recurring", commitment.recurring.exact),
                (stem + ".scope", commitment.scope.text), (stem + ".upfront", commitment.upfront.exact),
            ]
        }
        if hasSustainedUse { rows.append(("prices.sustainedUse", "true")) }
        return rows.sorted { $0.name < $1.name }
    }
}

extension Commitment.Scope {
    /// What is covered, in a few words.
    var text: String {
        switch self {
        case .reserved(let type, let count, let zone): "\(count) x \(type)" + (zone.map { " in \($0)" } ?? "")
        case .instanceSavingsPlan(let family): "instance savings plan for \(family)"
        case .computeSavingsPlan: "compute savings plan"
        case .resources(let series, let milliCPU, let mebibytes, _):
            "\(milliCPU / 1_000) vCPU and \(mebibytes) MiB of \(series)"
        case .flexible: "flexible commitment"
        }
    }
}
