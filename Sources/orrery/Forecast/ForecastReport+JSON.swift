import Chronology
import Experiments
import Foundation
import RunDatabase
import Scenarios
import Simulation
import Statistics

extension ForecastReport {
    /// The report as one JSON object; the database has the same rows.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
        }
    }

    private var document: Document {
        let quantiles = analysis.rows.filter { $0.permille > 0 && !$0.isSummary }.map {
            Document.Quantile(
                measure: $0.measure, unit: $0.unit, day: Int($0.at.nanoseconds / 86_400_000_000_000),
                permille: $0.permille, value: $0.value)
        }
        let limits = analysis.reaches.map { reach in
            Document.Limit(
                name: reach.limit.name, value: Self.value(of: reach.limit), measure: reach.limit.drawn,
                share: reach.share, p5: date(reach, 50), p25: date(reach, 250), p50: date(reach, 500),
                p75: date(reach, 750), p95: date(reach, 950))
        }
        return Document(
            scenario: prepared.name, service: service, history: history, start: "\(calendar.date(of: 0))",
            days: (quantiles.lazy.filter { $0.measure == "cost.total" }.map(\.day).max() ?? -1) + 1,
            runs: analysis.runs, lost: lost.count, digest: digest,
            methods: prepared.forecast.members.map(prepared.input.named),
            meanCost: analysis.totalMean.map { [$0.mean / 1e9, $0.low / 1e9, $0.high / 1e9] },
            quantiles: quantiles, limits: limits, variance: variance)
    }

    private var variance: Document.Variance? {
        guard let variance = analysis.variance else { return nil }
        let shares = factors.map { factor, place in
            Document.Share(
                source: factor.rawValue, share: place.map { variance.own[$0].value } ?? 0,
                low: place.map { variance.own[$0].low }, high: place.map { variance.own[$0].high },
                total: place.map { variance.total[$0].value } ?? 0)
        }
        let together = Document.Share(
            source: "together", share: variance.together.value, low: variance.together.low,
            high: variance.together.high, total: nil)
        return Document.Variance(
            deviation: variance.variance.squareRoot() / 1e9, pairs: variance.pairs,
            runs: variance.pairs * prepared.design.settings.factors.count, shares: shares + [together])
    }

    private struct Document: Encodable {
        struct Quantile: Encodable {
            let measure: String
            let unit: String
            let day: Int
            let permille: Int
            let value: Double
        }

        /// Dates are nil when fewer of the runs reach it.
        struct Limit: Encodable {
            let name: String
            let value: String
            let measure: String
            let share: Double
            let p5: String?
            let p25: String?
            let p50: String?
            let p75: String?
            let p95: String?
        }

        /// Of the variance: by itself with its interval of 95 %, and with all that it does together with others.
        struct Share: Encodable {
            let source: String
            let share: Double
            let low: Double?
            let high: Double?
            let total: Double?
        }

        struct Variance: Encodable {
            /// In dollars.
            let deviation: Double
            let pairs: Int
            /// Those beside the forecast's.
            let runs: Int
            let shares: [Share]
        }

        let scenario: String
        let service: String
        let history: String
        let start: String
        let days: Int
        let runs: Int
        let lost: Int
        let digest: String
        let methods: [String]
        /// In dollars: the mean and the ends of its interval of 95 %.
        let meanCost: [Double]?
        let quantiles: [Quantile]
        let limits: [Limit]
        let variance: Variance?
    }
}
