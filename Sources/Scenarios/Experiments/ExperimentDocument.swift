package import KubernetesAPI

/// An experiment file as it was understood: a scenario, what is varied, and what is looked at.
package struct ExperimentDocument: Sendable {
    static let kind = "Experiment"

    /// How p-values are corrected for the number of comparisons.
    package enum Correction: String, Sendable, CaseIterable {
        /// The chance of any false finding is kept.
        case holm
        /// The share of false findings among all is kept.
        case benjaminiHochberg = "benjamini-hochberg"
        case none
    }

    package var name = "experiment"
    package var question = ""
    /// The scenario that all variants start from, relative to the file.
    package var base = "."
    /// What is another in all variants.
    package var settings: [ExperimentSetting] = []
    package var axes: [ExperimentAxis] = []
    package var seeds: [UInt64] = []
    /// How many streams of tie-breaks each seed is run with; 0 leaves ties to the scenario.
    package var ties = 0
    /// Empty for those that every run has.
    package var metrics: [ExperimentName] = []
    /// The label of each axis with which the others are compared, by axis; the first where nothing is said.
    package var baseline: [String: String] = [:]
    /// Between 0 and 1.
    package var confidence = 0.95
    package var correction = Correction.holm
    package var expectations: [ExperimentExpectation] = []
    /// The metrics that the Pareto table weighs against each other; nil leaves the choice.
    package var cost: ExperimentName?
    package var disruption: ExperimentName?
    package var latency: ExperimentName?

    init() {}
}

/// A `path: value` of an experiment, as `--set` has it, and where it stands.
package struct ExperimentSetting: Hashable, Sendable {
    /// `path=value`.
    package var text: String
    package var position: Position
    /// The place in the experiment, such as `spec.axes[0].values[1].set`.
    package var path: String
}

/// A name that the experiment uses, and where.
package struct ExperimentName: Hashable, Sendable {
    package var name: String
    package var position: Position
    package var path: String
}

/// One thing that is varied.
package struct ExperimentAxis: Hashable, Sendable {
    /// One of its values: a label, and what it means for the scenario.
    package struct Value: Hashable, Sendable {
        package var label: String
        package var settings: [ExperimentSetting]
    }

    package var name: String
    package var values: [Value]
}

/// What a comparison is expected to show, so that it can stand in a test.
package struct ExperimentExpectation: Hashable, Sendable {
    /// What is shown of a metric against the baseline.
    package enum Finding: String, Hashable, Sendable, CaseIterable {
        case lower, higher
        /// No difference is shown.
        case nothing
    }

    package var variant: ExperimentName
    package var metric: ExperimentName
    package var finding: Finding
}

/// One combination of the values of all axes.
package struct ExperimentVariant: Hashable, Sendable {
    /// The labels, with slashes.
    package var name: String
    package var settings: [ExperimentSetting]
    package var isBaseline: Bool
}

extension ExperimentDocument {
    /// All combinations, the last axis fastest.
    package var variants: [ExperimentVariant] {
        var variants = [ExperimentVariant(name: "", settings: settings, isBaseline: true)]
        for axis in axes {
            let chosen = baseline[axis.name] ?? axis.values.first?.label
            variants = variants.flatMap { variant in
                axis.values.map { value in
                    ExperimentVariant(
                        name: variant.name.isEmpty ? value.label : "\(variant.name)/\(value.label)",
                        settings: variant.settings + value.settings,
                        isBaseline: variant.isBaseline && value.label == chosen)
                }
            }
        }
        return variants
    }
}
