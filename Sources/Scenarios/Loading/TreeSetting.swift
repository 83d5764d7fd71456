import KubernetesAPI

/// One `--set path=value`: a change to the scenario's tree before it is read.
///
/// The path starts at the root or, for short, at `spec`. Elements of a list are named by their number or, where they
/// have names, by those: `faults[0].at`, `pools.general.count`. A key with dots stands in brackets and quotes, but for
/// the names of parameters.
struct TreeSetting {
    private enum Step: Equatable {
        case key(String)
        case index(Int)
    }

    /// The text as given.
    let text: String
    /// What messages call it.
    var file: String { "--set \(text)" }
    private var steps: [Step] = []
    private var value = ManifestTree(.null)
    private let mark: Position
    private let diagnostics: Diagnostics

    /// What holds elements with names; where nothing is, there is nothing of that name.
    private static let lists = ["pools", "faults", "services", "images", "registries", "arrivals"].map { "spec.\($0)" }
    private static let roots = ["apiVersion", "kind", "metadata", "spec"]

    /// The place that trees made by the setting number `index` carry; no text has a line 0.
    static func mark(_ index: Int) -> Position { Position(line: 0, column: index + 1) }

    /// Reads the setting number `index`, or records an error and returns nil.
    init?(_ text: String, index: Int, diagnostics: Diagnostics) {
        self.text = text
        self.diagnostics = diagnostics
        mark = Self.mark(index)
        guard let equals = Self.separator(in: text) else {
            fail("there is no \"=\"", expected: "path=value, such as spec.seed=3")
            return nil
        }
        guard let steps = Self.steps(of: text[..<equals]) else {
            fail("the path cannot be read", expected: "a path such as spec.faults[0].at or pools.general.count")
            return nil
        }
        self.steps = steps
        if case .key(let first) = steps[0], !Self.roots.contains(first) { self.steps.insert(.key("spec"), at: 0) }
        joinParameterName()
        let before = diagnostics.errorCount
        let trees = YAMLParser.parse(
            Array(text[text.index(after: equals)...].utf8), file: file, diagnostics: diagnostics)
        guard diagnostics.errorCount == before else { return nil }
        value = Self.marked(trees.first ?? ManifestTree(.null), mark)
    }

    // MARK: - Reading

    /// The first `=` outside of brackets.
    private static func separator(in text: String) -> String.Index? {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "[": depth += 1
            case "]": depth -= 1
            case "=" where depth == 0: return index
            default: break
            }
        }
        return nil
    }

    private static func steps(of path: Substring) -> [Step]? {
        var steps: [Step] = []
        var rest = path
        while !rest.isEmpty {
            if rest.first == "[" {
                guard let end = rest.firstIndex(of: "]") else { return nil }
                var inside = rest[rest.index(after: rest.startIndex)..<end]
                if let quote = inside.first, quote == "\"" || quote == "'" {
                    guard inside.count > 2, inside.last == quote else { return nil }
                    inside = inside.dropFirst().dropLast()
                    steps.append(.key(String(inside)))
                } else if let number = Int(inside), number >= 0 {
                    steps.append(.index(number))
                } else {
                    return nil
                }
                rest = rest[rest.index(after: end)...]
                if rest.first == "." { rest = rest.dropFirst() } else if !rest.isEmpty, rest.first != "[" { return nil }
            } else {
                let key = rest.prefix { $0 != "." && $0 != "[" }
                if key.isEmpty { return nil }
                steps.append(.key(String(key)))
                rest = rest[key.endIndex...]
                if rest.first == "." {
                    rest = rest.dropFirst()
                    if rest.isEmpty { return nil }
                }
            }
        }
        return steps.isEmpty ? nil : steps
    }

    /// Makes one key of the parts of a parameter's name.
    private mutating func joinParameterName() {
        guard steps.count > 3, steps[0] == .key("spec"), steps[1] == .key("parameters") else { return }
        for end in (3..<steps.count).reversed() {
            let parts = steps[2...end].compactMap { step -> String? in
                if case .key(let key) = step { key } else { nil }
            }
            let name = parts.joined(separator: ".")
            if parts.count == end - 1, ParameterTable.names.contains(name) {
                steps.replaceSubrange(2...end, with: [.key(name)])
                return
            }
        }
    }

    private static func marked(_ tree: ManifestTree, _ mark: Position) -> ManifestTree {
        switch tree.value {
        case .mapping(let entries):
            ManifestTree(
                .mapping(
                    entries.map {
                        ManifestTree.Entry(key: $0.key, keyPosition: mark, value: marked($0.value, mark))
                    }), at: mark)
        case .sequence(let elements): ManifestTree(.sequence(elements.map { marked($0, mark) }), at: mark)
        case .scalar, .null: ManifestTree(tree.value, at: mark)
        }
    }

    // MARK: - Applying

    /// Returns `tree` with the value put in place, or records why not and returns it as it was.
    func applied(to tree: ManifestTree) -> ManifestTree { put(into: tree, steps[...], path: .root) ?? tree }

    private func put(into tree: ManifestTree, _ steps: ArraySlice<Step>, path: FieldPath) -> ManifestTree? {
        guard let step = steps.first else { return value }
        let rest = steps.dropFirst()
        switch (tree.value, step) {
        case (.mapping(var entries), .key(let key)):
            let place = path.field(key)
            if let index = entries.firstIndex(where: { $0.key == key }) {
                guard let new = put(into: entries[index].value, rest, path: place) else { return nil }
                entries[index].value = new
            } else {
                guard let new = put(into: ManifestTree(.null, at: mark), rest, path: place) else { return nil }
                entries.append(ManifestTree.Entry(key: key, keyPosition: mark, value: new))
            }
            return ManifestTree(.mapping(entries), at: tree.position)
        case (.null, .key(let name)) where Self.lists.contains(path.text):
            let isPools = path.text == "spec.pools"
            fail(
                "\(path.text) has no element called \"\(name)\"",
                expected: isPools ? "--machines such as 4xm6i.large, or a scenario with pools" : "an index such as [0]")
            return nil
        case (.null, .key): return put(into: ManifestTree(.mapping([]), at: tree.position), steps, path: path)
        case (.null, .index): return put(into: ManifestTree(.sequence([]), at: tree.position), steps, path: path)
        case (.sequence(var elements), .index(let index)):
            guard index <= elements.count else {
                fail(
                    "\(path.text) has \(elements.count) element(s), there is no number \(index)",
                    expected: elements.isEmpty ? "index 0, which adds one" : "an index from 0 to \(elements.count)")
                return nil
            }
            let old = index < elements.count ? elements[index] : ManifestTree(.null, at: mark)
            guard let new = put(into: old, rest, path: path.index(index)) else { return nil }
            if index < elements.count { elements[index] = new } else { elements.append(new) }
            return ManifestTree(.sequence(elements), at: tree.position)
        case (.sequence(var elements), .key(let name)):
            let names = elements.compactMap { $0["name"]?.string }
            guard let index = elements.firstIndex(where: { $0["name"]?.string == name }) else {
                fail(
                    "\(path.text) has no element called \"\(name)\"",
                    expected: names.isEmpty ? "an index such as [0]" : "one of \(names.joined(separator: ", "))",
                    nearest: NearestName.of(name, among: names))
                return nil
            }
            guard let new = put(into: elements[index], rest, path: path.index(index)) else { return nil }
            elements[index] = new
            return ManifestTree(.sequence(elements), at: tree.position)
        case (.mapping, .index), (.scalar, _):
            fail("\(path.text) is \(tree.summary)", expected: "a path that ends there")
            return nil
        }
    }

    private func fail(_ message: String, expected: String, nearest: String? = nil) {
        diagnostics.add(Diagnostic(.error, file: file, message: message, expected: expected, nearest: nearest))
    }
}
