/// Reads the fields of one mapping by name, records what is wrong with them, and knows which were read.
///
/// Every getter returns nil for a field that is absent, null or wrong; a wrong one has been recorded by then. When
/// reading ends, `finish` reports the fields that nobody asked for: unknown ones are errors, declared ones are
/// counted (`inert`) or warned about (`unmodelled`).
package final class FieldReader {
    package let path: FieldPath
    /// Where the mapping starts.
    package let position: Position
    package let context: DecodingContext
    private let entries: [ManifestTree.Entry]
    private var isRead: [Bool]
    private var askedNames: [String] = []
    private var inertNames: [[String]] = []
    private var unmodelledNames: [[String]] = []

    package init(_ entries: [ManifestTree.Entry], position: Position, path: FieldPath, context: DecodingContext) {
        self.entries = entries
        self.position = position
        self.path = path
        self.context = context
        isRead = [Bool](repeating: false, count: entries.count)
        askedNames.reserveCapacity(16)
    }

    /// Creates a reader of `tree`, or records an error and returns nil when it is no mapping; null is an empty one.
    package convenience init?(_ tree: ManifestTree, path: FieldPath, context: DecodingContext) {
        switch tree.value {
        case .mapping(let entries):
            self.init(entries, position: tree.position, path: path, context: context)
        case .null:
            self.init([], position: tree.position, path: path, context: context)
        case .sequence, .scalar:
            context.error("found \(tree.summary)", path: path, at: tree.position, expected: "a mapping")
            return nil
        }
    }

    /// Returns the value of a field that is present and not null, and marks it as read.
    package func value(_ name: String) -> ManifestTree? {
        askedNames.append(name)
        if let listener = context.listener { listener(path, name) }
        for index in entries.indices where entries[index].key == name {
            isRead[index] = true
            let value = entries[index].value
            return value.isNull ? nil : value
        }
        return nil
    }

    /// Returns whether a field is present and not null, without marking it as read.
    package func has(_ name: String) -> Bool {
        if let listener = context.listener { listener(path, name) }
        for entry in entries where entry.key == name { return !entry.value.isNull }
        return false
    }

    /// Returns the value of a field that is present and not null, without marking it as read.
    package func peek(_ name: String) -> ManifestTree? {
        for entry in entries where entry.key == name { return entry.value.isNull ? nil : entry.value }
        return nil
    }

    /// Records an error about one field, at the field's place when it is present.
    package func error(_ name: String, _ message: String, expected: String? = nil, nearest: String? = nil) {
        context.error(message, path: path.field(name), at: place(of: name), expected: expected, nearest: nearest)
    }

    /// Returns the place of a field, or of the mapping when it is absent.
    func place(of name: String) -> Position { entries.first { $0.key == name }?.value.position ?? position }

    /// Records that a field has a value of another form than it should.
    func wrong(_ name: String, _ value: ManifestTree, expected: String, nearest: String? = nil) {
        context.error(
            "found \(value.summary)", path: path.field(name), at: value.position, expected: expected,
            nearest: nearest)
    }
}

// MARK: - Fields without meaning here

extension FieldReader {
    /// Declares fields that cannot change placement, timing or cost.
    package func inert(_ names: [String]) { inertNames.append(names) }

    /// Declares fields that Kubernetes knows and that would change the outcome, but that are not modelled.
    package func unmodelled(_ names: [String]) { unmodelledNames.append(names) }

    /// Declares that every field that was not read is without influence.
    package func restIsInert() {
        for index in entries.indices where !isRead[index] {
            isRead[index] = true
            if !entries[index].value.isBlank { tally(entries[index]) }
        }
    }

    /// Reports the fields that were not read; to be called once, last.
    package func finish() {
        for index in entries.indices where !isRead[index] {
            let entry = entries[index]
            if inertNames.contains(where: { $0.contains(entry.key) }) {
                if !entry.value.isBlank { tally(entry) }
            } else if unmodelledNames.contains(where: { $0.contains(entry.key) }) {
                if !entry.value.isBlank { warn(entry) }
            } else {
                let known = askedNames + inertNames.joined() + unmodelledNames.joined()
                context.error(
                    "unknown field", path: path.field(entry.key), at: entry.keyPosition,
                    nearest: NearestName.of(entry.key, among: known))
            }
        }
    }

    /// Warns of what a field says, which is an error where nothing may be left out.
    func warn(_ name: String, _ message: String) {
        let place = path.field(name)
        context.diagnostics.addFolded(
            Diagnostic(
                context.diagnostics.isStrict ? .error : .warning, file: context.file, position: self.place(of: name),
                path: place.text, message: message),
            pattern: place.pattern)
    }

    private func tally(_ entry: ManifestTree.Entry) {
        context.inert?.add(entry, of: path)
        context.diagnostics.addInert(
            pattern: path.field(entry.key).pattern, at: SourcePlace(file: context.file, position: entry.keyPosition))
    }

    private func warn(_ entry: ManifestTree.Entry) {
        context.inert?.add(entry, of: path)
        let place = path.field(entry.key)
        context.diagnostics.addFolded(
            Diagnostic(
                context.diagnostics.isStrict ? .error : .warning, file: context.file, position: entry.keyPosition,
                path: place.text, message: "this field is not modelled; the real cluster may behave differently"),
            pattern: place.pattern)
    }
}

extension ManifestTree {
    /// Whether the value says the same as leaving the field out: null, empty or false.
    var isBlank: Bool {
        switch value {
        case .null: true
        case .mapping(let entries): entries.isEmpty
        case .sequence(let elements): elements.isEmpty
        case .scalar(.bool(let truth)): !truth
        case .scalar(.string(let text)): text.isEmpty
        case .scalar(.integer), .scalar(.float): false
        }
    }
}
