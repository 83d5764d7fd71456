/// One document of a manifest file: its tree, and the name of the file for messages.
package struct ManifestDocument: Sendable {
    /// The name of the file as it was given; `<stdin>` for standard input.
    package var file: String
    package var tree: ManifestTree

    package init(file: String, tree: ManifestTree) {
        self.file = file
        self.tree = tree
    }
}

/// The place of an object: a file and a position in it.
package struct SourcePlace: Hashable, Sendable {
    package var file: String
    package var position: Position

    package init(file: String, position: Position) {
        self.file = file
        self.position = position
    }
}

extension SourcePlace: CustomStringConvertible {
    /// `file:line:column`.
    package var description: String { "\(file):\(position.line):\(position.column)" }
}
