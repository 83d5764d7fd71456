/// How the recorded traces write lines whose names were chance.
enum LineForms {
    /// Replaces `-<podN>` by `-<pod*>` where what stands before it satisfies `condition`.
    static func replacingOrdinals(_ text: String, where condition: (Substring) -> Bool) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: "-<pod") {
            result += rest[..<range.lowerBound]
            let tail = rest[range.upperBound...]
            let digits = tail.prefix { $0.isNumber }
            let word = result.split { $0 == " " || $0 == "\"" }.last ?? ""
            let isOrdinal = !digits.isEmpty && tail.dropFirst(digits.count).first == ">"
            result += isOrdinal && condition(word) ? "-<pod*" : "-<pod" + digits
            rest = tail.dropFirst(digits.count)
        }
        return result + rest
    }

    /// Returns a pod's line without its index, ordinal and node.
    static func anonymous(_ line: String) -> String {
        var words = line.split(separator: " ").map(String.init)
        guard words.count > 1, let open = words[1].lastIndex(of: "<") else { return line }
        var stem = String(words[1][..<open])
        if words[1][open...].hasPrefix("<pod"), stem.hasSuffix("-") {
            let trimmed = stem.dropLast()
            if let dash = trimmed.lastIndex(of: "-") {
                let index = trimmed[dash...].dropFirst()
                if !index.isEmpty, index.allSatisfy(\.isNumber) { stem = trimmed[...dash] + "<index*>-" }
            }
        }
        words[1] = stem + "<pod*>"
        return words.joined(separator: " ")
    }

    /// Returns a line with the names of nodes and pods starred.
    static func starred(_ line: String) -> String {
        var words = line.split(separator: " ").map(String.init)
        guard words.count > 1 else { return line }
        if words[0] == "Node" { words[1] = "n*" }
        if words[0] == "Pod" { words[1] = "*" }
        return words.joined(separator: " ")
    }
}
