import KubernetesAPI
import Scenarios

/// A case as parsed documents, so that parts can be taken out of it.
struct CaseTree {
    /// Where a part stands: the file, the document in it, and the children to go down by.
    struct Path: Hashable {
        var file: Int
        var document: Int
        var children: [Int] = []

        func child(_ index: Int) -> Path { Path(file: file, document: document, children: children + [index]) }
    }

    private(set) var files: [(name: String, documents: [ManifestTree])]

    /// Parses the files of a case; nil when one cannot be read.
    init?(_ swarmCase: SwarmCase) {
        files = []
        for file in swarmCase.files {
            let diagnostics = Diagnostics()
            let trees = ManifestParser.parse(Array(file.text.utf8), file: file.name, diagnostics: diagnostics)
            if diagnostics.hasErrors { return nil }
            files.append((file.name, trees))
        }
        guard scenario != nil else { return nil }
    }

    /// The case as texts; files of which nothing is left are gone.
    var swarmCase: SwarmCase {
        SwarmCase(
            files: files.filter { !$0.documents.isEmpty }
                .map { SwarmCase.File(name: $0.name, text: TreePrinter.yaml($0.documents)) })
    }

    /// The file that holds the scenario.
    var scenarioFile: Int? { files.firstIndex { $0.name == SwarmCase.scenarioName && $0.documents.count == 1 } }
    /// The scenario.
    var scenario: ManifestTree? { scenarioFile.map { files[$0].documents[0] } }

    /// Every document, the scenario first.
    var roots: [Path] {
        files.indices.flatMap { file in
            files[file].documents.indices.map { Path(file: file, document: $0) }
        }
    }

    subscript(path: Path) -> ManifestTree? {
        guard files.indices.contains(path.file), files[path.file].documents.indices.contains(path.document) else {
            return nil
        }
        return path.children.reduce(files[path.file].documents[path.document]) { $0?.child($1) }
    }

    /// Puts another value in a place.
    mutating func replace(_ path: Path, by value: ManifestTree) {
        files[path.file].documents[path.document].change(path.children[...]) { $0 = value }
    }

    /// Takes some neighbouring children out of the list or mapping in a place.
    mutating func remove(_ range: Range<Int>, of path: Path) {
        files[path.file].documents[path.document].change(path.children[...]) { $0.removeChildren(range) }
    }

    /// Takes parts out, whole documents among them.
    mutating func remove(_ paths: [Path]) {
        // From the back, so that the places before it stay what they were.
        let order = paths.sorted { left, right in
            (left.file, left.document) == (right.file, right.document)
                ? right.children.lexicographicallyPrecedes(left.children)
                : (left.file, left.document) > (right.file, right.document)
        }
        for path in order {
            guard let last = path.children.last else {
                files[path.file].documents.remove(at: path.document)
                continue
            }
            remove(
                last..<last + 1, of: Path(file: path.file, document: path.document, children: path.children.dropLast()))
        }
    }

    mutating func removeFiles(_ range: Range<Int>) { files.removeSubrange(range) }

    /// Returns the place of a field of the scenario, such as `["spec", "duration"]`.
    func place(_ names: [String]) -> Path? {
        guard let file = scenarioFile else { return nil }
        var path = Path(file: file, document: 0)
        for name in names {
            guard let index = self[path]?.entries?.firstIndex(where: { $0.key == name }) else { return nil }
            path = path.child(index)
        }
        return path
    }

    /// Returns all lists and mappings that stand so many steps below the root of their document.
    func containers(at depth: Int) -> [Path] {
        var level = roots
        for _ in 0..<depth {
            level = level.flatMap { path in (0..<(self[path]?.childCount ?? 0)).map { path.child($0) } }
        }
        return level.filter { (self[$0]?.childCount ?? 0) > 0 }
    }

    /// Returns all scalars, in order.
    func scalars() -> [Path] {
        func below(_ path: Path) -> [Path] {
            guard let tree = self[path] else { return [] }
            if case .scalar = tree.value { return [path] }
            return (0..<tree.childCount).flatMap { below(path.child($0)) }
        }
        return roots.flatMap(below)
    }
}

extension ManifestTree {
    var childCount: Int {
        switch value {
        case .mapping(let entries): entries.count
        case .sequence(let elements): elements.count
        case .scalar, .null: 0
        }
    }

    func child(_ index: Int) -> ManifestTree? {
        switch value {
        case .mapping(let entries): entries.indices.contains(index) ? entries[index].value : nil
        case .sequence(let elements): elements.indices.contains(index) ? elements[index] : nil
        case .scalar, .null: nil
        }
    }

    fileprivate mutating func removeChildren(_ range: Range<Int>) {
        switch value {
        case .mapping(var entries):
            entries.removeSubrange(range)
            value = .mapping(entries)
        case .sequence(var elements):
            elements.removeSubrange(range)
            value = .sequence(elements)
        case .scalar, .null: break
        }
    }

    fileprivate mutating func change(_ path: ArraySlice<Int>, _ body: (inout ManifestTree) -> Void) {
        guard let first = path.first else { return body(&self) }
        switch value {
        case .mapping(var entries):
            entries[first].value.change(path.dropFirst(), body)
            value = .mapping(entries)
        case .sequence(var elements):
            elements[first].change(path.dropFirst(), body)
            value = .sequence(elements)
        case .scalar, .null: break
        }
    }
}
