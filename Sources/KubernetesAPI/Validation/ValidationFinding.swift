/// A rule of the API server that an object breaks.
package struct ValidationFinding: Sendable {
    package var path: FieldPath
    package var message: String
    /// What would have been right, or nil.
    package var expected: String?

    package init(_ path: FieldPath, _ message: String, expected: String? = nil) {
        self.path = path
        self.message = message
        self.expected = expected
    }
}

extension ValidationFinding: CustomStringConvertible {
    /// `path: message (expected …)`.
    package var description: String { "\(path.text): \(message)" + (expected.map { " (expected \($0))" } ?? "") }
}

extension ManifestTree {
    /// Returns the place of the value at `path`, or of the nearest value around it that exists.
    package func position(at path: FieldPath) -> Position {
        var place = self
        for step in path.steps {
            switch step {
            case .field(let name):
                guard let next = place[name] else { return place.position }
                place = next
            case .index(let index):
                guard let elements = place.elements, elements.indices.contains(index) else { return place.position }
                place = elements[index]
            }
        }
        return place.position
    }
}
