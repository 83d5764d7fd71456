import Chronology
import KubernetesAPI

/// Reads a forecast file, and records everything that is wrong with it.
struct ForecastReading {
    let context: DecodingContext

    /// Returns the forecast with its paths as the file has them.
    func document(_ tree: ManifestTree) -> ForecastDocument {
        var document = ForecastDocument(scenario: ".", history: "")
        guard let reader = FieldReader(tree, path: .root, context: context) else { return document }
        reader.requireHead(kind: ForecastDocument.kind)
        reader.object("metadata") { metadata in
            document.name = metadata.string("name")
            document.question = metadata.string("title") ?? ""
            _ = metadata.string("description")
        }
        if !reader.has("spec") { reader.error("spec", "a value is required", expected: "history and horizon") }
        reader.object("spec") { read($0, &document) }
        reader.finish()
        return document
    }

    private func read(_ reader: FieldReader, _ document: inout ForecastDocument) {
        document.scenario = reader.string("scenario") ?? document.scenario
        document.settings = settings(reader)
        document.history = reader.requiredString("history")
        document.column = reader.string("column")
        document.holidays = reader.string("holidays")
        readInput(reader, &document)
        document.service = reader.string("service")
        if let unit = reader.string("unit") {
            document.unit = unit
            if !ForecastDocument.units.contains(unit) {
                reader.error(
                    "unit", "found the text \"\(ManifestTree.shortened(unit))\"",
                    expected: "one of \(ForecastDocument.units.joined(separator: ", "))",
                    nearest: NearestName.of(unit, among: ForecastDocument.units))
            }
        }
        if let text = text("growth", reader) {
            document.growth = StatedGrowth(text)
            if document.growth == nil { reader.error("growth", "found \"\(text)\"", expected: StatedGrowth.example) }
        }
        readLimits(reader, &document)
        document.replications =
            reader.int64("replications", in: ForecastDocument.replicationRange).map { Int($0) } ?? 40
        if let text = text("untilInterval", reader) {
            document.intervalShare = ForecastDocument.intervalShare(text)
            if document.intervalShare == nil {
                reader.error("untilInterval", "found \"\(text)\"", expected: "a share such as 2%")
            }
        }
        document.isDecomposed = reader.bool("decompose") ?? false
        document.seed = reader.int64("seed", in: 0...Int64.max).map { UInt64($0) } ?? 1
    }

    private func readInput(_ reader: FieldReader, _ document: inout ForecastDocument) {
        if !reader.has("horizon") { reader.error("horizon", "a value is required", expected: "a length such as 90d") }
        if let horizon = length("horizon", reader) { document.input.horizon = horizon }
        document.input.every = length("every", reader)
        document.input.merging = reader.choice("merge") ?? .mean
        if document.input.merging == .sum {
            reader.error("merge", "a service is driven by rates", expected: "mean or max")
        }
        if reader.value("seasons")?.string == "none" {
            document.input.seasons = []
        } else if reader.has("seasons") {
            document.input.seasons = reader.oneOrMore("seasons").compactMap { text in
                if let length = try? Duration(parsing: text), length > .zero { return length }
                reader.error("seasons", "found \"\(text)\"", expected: "lengths such as 1d, or none")
                return nil
            }
        }
    }

    private func readLimits(_ reader: FieldReader, _ document: inout ForecastDocument) {
        if let text = text("budget", reader) {
            do throws(StatedLimit.Problem) {
                document.limits.append(try StatedLimit(budget: text))
            } catch {
                reader.error("budget", error.message)
            }
        }
        guard let tree = reader.value("limits") else { return }
        guard let entries = tree.entries else {
            return reader.error("limits", "found \(tree.summary)", expected: "a mapping of limits to their values")
        }
        for entry in entries {
            let path = reader.path.field("limits").field(entry.key)
            do throws(StatedLimit.Problem) {
                let value = ScenarioReading.plainText(entry.value) ?? ""
                document.limits.append(try StatedLimit(name: entry.key, value: value))
            } catch {
                context.error(error.message, path: path, at: entry.keyPosition, nearest: error.nearest)
            }
        }
    }

    private func settings(_ reader: FieldReader) -> [String] {
        guard let tree = reader.value("set") else { return [] }
        guard let entries = tree.entries else {
            reader.error("set", "found \(tree.summary)", expected: "a mapping of paths to values")
            return []
        }
        return entries.map { "\($0.key)=\(TreePrinter.line($0.value))" }
    }

    /// Returns a number or a text as it was written.
    private func text(_ field: String, _ reader: FieldReader) -> String? {
        guard let tree = reader.value(field) else { return nil }
        if let text = ScenarioReading.plainText(tree) { return text }
        reader.error(field, "found \(tree.summary)", expected: "a text or a number")
        return nil
    }

    private func length(_ field: String, _ reader: FieldReader) -> Duration? {
        guard let text = text(field, reader) else { return nil }
        if let length = try? Duration(parsing: text), length > .zero { return length }
        reader.error(field, "found \"\(text)\"", expected: "a length such as 30m, 36h or 7d")
        return nil
    }
}
