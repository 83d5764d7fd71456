import CYaml
import Foundation
import KubernetesAPI

/// Builds trees from the events of libyaml, with a stack of its own.
struct YAMLTreeBuilder {
    private(set) var documents: [ManifestTree] = []
    private let file: String
    private let diagnostics: Diagnostics
    private var frames: [Frame] = []
    private var anchors: [String: Anchored] = [:]
    private var openAnchors: [String] = []
    private var aliased = 0

    /// A mapping or list that is open.
    private struct Frame {
        var isMapping: Bool
        var position: Position
        var anchor: String?
        var entries: [ManifestTree.Entry] = []
        var elements: [ManifestTree] = []
        var key: (text: String, position: Position)?
        var merges: [ManifestTree] = []
        var isMerge = false
        /// How many values are inside, aliases expanded.
        var size = 1
        /// How many levels are inside.
        var depth = 1
    }

    /// A finished value that has a name.
    private struct Anchored {
        var tree: ManifestTree
        var size: Int
        var depth: Int
    }

    init(file: String, diagnostics: Diagnostics) {
        self.file = file
        self.diagnostics = diagnostics
    }

    /// Takes the next event; returns false after a problem that ends the reading.
    mutating func take(_ event: yaml_event_t) -> Bool {
        let position = Position(line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            anchors.removeAll()
            return true
        case YAML_SCALAR_EVENT: return takeScalar(event, at: position)
        case YAML_ALIAS_EVENT: return takeAlias(Self.text(event.data.alias.anchor) ?? "", at: position)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return open(isMapping: false, anchor: start.anchor, tag: start.tag, at: position)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return open(isMapping: true, anchor: start.anchor, tag: start.tag, at: position)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return close()
        default: return true
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func fail(_ message: String, at position: Position, expected: String? = nil) -> Bool {
        diagnostics.add(Diagnostic(.error, file: file, position: position, message: message, expected: expected))
        return false
    }
}

// MARK: - Values

extension YAMLTreeBuilder {
    private mutating func takeScalar(_ event: yaml_event_t, at position: Position) -> Bool {
        let scalar = event.data.scalar
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let text = String(decoding: bytes, as: UTF8.self)
        let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
        let isMergeKey = isPlain && text == "<<" && scalar.tag == nil
        guard let value = Self.value(of: text, isPlain: isPlain, tag: Self.text(scalar.tag)) else {
            let tag = ManifestTree.shortened(Self.text(scalar.tag) ?? "")
            return fail("the text \"\(ManifestTree.shortened(text))\" does not fit its tag \(tag)", at: position)
        }
        let tree = ManifestTree(value, at: position)
        if let anchor = Self.text(scalar.anchor) { anchors[anchor] = Anchored(tree: tree, size: 1, depth: 0) }
        return attach(tree, size: 1, depth: 0, isMergeKey: isMergeKey)
    }

    private static func value(of text: String, isPlain: Bool, tag: String?) -> ManifestTree.Value? {
        let prefix = "tag:yaml.org,2002:"
        guard let tag else { return isPlain ? YAMLScalar.resolve(text) : .scalar(.string(text)) }
        if tag == "!" || tag == prefix + "str" { return .scalar(.string(text)) }
        if tag == prefix + "binary" {
            return Data(base64Encoded: text, options: .ignoreUnknownCharacters)
                .map { .scalar(.string(String(decoding: $0, as: UTF8.self))) }
        }
        let resolved = YAMLScalar.resolve(text)
        switch (tag, resolved) {
        case (prefix + "null", .null), (prefix + "bool", .scalar(.bool)), (prefix + "int", .scalar(.integer)),
            (prefix + "float", .scalar(.integer)), (prefix + "float", .scalar(.float)):
            return resolved
        case (prefix + "timestamp", _): return .scalar(.string(text))
        default: return nil
        }
    }

    private mutating func takeAlias(_ name: String, at position: Position) -> Bool {
        guard let anchored = anchors[name] else {
            let isOpen = openAnchors.contains(name)
            return fail(
                isOpen
                    ? "the alias *\(ManifestTree.shortened(name)) stands inside the value it names"
                    : "no anchor &\(ManifestTree.shortened(name)) comes before this alias", at: position)
        }
        aliased += anchored.size
        guard aliased <= YAMLParser.aliasLimit else {
            return fail(
                "the aliases of this file stand for too many values", at: position,
                expected: "at most \(YAMLParser.aliasLimit)")
        }
        guard frames.count + anchored.depth <= ManifestParser.depthLimit else { return failDepth(at: position) }
        return attach(anchored.tree, size: anchored.size, depth: anchored.depth, isMergeKey: false)
    }

    private func failDepth(at position: Position) -> Bool {
        fail("nested too deeply", at: position, expected: "at most \(ManifestParser.depthLimit) levels")
    }
}

// MARK: - Structure

extension YAMLTreeBuilder {
    private mutating func open(
        isMapping: Bool, anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?,
        at position: Position
    ) -> Bool {
        guard frames.count < ManifestParser.depthLimit else { return failDepth(at: position) }
        if let tag = Self.text(tag), tag != "tag:yaml.org,2002:\(isMapping ? "map" : "seq")" {
            return fail("the tag \(ManifestTree.shortened(tag)) is not known", at: position)
        }
        let name = Self.text(anchor)
        if let name {
            anchors[name] = nil
            openAnchors.append(name)
        }
        frames.append(Frame(isMapping: isMapping, position: position, anchor: name))
        return true
    }

    private mutating func close() -> Bool {
        guard let frame = frames.popLast() else { return false }
        let tree: ManifestTree
        if frame.isMapping {
            var entries = DuplicateKeys.removed(from: frame.entries, file: file, diagnostics: diagnostics)
            if !frame.merges.isEmpty { Self.merge(frame.merges, into: &entries) }
            tree = ManifestTree(.mapping(entries), at: frame.position)
        } else {
            tree = ManifestTree(.sequence(frame.elements), at: frame.position)
        }
        if let anchor = frame.anchor {
            openAnchors.removeLast()
            anchors[anchor] = Anchored(tree: tree, size: frame.size, depth: frame.depth)
        }
        return attach(tree, size: frame.size, depth: frame.depth, isMergeKey: false)
    }

    /// Adds the entries of merged mappings whose keys are not there yet.
    private static func merge(_ merges: [ManifestTree], into entries: inout [ManifestTree.Entry]) {
        var keys = Set(entries.map(\.key))
        for merge in merges {
            for entry in merge.entries ?? [] where keys.insert(entry.key).inserted { entries.append(entry) }
        }
    }

    /// Puts a finished value where it belongs: as a key, a value, an element or a document.
    private mutating func attach(_ tree: ManifestTree, size: Int, depth: Int, isMergeKey: Bool) -> Bool {
        guard let last = frames.indices.last else {
            if !tree.isNull { documents.append(tree) }
            return true
        }
        frames[last].size += size
        frames[last].depth = max(frames[last].depth, depth + 1)
        guard frames[last].isMapping else {
            frames[last].elements.append(tree)
            return true
        }
        if let key = frames[last].key {
            frames[last].key = nil
            guard frames[last].isMerge else {
                frames[last].entries.append(
                    ManifestTree.Entry(key: key.text, keyPosition: key.position, value: tree))
                return true
            }
            frames[last].isMerge = false
            let parts = tree.elements ?? [tree]
            guard parts.allSatisfy({ $0.entries != nil }) else {
                return fail("a merge key names \(tree.summary)", at: key.position, expected: "a mapping or mappings")
            }
            frames[last].merges += parts
            return true
        }
        guard let text = Self.keyText(tree) else {
            return fail("a key of a mapping is \(tree.summary)", at: tree.position, expected: "a text")
        }
        frames[last].key = (text, tree.position)
        frames[last].isMerge = isMergeKey
        return true
    }

    /// Returns a key as JSON writes it: numbers and truth values become texts.
    private static func keyText(_ tree: ManifestTree) -> String? {
        switch tree.value {
        case .scalar(.string(let text)), .scalar(.integer(let text)), .scalar(.float(let text)): text
        case .scalar(.bool(let truth)): truth ? "true" : "false"
        case .null, .mapping, .sequence: nil
        }
    }
}
