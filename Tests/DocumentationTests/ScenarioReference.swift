import Foundation

@testable import Scenarios

/// The article with every field of a scenario: what the decoder asks for, beside what people wrote about it.
///
/// Headings, fields and what they take are the decoder's; the introduction, texts under headings, defaults and meanings
/// are kept as they stand in the article.
struct ScenarioReference {
    /// What people wrote about a field.
    struct Note: Equatable {
        /// What holds when it is left out; empty where it must not be.
        var standard = ""
        var meaning = ""
        var isRequired = false
    }

    var introduction = ""
    /// By the path of a section.
    var texts: [String: String] = [:]
    /// By the path of a field.
    var notes: [String: Note] = [:]
    /// Paths in the order of the article.
    var paths: [String] = []

    init(reading article: String) {
        var section: String?
        for line in article.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("## `") {
                section = String(line.dropFirst("## `".count).dropLast())
            } else if let path = section {
                if line.hasPrefix("| `") {
                    let cells = Self.cells(line)
                    guard cells.count == 4 else { continue }
                    let field = path + "/" + cells[0].filter { $0 != "`" }
                    paths.append(field)
                    let isRequired = cells[2] == "required"
                    notes[field] = Note(
                        standard: isRequired ? "" : cells[2], meaning: cells[3], isRequired: isRequired)
                } else if !line.hasPrefix("|"), !(line.isEmpty && texts[path] == nil) {
                    texts[path, default: ""] += line + "\n"
                }
            } else {
                introduction += line + "\n"
            }
        }
        texts = texts.mapValues { $0.trimmingCharacters(in: .newlines) }.filter { !$0.value.isEmpty }
    }

    private static func cells(_ line: String) -> [String] {
        let inner = line.dropFirst().dropLast()
        return inner.components(separatedBy: " | ").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    // MARK: - Writing

    /// Returns the article with the fields of `survey`.
    func article(of survey: DecoderSurvey) -> String {
        var text = introduction.trimmingCharacters(in: .newlines) + "\n"
        for section in survey.sections where !["", "metadata"].contains(section.path) {
            let path = Self.shown(section.path)
            text += "\n## `\(path)`\n\n"
            if let own = texts[path] { text += own + "\n\n" }
            text += "| field | takes | default | meaning |\n|---|---|---|---|\n"
            for field in section.fields {
                let name = Self.name(of: field, in: section)
                let note = notes[path + "/" + name] ?? Note()
                let standard = field.isRequired && note.standard.isEmpty ? "required" : note.standard
                text += "| `\(name)` | \(takes(field, survey)) | \(standard) | \(note.meaning) |\n"
            }
        }
        return text
    }

    /// The paths of the fields of `survey`, as the article has them.
    static func paths(of survey: DecoderSurvey) -> [String] {
        survey.sections.filter { !["", "metadata"].contains($0.path) }.flatMap { section in
            section.fields.map { shown(section.path) + "/" + name(of: $0, in: section) }
        }
    }

    private static func name(of field: DecoderSurvey.Field, in section: DecoderSurvey.Section) -> String {
        let rest = field.path.dropFirst(section.path.count)
        return rest.hasPrefix(".") ? String(rest.dropFirst()) : rest.filter { !"[]\"".contains($0) }
    }

    private static func shown(_ path: String) -> String {
        path.replacingOccurrences(of: "[0]", with: "[]").replacingOccurrences(of: "[\"", with: ".")
            .replacingOccurrences(of: "\"]", with: "")
    }

    /// Long expectations that stand in many places, and the short names under which the introduction explains them.
    private static let forms = [
        ("a length of time such as 30s, or one of {", "length or distribution"),
        ("a length of time such as 90s, 1h30m or 30d", "length"),
        ("a time since the start such as 36h, or a date such as 2026-01-31T12:00:00Z", "time"),
        ("a quantity such as 500m, 2, 1.5Gi or 128974848", "quantity"),
        ("an amount of US dollars such as 0.096 or \"$12.50\"", "dollars"),
        ("a share such as 5% or 0.05 up to 100%", "share up to 100%"),
        ("a share such as 5% or 0.05", "share"), ("a mapping of texts", "mapping of texts"),
        ("a list, each a text", "list of texts"), ("a text, or a list", "text or list of texts"), ("a text", "text"),
        ("a list of mappings", "list"), ("a mapping", "mapping"), ("true or false", "true or false"),
    ]

    private func takes(_ field: DecoderSurvey.Field, _ survey: DecoderSurvey) -> String {
        var text = field.accepts
        for (long, short) in Self.forms where text.hasPrefix(long) {
            // The distribution's list of names is long, and in the introduction.
            text = long.hasSuffix("{") ? short : short + text.dropFirst(long.count)
            break
        }
        text = text.replacingOccurrences(of: "; or a mapping", with: ", or a mapping")
        for place in [field.path, field.path + "[0]"] {
            if let twin = survey.twins[place] { text += ", as `\(Self.shown(twin))`" }
        }
        return text.replacingOccurrences(of: "|", with: "\\|")
    }
}
