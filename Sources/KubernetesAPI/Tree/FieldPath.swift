/// The way from the root of a document to a value, such as `spec.containers[0].resources`.
///
/// A linked list from the leaf up, so that going down costs one small object and rendering is paid only for messages.
package final class FieldPath: Sendable {
    package enum Step: Sendable {
        case field(String)
        case index(Int)
    }

    private let parent: FieldPath?
    private let step: Step

    private init(parent: FieldPath?, step: Step) {
        self.parent = parent
        self.step = step
    }

    /// The path of the document itself, rendered as an empty text.
    package static let root = FieldPath(parent: nil, step: .field(""))

    /// Returns the path of a field of this value.
    package func field(_ name: String) -> FieldPath { FieldPath(parent: self, step: .field(name)) }

    /// Returns the path of an element of this list.
    package func index(_ index: Int) -> FieldPath { FieldPath(parent: self, step: .index(index)) }

    /// Returns the path that `rest`, which begins at the root, has from here.
    package func appending(_ rest: FieldPath) -> FieldPath {
        rest.steps.reduce(self) { FieldPath(parent: $0, step: $1) }
    }

    /// The path as it is written in messages.
    package var text: String { render(blankIndexes: false) }

    /// The path with indexes blanked (`spec.containers[]`), by which repeated findings are told.
    package var pattern: String { render(blankIndexes: true) }

    /// The steps from the root to the value.
    package var steps: [Step] {
        var steps: [Step] = []
        var place = self
        while let parent = place.parent {
            steps.append(place.step)
            place = parent
        }
        return steps.reversed()
    }

    private func render(blankIndexes: Bool) -> String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += blankIndexes ? "[]" : "[\(index)]"
            case .field(let name):
                let isPlain = name.utf8.allSatisfy { $0 != 0x2E && $0 != 0x2F && $0 > 0x20 }
                if !isPlain {
                    // Label keys hold dots and slashes: brackets keep the path readable.
                    text += "[\"\(ManifestTree.shortened(name))\"]"
                } else {
                    text += text.isEmpty ? name : ".\(name)"
                }
            }
        }
        return text
    }
}
