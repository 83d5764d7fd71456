extension SQLValue {
    /// The value as a cell of CSV: NULL is nothing at all, an empty text is `""`, and a blob is its bytes in hexadecimal.
    package var csvCell: String {
        switch self {
        case .null: ""
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): text.isEmpty ? "\"\"" : Self.quoted(text)
        case .blob(let bytes): bytes.isEmpty ? "\"\"" : bytes.hexadecimal
        }
    }

    /// Returns a text between quotes when RFC 4180 asks for them.
    package static func quoted(_ text: String) -> String {
        // Swift takes CR LF for one character, so the bytes are looked at.
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension [UInt8] {
    /// Two digits for each byte.
    package var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
