import Foundation
import Scenarios
import Statistics

extension FitReport {
    /// The report as one JSON object; lengths are seconds.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let document = Document(
                file: file, by: column,
                groups: fits.map { fit in
                    Document.Group(
                        value: column == nil ? nil : fit.group.value, failures: fit.group.outages,
                        machines: fit.group.machines, overlaps: fit.group.overlaps,
                        lifetimes: fit.lifetimes.map(Document.Lengths.init),
                        repairs: fit.repairs.map(Document.Lengths.init),
                        fault: fit.entry(column: column)?.joined(separator: "\n"))
                })
            return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
        }
    }

    private struct Document: Encodable {
        struct Group: Encodable {
            let value: String?
            let failures: Int
            let machines: Int
            let overlaps: Int
            let lifetimes: Lengths?
            let repairs: Lengths?
            let fault: String?
        }

        struct Lengths: Encodable {
            let ended: Int
            let censored: Int
            let zeros: Int
            let problem: String?
            let best: String?
            let laws: [Law]

            init(_ lengths: FittedLengths) {
                let sample = lengths.sample
                (ended, censored, zeros) = (sample.ended.count, sample.censored.count, sample.zeros)
                problem = FitReport.reason(sample)
                best = lengths.best.map { lengths.candidates[$0].fit.family.rawValue }
                let lowest = lengths.best.map { lengths.candidates[$0].fit.aic } ?? 0
                laws = lengths.candidates.map { candidate in
                    Law(
                        law: candidate.fit.family.rawValue,
                        parameters: FittedParameter.all(of: candidate.fit).map { parameter in
                            Law.Parameter(
                                name: parameter.name, value: parameter.value.isFinite ? parameter.value : nil,
                                standardError: parameter.standardError)
                        },
                        logLikelihood: candidate.fit.logLikelihood, aic: candidate.fit.aic,
                        deltaAIC: candidate.fit.aic - lowest, andersonDarling: candidate.test.statistic,
                        pValue: candidate.test.pValue)
                }
            }
        }

        struct Law: Encodable {
            struct Parameter: Encodable {
                let name: String
                let value: Double?
                let standardError: Double?
            }

            let law: String
            let parameters: [Parameter]
            let logLikelihood: Double
            let aic: Double
            let deltaAIC: Double
            let andersonDarling: Double
            let pValue: Double?
        }

        let file: String
        let by: String?
        let groups: [Group]
    }
}
