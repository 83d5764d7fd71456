package import RunDatabase
package import Scenarios
import Statistics
import VirtualTime

/// Finds out what the replications of a comparison show.
package struct ComparisonAnalysis: Sendable {
    /// Samples that a bootstrap interval is made of.
    package static let resamples = 2_000

    /// Between 0 and 1.
    package let confidence: Double
    package let correction: ExperimentDocument.Correction
    package let metrics: [String]
    package let pareto: [(role: String, metric: String)]

    /// Prepares the analysis of `metrics`, of which some are weighed against each other.
    package init(
        confidence: Double, correction: ExperimentDocument.Correction, metrics: [String],
        pareto: [(role: String, metric: String)]
    ) {
        self.confidence = confidence
        self.correction = correction
        self.metrics = metrics
        self.pareto = pareto
    }

    /// Returns a row for each metric and variant, in this order.
    package func rows(variants: [VariantRow], replications: [ReplicationRow]) -> [ComparisonRow] {
        guard let baseline = variants.firstIndex(where: \.isBaseline) else { return [] }
        var rows: [ComparisonRow] = []
        for metric in metrics {
            let samples = variants.indices.map { variant in
                SeedSample(replications.filter { $0.variant == variant + 1 }, metric: metric)
            }
            let unit = samples.lazy.compactMap(\.unit).first ?? "count"
            let role = pareto.first { $0.metric == metric }?.role ?? ""
            for variant in variants.indices {
                var row = ComparisonRow(variant: variant + 1, metric: metric, unit: unit, role: role)
                row.mean = samples[variant].mean
                row.ties = samples[variant].ties
                if variant == baseline {
                    row.finding = .baseline
                    row.pairs = samples[variant].seeds
                } else {
                    compare(samples[variant], with: samples[baseline], &row)
                }
                rows.append(row)
            }
        }
        correct(&rows)
        return rows
    }

    private func compare(_ sample: SeedSample, with baseline: SeedSample, _ row: inout ComparisonRow) {
        let differences = sample.differences(to: baseline, tie: nil)
        row.pairs = differences.count
        guard let found = pairedDifference(differences, level: confidence, isCount: row.unit == "count") else { return }
        row.difference = found.interval.mean
        row.interval = ComparisonRow.Ends(low: found.interval.low, high: found.interval.high)
        row.p = found.pValue
        var stream = RandomStream(
            seed: Seed(0), name: "compare.bootstrap", purpose: row.metric, index: UInt64(row.variant))
        let bootstrap = bootstrapInterval(differences, level: confidence, resamples: Self.resamples) {
            stream.integer(below: $0)
        }
        row.bootstrap = bootstrap.map { ComparisonRow.Ends(low: $0.low, high: $0.high) }
        guard row.ties > 0 else { return }
        row.tiesAgreeing = (1...row.ties).count { tie in
            let alone = pairedDifference(sample.differences(to: baseline, tie: tie), level: confidence)
            guard let alone else { return false }
            return found.interval.mean > 0 ? alone.interval.low > 0 : alone.interval.high < 0
        }
    }

    /// Corrects the p-values for their number, and says what is shown.
    private func correct(_ rows: inout [ComparisonRow]) {
        let places = rows.indices.filter { rows[$0].p != nil }
        let values = places.compactMap { rows[$0].p }
        let adjusted: [Double] =
            switch correction {
            case .holm: holmAdjusted(values)
            case .benjaminiHochberg: benjaminiHochbergAdjusted(values)
            case .none: values
            }
        for (place, value) in zip(places, adjusted) {
            rows[place].adjusted = value
            let isShown = value < 1 - confidence
            rows[place].finding = !isShown ? .nothing : rows[place].difference ?? 0 < 0 ? .lower : .higher
        }
    }
}

/// The values of one metric of one variant, by seed and stream of tie-breaks.
struct SeedSample {
    /// In order of seed and stream; runs without figures are missing.
    private(set) var values: [(seed: UInt64, tie: Int, value: Double)] = []
    private(set) var unit: String?
    /// The number of the last stream of tie-breaks.
    private(set) var ties = 0

    init(_ replications: [ReplicationRow], metric: String) {
        for row in replications {
            ties = max(ties, row.tie)
            guard let outcome = row.outcome, outcome.digest != nil else { continue }
            if let found = outcome.metrics.first(where: { $0.name == metric }) {
                values.append((row.seed, row.tie, Double(found.value)))
                unit = found.unit
            } else if metric.hasPrefix("machines.") {
                // A variant that never had such a machine had none.
                values.append((row.seed, row.tie, 0))
            }
        }
    }

    /// How many seeds have figures.
    var seeds: Int { means(nil).count }

    var mean: Double? {
        values.isEmpty ? nil : values.reduce(0) { $0 + $1.value } / Double(values.count)
    }

    /// Returns the differences seed by seed, in order of the seeds that both have: of one stream of tie-breaks, or of
    /// the means over all.
    func differences(to other: SeedSample, tie: Int?) -> [Double] {
        let (mine, others) = (means(tie), other.means(tie))
        var theirs: [UInt64: Double] = [:]
        for entry in others { theirs[entry.seed] = entry.value }
        return mine.compactMap { entry in theirs[entry.seed].map { entry.value - $0 } }
    }

    private func means(_ tie: Int?) -> [(seed: UInt64, value: Double)] {
        var means: [(seed: UInt64, value: Double)] = []
        var place = 0
        while place < values.count {
            let seed = values[place].seed
            var (sum, count) = (0.0, 0.0)
            while place < values.count, values[place].seed == seed {
                if tie == nil || values[place].tie == tie {
                    sum += values[place].value
                    count += 1
                }
                place += 1
            }
            // Where a stream is missing on one side, the means would not be of the same.
            if tie == nil ? Int(count) == max(1, ties) : count > 0 { means.append((seed, sum / count)) }
        }
        return means
    }
}
