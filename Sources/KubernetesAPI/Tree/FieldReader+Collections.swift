extension FieldReader {
    /// Returns the elements of a list; empty when it is absent or no list.
    package func elements(_ name: String) -> [ManifestTree] {
        guard let value = value(name) else { return [] }
        if case .sequence(let elements) = value.value { return elements }
        wrong(name, value, expected: "a list")
        return []
    }

    /// Returns a list of texts.
    package func strings(_ name: String) -> [String] { scalars(name, expected: "a text") { $0.string } }

    /// Returns a list of what `read` makes of each element; one of which it makes nothing is an error and left out.
    func scalars<Scalar>(_ name: String, expected: String, _ read: (ManifestTree) -> Scalar?) -> [Scalar] {
        var scalars: [Scalar] = []
        for (index, element) in elements(name).enumerated() {
            if let scalar = read(element) {
                scalars.append(scalar)
            } else {
                context.error(
                    "found \(element.summary)", path: path.field(name).index(index), at: element.position,
                    expected: expected)
            }
        }
        return scalars
    }

    /// Returns a map of texts, or nil when it is absent.
    package func optionalStringMap(_ name: String) -> StringMap? {
        guard let value = value(name) else { return nil }
        guard let entries = value.entries else {
            wrong(name, value, expected: "a mapping of texts")
            return nil
        }
        var map = StringMap()
        for entry in entries {
            if let text = entry.value.string {
                map[entry.key] = text
            } else if !entry.value.isNull {
                context.error(
                    "found \(entry.value.summary)", path: path.field(name).field(entry.key),
                    at: entry.value.position, expected: "a text; put it in quotes")
            } else {
                map[entry.key] = ""
            }
        }
        return map
    }

    /// Returns a map of texts; empty when it is absent.
    package func stringMap(_ name: String) -> StringMap { optionalStringMap(name) ?? StringMap() }

    /// Returns amounts by resource name; empty when it is absent.
    package func resources(_ name: String) -> ResourceList {
        guard let value = value(name) else { return [:] }
        guard let entries = value.entries else {
            wrong(name, value, expected: "a mapping of quantities")
            return [:]
        }
        var list = ResourceList()
        for entry in entries where !entry.value.isNull {
            let place = path.field(name).field(entry.key)
            if let amount = quantity(entry.value, path: place) { list[ResourceName(entry.key)] = amount }
        }
        return list
    }

    /// Returns what `body` makes of a nested mapping, or nil when it is absent; unread fields are reported.
    @discardableResult
    package func object<Result>(_ name: String, _ body: (FieldReader) -> Result) -> Result? {
        guard let value = value(name), let reader = FieldReader(value, path: path.field(name), context: context)
        else { return nil }
        let result = body(reader)
        reader.finish()
        return result
    }

    /// Returns what `body` makes of each mapping of a list; elements for which it returns nil are left out.
    package func objects<Result>(_ name: String, _ body: (FieldReader) -> Result?) -> [Result] {
        let elements = elements(name)
        guard !elements.isEmpty else { return [] }
        let place = path.field(name)
        var results: [Result] = []
        results.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard let reader = FieldReader(element, path: place.index(index), context: context) else { continue }
            if let result = body(reader) { results.append(result) }
            reader.finish()
        }
        return results
    }
}
