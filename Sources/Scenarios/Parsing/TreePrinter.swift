package import KubernetesAPI

/// Writes trees as JSON or YAML that the parsers read back to equal trees.
package enum TreePrinter {
    /// Returns indented JSON with a line break at the end.
    package static func json(_ tree: ManifestTree) -> String {
        var text = ""
        writeJSON(tree, indent: 0, to: &text)
        return text + "\n"
    }

    /// Returns one YAML document with a line break at the end.
    package static func yaml(_ tree: ManifestTree) -> String {
        var text = ""
        writeYAML(tree, indent: 0, to: &text)
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    /// Returns several YAML documents.
    package static func yaml(_ trees: [ManifestTree]) -> String { trees.map(yaml).joined(separator: "---\n") }

    /// Returns the tree on one line, as plain as YAML reads it back.
    package static func line(_ tree: ManifestTree) -> String {
        switch tree.value {
        case .null: return "null"
        case .scalar(.string(let text)):
            let isPlain = text.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_./".unicodeScalars.contains($0))
            }
            guard isPlain, YAMLParser.parse(Array(text.utf8), file: "", diagnostics: Diagnostics()) == [tree] else {
                return quoted(text)
            }
            return text
        case .scalar(let value): return scalar(value)
        case .sequence(let elements): return "[" + elements.map(line).joined(separator: ", ") + "]"
        case .mapping(let entries):
            return "{" + entries.map { "\(line(.text($0.key))): \(line($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private static func scalar(_ scalar: ManifestTree.Scalar) -> String {
        switch scalar {
        case .string(let text): quoted(text)
        case .integer(let text), .float(let text): text
        case .bool(let truth): truth ? "true" : "false"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

// MARK: - JSON

extension TreePrinter {
    private static func writeJSON(_ tree: ManifestTree, indent: Int, to text: inout String) {
        let margin = String(repeating: " ", count: indent + 2)
        let end = "\n" + String(repeating: " ", count: indent)
        switch tree.value {
        case .null: text += "null"
        case .scalar(let value): text += scalar(value)
        case .mapping(let entries):
            if entries.isEmpty {
                text += "{}"
                return
            }
            for (index, entry) in entries.enumerated() {
                text += (index == 0 ? "{\n" : ",\n") + margin + quoted(entry.key) + ": "
                writeJSON(entry.value, indent: indent + 2, to: &text)
            }
            text += end + "}"
        case .sequence(let elements):
            if elements.isEmpty {
                text += "[]"
                return
            }
            for (index, element) in elements.enumerated() {
                text += (index == 0 ? "[\n" : ",\n") + margin
                writeJSON(element, indent: indent + 2, to: &text)
            }
            text += end + "]"
        }
    }
}

// MARK: - YAML

extension TreePrinter {
    private static func writeYAML(_ tree: ManifestTree, indent: Int, to text: inout String) {
        let margin = String(repeating: " ", count: indent)
        switch tree.value {
        case .null: text += "null"
        case .scalar(.string(let value)): text += plain(value) ?? quoted(value)
        case .scalar(let value): text += scalar(value)
        case .mapping(let entries):
            if entries.isEmpty { text += "{}" }
            for (index, entry) in entries.enumerated() {
                if index > 0 { text += margin }
                text += (plain(entry.key) ?? quoted(entry.key)) + ":"
                writeNested(entry.value, indent: indent, inMapping: true, to: &text)
            }
        case .sequence(let elements):
            if elements.isEmpty { text += "[]" }
            for (index, element) in elements.enumerated() {
                if index > 0 { text += margin }
                text += "-"
                writeNested(element, indent: indent, inMapping: false, to: &text)
            }
        }
    }

    /// Writes what follows a key or a dash, with the line break at the end.
    private static func writeNested(_ tree: ManifestTree, indent: Int, inMapping: Bool, to text: inout String) {
        let isBlock: Bool =
            switch tree.value {
            case .mapping(let entries): !entries.isEmpty
            case .sequence(let elements): !elements.isEmpty
            case .scalar, .null: false
            }
        guard isBlock else {
            text += " "
            writeYAML(tree, indent: indent, to: &text)
            text += "\n"
            return
        }
        // Lists stand at the margin of their key, as kubectl writes them.
        let isList = tree.elements != nil
        let inner = inMapping && isList ? indent : indent + 2
        if inMapping {
            text += "\n" + String(repeating: " ", count: inner)
        } else {
            text += " "
        }
        writeYAML(tree, indent: inner, to: &text)
    }

    /// Returns a text that may stand without quotes, or nil.
    private static func plain(_ text: String) -> String? {
        guard let first = text.utf8.first, text.utf8.count <= 200 else { return nil }
        let isSafe = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: true
            default: false
            }
        }
        let isWord = (0x41...0x5A).contains(first) || (0x61...0x7A).contains(first)
        guard isSafe, isWord, case .scalar(.string) = YAMLScalar.resolve(text) else { return nil }
        return text
    }
}
