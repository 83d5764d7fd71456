import Scenarios
import Statistics

/// What `orrery fit` prints.
struct FitReport {
    let file: String
    /// What was grouped by.
    let column: String?
    let fits: [FailureFit]

    /// Whether anything could be fitted.
    var hasFit: Bool {
        fits.contains { $0.lifetimes?.distributions.isEmpty == false || $0.repairs?.distributions.isEmpty == false }
    }

    /// Why nothing could be fitted, one line for each group.
    var problems: String {
        fits.map { fit in
            let reasons = [("lifetimes", fit.lifetimes), ("repair times", fit.repairs)].map { name, lengths in
                guard let lengths else { return "there are no \(name)" }
                return "\(name): \(Self.reason(lengths.sample) ?? "fitted")"
            }
            let place = column.map { "\(file): \($0) \"\(fit.group.value)\"" } ?? file
            return "\(place): error: \(reasons.joined(separator: "; "))"
        }.joined(separator: "\n")
    }

    /// Says why no law was fitted; nil when laws were.
    static func reason(_ sample: LifetimeSample) -> String? {
        switch sample.problem {
        case nil: nil
        case .tooFew(let count):
            "\(count == 1 ? "1 was" : "\(count) were") seen to the end, and a fit takes at least \(LifetimeSample.endedMin)"
        case .allEqual(let value): "all are \(LengthText.text(value)): there is nothing to fit but that value"
        }
    }

    // MARK: - Text

    var text: String {
        var text = ""
        for fit in fits {
            text += heading(fit.group)
            if let lifetimes = fit.lifetimes {
                let what =
                    fit.group.isPerMachine
                    ? "Lifetimes, from a repair to the next failure of the same machine"
                    : "Times between failures, from a repair to the next failure"
                text += "\n\(what)\n" + Self.table(lengths: lifetimes)
                if fit.group.overlaps > 0 {
                    text += "  \(fit.group.overlaps) more began while the machine was down already\n"
                }
            }
            if let repairs = fit.repairs { text += "\nRepair times\n" + Self.table(lengths: repairs) }
            text += "\n"
        }
        return text + scenario
    }

    private func heading(_ group: FailureGroup) -> String {
        let name = column.map { "\($0) \(group.value.isEmpty ? "(none)" : group.value)" } ?? file
        var parts = ["\(Figures.grouped(Int64(group.outages))) failures"]
        if group.isPerMachine, group.machines > 0 {
            parts.append("\(Figures.grouped(Int64(group.machines))) machines")
        }
        return "\(name): \(parts.joined(separator: " of "))\n"
    }

    private static func table(lengths: FittedLengths) -> String {
        let sample = lengths.sample
        var text = "  \(Figures.grouped(Int64(sample.ended.count))) seen to their end"
        if !sample.censored.isEmpty { text += ", \(Figures.grouped(Int64(sample.censored.count))) longer than watched" }
        if !sample.ended.isEmpty {
            let median = KaplanMeier(ended: sample.ended, censored: sample.censored).age(ofShare: 0.5)
            text += "; mean \(LengthText.text(sample.total / Double(sample.ended.count)))"
            text += median.map { ", median \(LengthText.text($0))" } ?? ""
        }
        text += "\n"
        if sample.zeros > 0, sample.zeros < sample.ended.count, let least = sample.ended.first {
            text += "  \(sample.zeros) of no length count as \(LengthText.text(least)), half of the shortest\n"
        }
        if let reason = reason(sample) { return text + "  \(reason)\n" }
        var columns = TextColumns([.left, .left, .left, .right, .right, .right, .right, .right])
        columns.add(["", "law", "parameters", "log-likelihood", "AIC", "ΔAIC", "A²", "p"])
        let lowest = lengths.best.map { lengths.candidates[$0].fit.aic } ?? 0
        for (place, candidate) in lengths.candidates.enumerated() {
            let fit = candidate.fit
            columns.add([
                place == lengths.best ? "*" : "", fit.family.rawValue,
                FittedParameter.all(of: fit).map(\.text).joined(separator: ", "), Figures.fixed(fit.logLikelihood, 1),
                Figures.fixed(fit.aic, 1), Figures.fixed(fit.aic - lowest, 1),
                Figures.fixed(candidate.test.statistic, 2), candidate.test.pValue.map { Figures.fixed($0, 3) } ?? "",
            ])
        }
        return text + columns.text()
    }

    /// The lines for a scenario's spec.
    var scenario: String {
        var lines: [String] = []
        for fit in fits {
            if let entry = fit.entry(column: column) {
                lines += entry
            } else {
                let name = column.map { "\($0) \(fit.group.value)" } ?? "failures"
                lines.append("# \(name.filter { $0 != "\n" && $0 != "\r" }): no lifetime could be fitted or written")
            }
        }
        guard lines.contains(where: { $0.hasPrefix("- ") }) else { return "" }
        return "For the spec of a scenario:\n\nfaults:\n" + lines.map { "  \($0)\n" }.joined()
    }
}
