// Counterpart: OpenCost's parameters of an allocation query: idle (share, shareByNode), shareNamespaces, shareLabels,
// shareCost, shareSplit (weighted, even).

/// Who is asked for what nobody holds and for what everybody uses; nil and empty where nobody said.
///
/// The bill and its entries do not depend on it: it is how reports divide them, unless they are asked for otherwise.
package struct AllocationPolicy: Hashable, Sendable {
    /// What becomes of machines that are paid for and not held.
    package enum Idle: String, Hashable, Sendable, CaseIterable {
        /// Idle money stands alone.
        case separate
        /// All of it goes to all pods, by what they are charged for the same resource.
        case shareByCost
        /// That of each machine goes to its own pods, by the same measure.
        case shareByNode
    }

    /// How shared costs are divided.
    package enum Split: String, Hashable, Sendable, CaseIterable {
        /// By what each payer has of its own.
        case proportional
        /// To each payer the same.
        case even
    }

    package var idle: Idle?
    package var split: Split?
    package var sharedNamespaces: [String] = []
    /// Labels of pods whose costs are shared, as key and value.
    package var sharedLabels: [(key: String, value: String)] = []
    /// Whether the reservations of machines, the control plane and unused commitments are shared.
    package var sharesOverhead: Bool?
    /// The label that names the team.
    package var teamLabel: String?

    /// Creates a policy that says nothing.
    package init() {}

    package static func == (left: AllocationPolicy, right: AllocationPolicy) -> Bool {
        left.listed.elementsEqual(right.listed, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        for entry in listed { hasher.combine(entry.value) }
    }

    /// What was said, by the names under which a run tells it.
    package var listed: [(name: String, value: String)] {
        let labels = sharedLabels.map { "\($0.key)=\($0.value)" }
        let entries: [(String, String?)] = [
            ("prices.allocation.idle", idle?.rawValue),
            ("prices.allocation.shared.labels", labels.isEmpty ? nil : labels.joined(separator: ",")),
            (
                "prices.allocation.shared.namespaces",
                sharedNamespaces.isEmpty ? nil : sharedNamespaces.joined(separator: ",")
            ),
            ("prices.allocation.shared.overhead", sharesOverhead.map(String.init)),
            ("prices.allocation.shared.policy", split?.rawValue),
            ("prices.allocation.teamLabel", teamLabel),
        ]
        return entries.compactMap { name, value in value.map { (name, $0) } }
    }
}
