import Foundation
import RunDatabase

// MARK: - Services

extension RunSummary {
    /// How many services are named one by one.
    private static let servicesShown = 8

    var serviceLines: [String] {
        guard !services.isEmpty else { return [] }
        var lines = ["Services  \(services.count)"]
        for service in services.prefix(Self.servicesShown) {
            var parts = [SummaryText.count(service.requests, "request")]
            if service.failed > 0 {
                let share = String(format: "%.3f %%", 100 * Double(service.failed) / Double(max(1, service.requests)))
                parts.append("\(ReportUnit.grouped("\(service.failed)")) failed (\(share))")
            }
            if service.p99Max > 0 {
                parts.append(
                    "p99 \(ReportUnit.duration(service.p99)) (at worst \(ReportUnit.duration(service.p99Max)))")
            }
            if service.violated > 0 { parts.append("objective missed for \(ReportUnit.duration(service.violated))") }
            lines.append("  \(service.name): \(parts.joined(separator: ", "))")
        }
        let rest = services.count - Self.servicesShown
        if rest > 0 { lines.append("  and \(rest) more: report services") }
        return lines
    }

    /// The services as one JSON object; nil when there are none.
    var servicesJSON: String? {
        guard !services.isEmpty else { return nil }
        let fields = services.map { service in
            "\(JSONText.quoted(service.name)): {\"requests\": \(service.requests), \"errors\": \(service.failed), "
                + "\"p99MaxSeconds\": \(service.p99Max), \"sloViolatedSeconds\": \(service.violated)}"
        }
        return "{\(fields.joined(separator: ", "))}"
    }
}
