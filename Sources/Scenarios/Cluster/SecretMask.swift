import KubernetesAPI

/// Takes the contents of Secrets out of a text before it is kept; everything else stays in its place.
struct SecretMask {
    private static let mask = "masked"

    /// Returns `text` with every value of a Secret's data and annotations masked.
    static func masked(_ text: String, file: String) -> String {
        let bytes = Array(text.utf8)
        guard mayHoldSecrets(bytes) else { return text }
        let trees = ManifestParser.parse(bytes, file: file, diagnostics: Diagnostics())
        var values: [ManifestTree] = []
        for tree in trees { collect(tree, into: &values) }
        guard !values.isEmpty else { return text }
        let attempt = replacing(values.map(\.position).sorted(), in: bytes)
        // What is written in an unusual way, such as through an anchor, is written anew as a whole.
        var left: [ManifestTree] = []
        let again = ManifestParser.parse(Array(attempt.utf8), file: file, diagnostics: Diagnostics())
        for tree in again { collect(tree, into: &left) }
        if left.isEmpty, again.count == trees.count { return attempt }
        return trees.map { TreePrinter.yaml(Self.masked($0)) }.joined(separator: "---\n")
    }

    // MARK: - Trees

    private static func mayHoldSecrets(_ bytes: [UInt8]) -> Bool {
        let word = Array("Secret".utf8)
        guard bytes.count >= word.count else { return false }
        for start in 0...(bytes.count - word.count) where bytes[start] == word[0] {
            if bytes[start..<(start + word.count)].elementsEqual(word) { return true }
        }
        return false
    }

    private static func isSecret(_ tree: ManifestTree) -> Bool {
        tree["kind"]?.string == "Secret" && tree["apiVersion"]?.string == "v1"
    }

    private static let open: Set<String> = ["apiVersion", "kind", "metadata", "type", "immutable"]

    /// Adds the values of all Secrets that are not masked yet.
    private static func collect(_ tree: ManifestTree, into values: inout [ManifestTree]) {
        if isSecret(tree) {
            for entry in tree.entries ?? [] where !open.contains(entry.key) { addScalars(entry.value, to: &values) }
            if let annotations = tree["metadata"]?["annotations"] { addScalars(annotations, to: &values) }
        } else if case .sequence(let elements) = tree.value {
            for element in elements { collect(element, into: &values) }
        } else if tree["kind"]?.string == "SecretList", tree["items"] != nil {
            // Items of a typed list may leave out what the list says of them all.
            for item in tree["items"]?.elements ?? [] {
                for field in ["data", "stringData"] {
                    if let value = item[field] { addScalars(value, to: &values) }
                }
                if let annotations = item["metadata"]?["annotations"] { addScalars(annotations, to: &values) }
            }
        } else {
            for item in tree["items"]?.elements ?? [] { collect(item, into: &values) }
        }
    }

    private static func addScalars(_ tree: ManifestTree, to values: inout [ManifestTree]) {
        switch tree.value {
        case .mapping(let entries): for entry in entries { addScalars(entry.value, to: &values) }
        case .sequence(let elements): for element in elements { addScalars(element, to: &values) }
        case .scalar(let scalar): if scalar != .string(mask) { values.append(tree) }
        case .null: break
        }
    }

    private static func masked(_ tree: ManifestTree) -> ManifestTree {
        func blank(_ tree: ManifestTree) -> ManifestTree {
            switch tree.value {
            case .mapping(let entries):
                .mapping(entries.map { ($0.key, blank($0.value)) })
            case .sequence(let elements): .sequence(elements.map(blank))
            case .scalar: .text(mask)
            case .null: tree
            }
        }
        guard let entries = tree.entries else {
            if case .sequence(let elements) = tree.value { return .sequence(elements.map(masked)) }
            return tree
        }
        let isSecret = isSecret(tree) || tree["data"] != nil && tree["kind"] == nil
        return .mapping(
            entries.map { entry in
                if isSecret, !open.contains(entry.key) { return (entry.key, blank(entry.value)) }
                if isSecret, entry.key == "metadata" {
                    let parts = (entry.value.entries ?? []).map {
                        ($0.key, Optional($0.key == "annotations" ? blank($0.value) : $0.value))
                    }
                    return (entry.key, .mapping(parts))
                }
                return (entry.key, entry.key == "items" ? masked(entry.value) : entry.value)
            })
    }

    // MARK: - Text

    /// Puts the mask in the place of each scalar that begins at one of `positions`, without moving a line.
    private static func replacing(_ positions: [Position], in bytes: [UInt8]) -> String {
        var lineStarts = [0]
        for (index, byte) in bytes.enumerated() where byte == 0x0A { lineStarts.append(index + 1) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var copied = 0
        for position in positions where position.line >= 1 && position.line <= lineStarts.count {
            var start = lineStarts[position.line - 1]
            var column = 1
            while start < bytes.count, column < position.column {
                start += 1
                while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
                column += 1
            }
            guard start >= copied, start < bytes.count else { continue }
            let end = scalarEnd(from: start, lineStart: lineStarts[position.line - 1], in: bytes)
            result += bytes[copied..<start]
            result += Array("\"\(mask)\"".utf8)
            // Lines keep their numbers.
            for byte in bytes[start..<end] where byte == 0x0A { result.append(byte) }
            copied = end
        }
        result += bytes[copied...]
        return String(decoding: result, as: UTF8.self)
    }

    /// Returns where the scalar ends that begins at `start`.
    private static func scalarEnd(from start: Int, lineStart: Int, in bytes: [UInt8]) -> Int {
        let quote = bytes[start]
        var end = start + 1
        switch quote {
        case 0x22:
            while end < bytes.count, bytes[end] != quote { end += bytes[end] == 0x5C ? 2 : 1 }
            return min(bytes.count, end + 1)
        case 0x27:
            while end < bytes.count {
                if bytes[end] == quote {
                    guard end + 1 < bytes.count, bytes[end + 1] == quote else { break }
                    end += 1
                }
                end += 1
            }
            return min(bytes.count, end + 1)
        case 0x7C, 0x3E: return blockEnd(from: start, lineStart: lineStart, in: bytes)
        default:
            while end < bytes.count, ![0x0A, 0x0D, 0x2C, 0x7D, 0x5D].contains(bytes[end]) { end += 1 }
            return end
        }
    }

    /// The end of a block scalar: all lines that are blank or stand further in than its key.
    private static func blockEnd(from start: Int, lineStart: Int, in bytes: [UInt8]) -> Int {
        func indent(_ line: Int) -> Int {
            var column = line
            while column < bytes.count, bytes[column] == 0x20 { column += 1 }
            return column - line
        }
        func lineEnd(_ line: Int) -> Int {
            var end = line
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            return end
        }
        let outer = indent(lineStart)
        var end = lineEnd(start)
        while end < bytes.count {
            let next = end + 1
            let nextEnd = lineEnd(next)
            let isBlank = bytes[min(next, bytes.count)..<nextEnd].allSatisfy { $0 == 0x20 || $0 == 0x0D }
            guard isBlank || indent(next) > outer else { break }
            end = nextEnd
        }
        return end
    }
}
