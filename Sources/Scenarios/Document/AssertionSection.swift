import Chronology
import Costs
import KubernetesAPI
import Observations
import Simulation

/// Reads `assert`.
extension ScenarioReading {
    private static let comparisons: [(field: String, comparison: Assertion.Comparison)] = [
        ("atMost", .atMost), ("atLeast", .atLeast), ("equals", .equal), ("below", .less), ("above", .greater),
        ("between", .within),
    ]

    /// Returns the bounds of one entry: a metric may have several, such as `atLeast` and `atMost`.
    func assertions(_ reader: FieldReader, services: [String], faults: [String]) -> [Assertion] {
        let name = reader.string("name")
        let because = reader.string("because") ?? ""
        let metric = assertedMetric(reader, services: services)
        let sql = reader.has("sql") ? reader.requiredString("sql") : nil
        if reader.has("metric"), reader.has("sql") {
            reader.error("sql", "an assertion is about one thing", expected: "one of metric, sql")
        } else if !reader.has("metric"), !reader.has("sql") {
            reader.error("metric", "it is not said what the assertion is about", expected: "one of metric, sql")
        }
        let window = assertionWindow(reader, faults: faults)
        if let metric, window != .whole, !metric.isWindowed {
            let field = ["during", "from", "to"].first(where: reader.has) ?? "from"
            let names = ScenarioMetric.ofRuns.filter(\.isWindowed).map(\.name)
            reader.error(
                field, "the metric \(metric.name) is known of the whole run alone",
                expected: "one of \(names.joined(separator: ", ")), a metric of a service, or sql")
        }
        let subject: Assertion.Subject? = metric.map { .metric($0.name) } ?? sql.map { .sql($0) }
        let title = name ?? metric?.name ?? sql.map { ManifestTree.shortened(Self.oneLine($0)) } ?? ""
        var found: [Assertion] = []
        for bound in assertionBounds(reader, metric: metric) {
            guard let subject else { continue }
            let tree = reader.value(sql == nil ? "metric" : "sql")
            let place = Assertion.Place(
                file: decoding.file, line: tree?.position.line ?? 0, column: tree?.position.column ?? 0,
                path: reader.path.field(sql == nil ? "metric" : "sql").text)
            var assertion = Assertion(
                name: title, subject: subject, comparison: bound.comparison, bound: bound.lower, upper: bound.upper,
                text: bound.text, place: place)
            assertion.unit = metric?.figures ?? bound.unit
            assertion.window = window
            assertion.because = because
            assertion.needsDatabase = sql != nil || window != .whole || !(metric?.isTold ?? true)
            found.append(assertion)
        }
        return found
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func assertedMetric(_ reader: FieldReader, services: [String]) -> ScenarioMetric? {
        guard reader.has("metric") else { return nil }
        let name = reader.requiredString("metric")
        let metrics = ScenarioMetric.ofRuns + ScenarioMetric.of(services: services)
        if let metric = metrics.first(where: { $0.name == name }) { return metric }
        let names = metrics.map(\.name)
        if !name.isEmpty {
            reader.error(
                "metric", "there is no metric \"\(ManifestTree.shortened(name))\"",
                expected: "one of \(names.joined(separator: ", "))", nearest: NearestName.of(name, among: names))
        }
        return nil
    }

    // MARK: - When

    private func assertionWindow(_ reader: FieldReader, faults: [String]) -> Assertion.Window {
        let from = reader.read("from") { instant($0, path: $1) }
        let to = reader.read("to") { instant($0, path: $1) }
        let fault = reader.string("during")
        let settling = reader.read("settling") { duration($0, path: $1) }
        if settling != nil, !reader.has("during") {
            reader.error("settling", "nothing settles", expected: "during: <fault> beside it")
        }
        if let fault {
            for field in ["from", "to"] where reader.has(field) {
                reader.error(field, "the window is that of a fault", expected: "one of during, from and to")
            }
            if !faults.contains(fault) {
                reader.error(
                    "during", "there is no fault \"\(ManifestTree.shortened(fault))\"",
                    expected: faults.isEmpty
                        ? "a fault of the scenario; it has none" : "one of \(faults.joined(separator: ", "))",
                    nearest: NearestName.of(fault, among: faults))
            }
            return .fault(fault, settling: settling ?? .zero)
        }
        guard from != nil || to != nil else { return .whole }
        if let to, to <= from ?? .start { reader.error("to", "the window ends before it begins") }
        return .span(from: from ?? .start, to: to ?? .never)
    }

    // MARK: - Bounds

    /// A bound as it was understood.
    private struct Bound {
        var comparison: Assertion.Comparison
        var lower: Assertion.Value
        var upper: Assertion.Value?
        var text: String
        var unit = Assertion.Unit.plain
    }

    private func assertionBounds(_ reader: FieldReader, metric: ScenarioMetric?) -> [Bound] {
        let fields = Self.comparisons.map(\.field)
        if !fields.contains(where: reader.has) {
            decoding.error(
                "the metric has no bound", path: reader.path, at: reader.position,
                expected: "one of \(fields.joined(separator: ", "))")
        }
        let isKnown = metric != nil || !reader.has("metric")
        if reader.value("tolerance") != nil, !reader.has("equals") {
            reader.error("tolerance", "a bound has no tolerance", expected: "equals beside it")
        }
        var unit: Assertion.Unit?
        return Self.comparisons.compactMap { field, comparison -> Bound? in
            guard let tree = reader.value(field), isKnown else { return nil }
            let path = reader.path.field(field)
            if comparison == .within { return range(tree, path: path, metric) }
            guard let value = bound(tree, of: metric, path: path, isEqual: comparison == .equal) else { return nil }
            let bound = Bound(
                comparison: comparison, lower: value.value, text: Self.plainText(tree) ?? "", unit: value.unit)
            // A figure is an amount, a time or a number, and not two of them.
            if let unit, !Self.agree(value, (.whole(1), unit)) { return mixed(tree, path: path) }
            if !Self.isNothing(value.value) { unit = value.unit }
            if comparison == .equal, reader.has("tolerance") { return widened(bound, reader, metric) }
            return bound
        }
    }

    private func range(_ tree: ManifestTree, path: FieldPath, _ metric: ScenarioMetric?) -> Bound? {
        guard let elements = tree.elements, elements.count == 2 else {
            wrong(tree, path: path, expected: "a list of two bounds such as [5, 10]")
            return nil
        }
        let low = bound(elements[0], of: metric, path: path.index(0), isEqual: false)
        let high = bound(elements[1], of: metric, path: path.index(1), isEqual: false)
        guard let low, let high else { return nil }
        guard Self.agree(low, high) else { return mixed(elements[1], path: path.index(1)) }
        if low.value.number > high.value.number {
            error("the lower bound is above the upper one", path: path, at: tree)
            return nil
        }
        let texts = elements.map { Self.plainText($0) ?? "" }
        return Bound(
            comparison: .within, lower: low.value, upper: high.value, text: "\(texts[0]) to \(texts[1])",
            unit: Self.isNothing(low.value) ? high.unit : low.unit)
    }

    /// Whether two bounds are of one unit; nothing is of any.
    private static func agree(
        _ left: (value: Assertion.Value, unit: Assertion.Unit), _ right: (value: Assertion.Value, unit: Assertion.Unit)
    ) -> Bool {
        left.unit == right.unit || isNothing(left.value) || isNothing(right.value)
    }

    private static func isNothing(_ value: Assertion.Value) -> Bool { value.number == 0 }

    private func mixed(_ tree: ManifestTree, path: FieldPath) -> Bound? {
        wrong(tree, path: path, expected: "the unit of the other bound: dollars, a time, or a number")
        return nil
    }

    /// Makes a range of an exact figure: so much beside it, or such a share of it, still counts.
    private func widened(_ exact: Bound, _ reader: FieldReader, _ metric: ScenarioMetric?) -> Bound? {
        guard let tree = reader.value("tolerance") else { return exact }
        let path = reader.path.field("tolerance")
        let margin: Assertion.Value
        if Self.plainText(tree)?.hasSuffix("%") ?? false {
            guard let share = share(tree, path: path, whole: 1_000_000) else { return nil }
            switch exact.lower {
            case .whole(let number): margin = .whole(Int64(Int128(number.magnitude) * Int128(share) / 1_000_000))
            case .real(let number): margin = .real(number.magnitude * Double(share) / 1e6)
            case .text: return noMargin(reader)
            }
        } else {
            guard let read = bound(tree, of: metric, path: path, isEqual: false) else { return nil }
            if case .text = exact.lower { return noMargin(reader) }
            guard read.value.number >= 0 else {
                wrong(tree, path: path, expected: "a tolerance that is not negative")
                return nil
            }
            guard metric != nil || Self.agree(read, (exact.lower, exact.unit)) else { return mixed(tree, path: path) }
            margin = read.value
        }
        var wide = exact
        wide.comparison = .within
        wide.text += " ± \(Self.plainText(tree) ?? "")"
        switch (exact.lower, margin) {
        case (.whole(let number), .whole(let margin)):
            let (low, isBelow) = number.subtractingReportingOverflow(margin)
            let (high, isAbove) = number.addingReportingOverflow(margin)
            (wide.lower, wide.upper) = (.whole(isBelow ? .min : low), .whole(isAbove ? .max : high))
        case (.text, _), (_, .text): return noMargin(reader)
        case (.real, _), (.whole, _):
            wide.lower = .real(exact.lower.number - margin.number)
            wide.upper = .real(exact.lower.number + margin.number)
        }
        return wide
    }

    private func noMargin(_ reader: FieldReader) -> Bound? {
        reader.error("tolerance", "a text has no tolerance", expected: "equals with a number")
        return nil
    }

    private func bound(
        _ tree: ManifestTree, of metric: ScenarioMetric?, path: FieldPath, isEqual: Bool
    ) -> (value: Assertion.Value, unit: Assertion.Unit)? {
        guard let metric else { return figure(tree, path: path, isEqual: isEqual) }
        let whole: Int64? =
            switch metric.unit {
            case .count: whole(tree, path: path, from: 0)
            case .money: money(tree, path: path)?.amount
            case .duration: duration(tree, path: path)?.nanoseconds
            }
        return whole.map { (.whole($0), metric.figures) }
    }

    /// Returns the bound of an expression: a number, an amount of dollars, a length of time, or a text to be equal to.
    private func figure(
        _ tree: ManifestTree, path: FieldPath, isEqual: Bool
    ) -> (value: Assertion.Value, unit: Assertion.Unit)? {
        switch tree.value {
        case .scalar(.integer(let text)): if let number = Int64(text) { return (.whole(number), .plain) }
        case .scalar(.float(let text)):
            if let number = Double(text), number.isFinite { return (.real(number), .plain) }
        case .scalar(.string(let text)):
            if text.hasPrefix("$"), let amount = NanoDollars(parsing: text.dropFirst()) {
                return (.whole(amount.amount), .money)
            }
            if let length = try? Duration(parsing: text) { return (.whole(length.nanoseconds), .duration) }
            if isEqual { return (.text(text), .plain) }
        case .scalar(.bool), .mapping, .sequence, .null: break
        }
        wrong(
            tree, path: path,
            expected: "a number, dollars such as \"$12.50\" or a time such as 30s" + (isEqual ? ", or a text" : ""))
        return nil
    }
}
