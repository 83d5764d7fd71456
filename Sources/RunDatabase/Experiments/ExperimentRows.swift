/// What many runs are made to find out.
package struct ExperimentRow: Hashable, Sendable {
    /// What is done with the replications.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case compare, forecast
    }

    package var name: String
    package var question: String
    package var kind: Kind
    /// The version of Orrery that ran it.
    package var version: String
    /// The digest of the inputs: only an experiment with the same goes on in a file.
    package var plan: String
    /// The digest of the rows of all replications; nil until all were run.
    package var digest: String?

    /// Creates the row of an experiment that has not begun.
    package init(name: String, question: String, kind: Kind, version: String, plan: String) {
        self.name = name
        self.question = question
        self.kind = kind
        self.version = version
        self.plan = plan
    }
}

/// One of the things compared; its number is its place in the list, from 1.
package struct VariantRow: Hashable, Sendable {
    package var name: String
    /// What differs from the scenario, each a `path=value`.
    package var changes: [String]
    package var isBaseline: Bool

    /// Creates a row.
    package init(name: String, changes: [String], isBaseline: Bool) {
        self.name = name
        self.changes = changes
        self.isBaseline = isBaseline
    }
}

/// One run of a variant.
package struct ReplicationRow: Hashable, Sendable {
    /// How far it is.
    package enum Status: String, Hashable, Sendable, CaseIterable {
        case planned, complete
        /// Its scenario cannot be read.
        case refused
        /// It ended its process each time it was tried.
        case crashed
    }

    /// Its place in the plan, from 1.
    package var id: Int
    /// The number of the variant, from 1.
    package var variant: Int
    /// The number within the variant, from 1.
    package var number: Int
    package var seed: UInt64
    /// The number of the stream of tie-breaks; 0 for that of the seed.
    package var tie: Int
    /// What is asked for, as text.
    package var request: String
    package var outcome: ReplicationOutcome?

    /// Creates the row of a run that has not begun.
    package init(id: Int, variant: Int, number: Int, seed: UInt64, tie: Int = 0, request: String) {
        self.id = id
        self.variant = variant
        self.number = number
        self.seed = seed
        self.tie = tie
        self.request = request
    }
}

/// What came of one run of an experiment.
package struct ReplicationOutcome: Hashable, Sendable, Codable {
    /// A figure of the run as a whole.
    package struct Metric: Hashable, Sendable, Codable {
        package var name: String
        package var value: Int64
        /// `count`, `nanodollars`, `nanoseconds`, `millicores` or `bytes`.
        package var unit: String

        /// Creates a figure.
        package init(name: String, value: Int64, unit: String) {
            self.name = name
            self.value = value
            self.unit = unit
        }
    }

    /// A figure of one day.
    package struct Day: Hashable, Sendable, Codable {
        /// Since the start, from 0.
        package var day: Int
        package var metric: Metric

        /// Creates a figure.
        package init(day: Int, metric: Metric) {
            self.day = day
            self.metric = metric
        }
    }

    package var digest: String?
    package var events: Int64?
    package var metrics: [Metric] = []
    package var days: [Day] = []
    /// Whether its scenario cannot be read.
    package var isRefused = false
    /// Why there is no digest; empty when there is one.
    package var message = ""

    /// Creates the outcome of a run that nothing is known of.
    package init() {}

    /// How the replication stands with this outcome.
    package var status: ReplicationRow.Status { digest != nil ? .complete : isRefused ? .refused : .crashed }

    /// Returns the value of a metric; nil when the run has not told it.
    package func value(_ name: String) -> Int64? { metrics.first { $0.name == name }?.value }
}
