import Chronology
import Reports
import RunDatabase
import Simulation

/// What `diff` says.
struct DiffReport {
    let comparison: RunComparison
    let paths: (a: String, b: String)
    let found: FirstDifference.Outcome
    /// nil when they were not asked for, or nothing differs.
    let events: (a: PartedEvent, b: PartedEvent)?
    /// nil unless the digests part by a number alone.
    let later: LaterParting?
    let isSame: Bool

    // MARK: - For people

    func text(all: Bool) -> String {
        var heads = TextColumns([.left, .left, .left])
        heads.add(["A", paths.a, Self.head(comparison.left)])
        heads.add(["B", paths.b, Self.head(comparison.right)])
        var parts = [heads.text(indent: "")]
        if isSame, comparison.inputs.isEmpty {
            parts.append("The runs are the same: \(Figures.grouped(comparison.left.events)) events, one digest\n")
        } else {
            let inputs = comparison.inputs.isEmpty ? [] : comparison.inputLines
            parts.append(section(inputs.isEmpty ? "Inputs  the same" : "Inputs that differ", inputs))
            parts.append(parting)
        }
        let figures = comparison.figureLines(all: all)
        if !figures.isEmpty {
            parts.append(section("Outcome", figures))
        } else if !isSame {
            parts.append("Outcome  no figure differs\n")
        }
        return parts.joined(separator: "\n")
    }

    private static func head(_ run: RunRecord) -> String {
        "\(run.scenario), seed \(run.seed), \(run.horizon), \(Figures.grouped(run.events)) events, digest "
            + (run.digest ?? "none: incomplete")
    }

    private func section(_ title: String, _ lines: [String]) -> String {
        title + "\n" + lines.map { "  \($0)\n" }.joined()
    }

    /// Where the runs part.
    private var parting: String {
        guard let difference = found.difference else {
            return isSame
                ? "Events  all \(Figures.grouped(found.shared)) the same\n"
                : "Events  the \(Figures.grouped(found.shared)) that both recorded are the same\n"
        }
        var lines = [
            "They part at event \(Figures.grouped(difference.event)); the \(Figures.grouped(difference.event - 1)) before "
                + "are the same"
        ]
        guard var events else { return lines[0] + "\n" }
        if let later {
            let what =
                "the number that event \(Figures.grouped(difference.event)) (\(events.a.text)) has in its list"
            guard let number = later.number else {
                return "Nothing that can be seen differs but \(what)\n"
            }
            lines[0] =
                "They part at event \(Figures.grouped(number)); the \(Figures.grouped(number - 1)) before are the same but "
                + "for \(what)"
            events = later.events
        }
        let isOneEvent = events.a.event == events.b.event
        if isOneEvent { lines.append("The event is the same, and does something else:") }
        for (name, event, run) in [("A", events.a, comparison.left), ("B", events.b, comparison.right)] {
            let time = event.event.map { "\(run.clock.text(of: $0.at)) (\($0.at.sinceStart))  " } ?? ""
            lines.append("\(name)  \(time)\(event.text)")
            lines += event.effectLines.map { "     \($0)" }
        }
        return lines[0] + "\n" + lines.dropFirst().map { "  \($0)\n" }.joined()
    }

    // MARK: - JSON

    var json: String {
        var fields: [(name: String, value: String)] = [
            ("same", "\(isSame)"), ("a", run(comparison.left, paths.a)), ("b", run(comparison.right, paths.b)),
            ("firstDifference", firstDifference),
        ]
        fields += comparison.jsonFields
        return "{\n" + fields.map { "  \"\($0.name)\": \($0.value)" }.joined(separator: ",\n") + "\n}\n"
    }

    private func run(_ run: RunRecord, _ path: String) -> String {
        "{\"file\": \(JSONText.quoted(path)), \"scenario\": \(JSONText.quoted(run.scenario)), \"seed\": \(run.seed), "
            + "\"events\": \(run.events), \"digest\": \(run.digest.map(JSONText.quoted) ?? "null")}"
    }

    private var firstDifference: String {
        guard let difference = found.difference else { return "null" }
        var fields = ["\"event\": \(later?.number ?? difference.event)"]
        if later != nil { fields.append("\"digestsPartAt\": \(difference.event)") }
        if let events = later?.events ?? events {
            for (name, event) in [("a", events.a), ("b", events.b)] {
                guard let words = event.event else {
                    fields.append("\"\(name)\": null")
                    continue
                }
                let effects = event.effects.map(JSONText.quoted).joined(separator: ", ")
                fields.append(
                    "\"\(name)\": {\"seconds\": \(Double(words.at.nanoseconds) / 1e9), "
                        + "\"kind\": \(JSONText.quoted(words.kind)), \"what\": \(JSONText.quoted(words.what)), "
                        + "\"subject\": \(JSONText.quoted(words.subject)), \"effects\": [\(effects)]}")
            }
        }
        return "{\(fields.joined(separator: ", "))}"
    }
}
