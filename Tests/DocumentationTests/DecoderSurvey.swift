import Chronology
import KubernetesAPI

@testable import Scenarios

/// Finds out what can be written in a document by asking its decoder, which knows nothing of it.
///
/// Documents that hold a single field with an impossible value are read: what the decoder asks for next are the fields
/// below, and what it says that it expected is what the field takes.
struct DecoderSurvey {
    /// A step from the root of a document to a value.
    enum Step: Hashable {
        case field(String)
        case element
    }

    /// A field as the decoder sees it.
    struct Field: Equatable {
        /// Such as `spec.pools[].name`.
        var path: String
        var accepts: String
        var isRequired: Bool
    }

    /// A mapping and its fields, in the order in which they are asked for.
    struct Section: Equatable {
        /// Such as `spec.pools[]`; empty for the document.
        var path: String
        var fields: [Field]
    }

    /// A place on its way to be explored: each step with what stands beside it, without which it is not asked for.
    private struct Place {
        var steps: [(step: Step, beside: [(String, ManifestTree)])]

        var path: String { DecoderSurvey.path(steps.map(\.step)) }

        func adding(_ step: Step, beside: [(String, ManifestTree)] = []) -> Place {
            Place(steps: steps + [(step, beside)])
        }

        /// A document that has `leaf` at this place.
        func document(_ leaf: ManifestTree) -> ManifestTree {
            steps.reversed().reduce(leaf) { value, step in
                switch step.step {
                case .field(let name): .mapping(step.beside.map { ($0.0, $0.1) } + [(name, value)])
                case .element: .sequence([value])
                }
            }
        }
    }

    /// What reading a document brings to light.
    private struct Finding {
        var asked: [(steps: [Step], name: String)] = []
        var diagnostics: [Diagnostic] = []

        func children(of steps: [Step]) -> [String] {
            asked.reduce(into: []) { names, question in
                if question.steps == steps, !names.contains(question.name) { names.append(question.name) }
            }
        }

        func message(at path: String) -> Diagnostic? {
            diagnostics.first { $0.path == path && $0.expected != nil }
        }
    }

    private static let companions: [(String, ManifestTree)] = [("csv", .text("file.csv")), ("priority", .number(1))]
    private static let unknown: ManifestTree = .mapping([("?", .text("?"))])

    /// Reads a document, and records everything that is wrong with it.
    typealias Decoder = @Sendable (ManifestTree, DecodingContext) -> Void

    private let decode: Decoder
    private(set) var sections: [Section] = []
    /// Mappings of the same fields as one that is told already, with the path of that one.
    private(set) var twins: [String: String] = [:]
    private var curvePath: String?
    private var explored: [(signature: [String], path: String)] = []

    init(_ decode: @escaping Decoder = DecoderSurvey.scenario) {
        self.decode = decode
        var queue = [(place: Place(steps: []), variants: [[(String, ManifestTree)]()])]
        while !queue.isEmpty {
            let (place, variants) = queue.removeFirst()
            explore(place, variants, &queue)
        }
    }

    // MARK: - One mapping

    private mutating func explore(
        _ place: Place, _ given: [[(String, ManifestTree)]],
        _ queue: inout [(place: Place, variants: [[(String, ManifestTree)]])]
    ) {
        let steps = place.steps.map(\.step)
        var names: [(name: String, beside: [(String, ManifestTree)])] = []
        var fields: [Field] = []
        var below: [(place: Place, variants: [[(String, ManifestTree)]])] = []
        var variants = given
        var next = 0
        while next < variants.count {
            let beside = variants[next]
            next += 1
            let finding = read(place.document(.mapping(beside + [("?", .text("?"))])))
            for name in finding.children(of: steps) where !names.contains(where: { $0.name == name }) {
                // What stands beside a field must not be the field itself.
                let company = beside.filter { $0.0 != name }
                names.append((name, company))
                let child = place.adding(.field(name), beside: company)
                var (form, choices, mappings) = self.form(of: child)
                // Some say what they take only in company.
                for other in Self.companions where form == "anything" && other.0 != name {
                    (form, choices, mappings) = self.form(of: place.adding(.field(name), beside: [other]))
                }
                let isRequired = finding.diagnostics.contains {
                    $0.path == child.path && $0.message == "a value is required"
                }
                fields.append(Field(path: child.path, accepts: form, isRequired: isRequired))
                // Some fields are asked for only when a choice was made: each one is tried.
                variants += choices.map { [(name, .text($0))] }
                below += mappings
            }
        }
        guard !fields.isEmpty else { return }
        leaveOutWhatIsTold(&fields, of: place, &below)
        if fields.isEmpty { return }
        let signature = fields.map { String($0.path.dropFirst(place.path.count)) + $0.accepts }
        if let twin = explored.first(where: { $0.signature == signature }) {
            twins[place.path] = twin.path
            return
        }
        explored.append((signature, place.path))
        sections.append(Section(path: place.path, fields: fields))
        queue.insert(contentsOf: below, at: 0)
    }

    /// Leaves out the fields of a curve, which stands in many places, but for the first; and the whole of a mapping whose
    /// fields are all those of one further up, such as faults that strike together.
    private mutating func leaveOutWhatIsTold(
        _ fields: inout [Field], of place: Place, _ below: inout [(place: Place, variants: [[(String, ManifestTree)]])]
    ) {
        func own(_ field: Field, _ path: String) -> String { String(field.path.dropFirst(path.count)) + field.accepts }
        let outer = sections.filter { !$0.path.isEmpty && place.path.hasPrefix($0.path + ".") }
        let told = outer.first { section in
            let known = section.fields.map { own($0, section.path) }
            return fields.count > 2 && fields.allSatisfy { known.contains(own($0, place.path)) }
        }
        if let told {
            twins[place.path] = told.path
            (fields, below) = ([], [])
            return
        }
        let curve = [".trendPerDay", ".spikes", ".constant", ".diurnal", ".csv", ".unit", ".repeat"]
        guard curve.allSatisfy({ name in fields.contains { $0.path == place.path + name } }) else { return }
        guard let first = curvePath else {
            curvePath = place.path
            return
        }
        twins[place.path] = first
        fields.removeAll { field in curve.contains { field.path == place.path + $0 } }
        below.removeAll { found in curve.contains { found.place.path.hasPrefix(place.path + $0) } }
    }

    /// Returns what a field takes, its choices, and the mappings under it.
    private func form(
        of place: Place
    ) -> (text: String, choices: [String], below: [(place: Place, variants: [[(String, ManifestTree)]])]) {
        let steps = place.steps.map(\.step)
        let asMapping = read(place.document(Self.unknown))
        let asList = read(place.document(.sequence([Self.unknown])))
        let element = place.adding(.element)
        var texts: [String] = []
        func add(_ text: String?) {
            guard let text, !texts.contains(text), text != "a mapping", text != "a list" else { return }
            texts.append(text)
        }
        add(asList.message(at: place.path)?.expected)
        let told = asMapping.message(at: place.path)
        if told?.message.hasPrefix("found a mapping") == true { add(told?.expected) }
        let choices = texts.first.flatMap(Self.choices) ?? []
        var below: [(place: Place, variants: [[(String, ManifestTree)]])] = []
        if !asMapping.children(of: steps).isEmpty {
            texts.append("a mapping")
            below.append((place, [[]]))
        }
        if !asList.children(of: steps + [.element]).isEmpty {
            texts.append("a list of mappings")
            below.append((element, [[]]))
        } else if let item = asList.message(at: place.path + "[0]")?.expected {
            let isAlone = read(place.document(.text("?"))).message(at: place.path) == nil
            texts.append(isAlone ? "\(item), or a list" : "a list, each \(item)")
        }
        if texts.isEmpty { texts.append(told?.expected ?? "anything") }
        return (texts.joined(separator: "; or "), choices, below)
    }

    /// Returns the alternatives of `one of a, b, c`.
    private static func choices(_ text: String) -> [String]? {
        guard text.hasPrefix("one of ") else { return nil }
        return text.dropFirst("one of ".count).split(separator: ",").map { String($0.drop { $0 == " " }) }
    }

    // MARK: - Reading

    private func read(_ tree: ManifestTree) -> Finding {
        var finding = Finding()
        let diagnostics = Diagnostics()
        guard let start = try? StartDate(parsing: "2026-01-05") else { return finding }
        let context = DecodingContext(file: "scenario.yaml", diagnostics: diagnostics, startDate: start)
        var asked: [(steps: [Step], name: String)] = []
        context.listener = { path, name in
            let steps = path.steps.map { step -> Step in
                switch step {
                case .field(let name): .field(name)
                case .index: .element
                }
            }
            asked.append((steps, name))
        }
        decode(tree, context)
        finding.asked = asked
        finding.diagnostics = diagnostics.all
        return finding
    }

    /// Reads a scenario.
    @Sendable static func scenario(_ tree: ManifestTree, _ context: DecodingContext) {
        let ledger = InputLedger(inputs: [("file.csv", "time,value\n0s,1\n1h,2\n")], diagnostics: context.diagnostics)
        _ = ScenarioDocument(reading: tree, ScenarioReading(decoding: context, ledger: ledger))
    }

    /// Reads an experiment.
    @Sendable static func experiment(_ tree: ManifestTree, _ context: DecodingContext) {
        _ = ExperimentReading(context: context).document(tree)
    }

    static func path(_ steps: [Step]) -> String {
        steps.reduce("") { text, step in
            switch step {
            case .element: text + "[0]"
            // As paths are written in messages.
            case .field(let name) where name.contains("."): text + "[\"\(name)\"]"
            case .field(let name): text.isEmpty ? name : "\(text).\(name)"
            }
        }
    }
}
