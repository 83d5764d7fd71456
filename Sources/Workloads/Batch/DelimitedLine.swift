/// Splits a line of a CSV file into its fields.
package enum DelimitedLine {
    /// Returns the fields of `line` without outer blanks. A field may stand in double quotes; it then holds commas, and
    /// quotes written twice. Nil when a quote is not closed.
    package static func fields(of line: some StringProtocol, separator: UInt8 = UInt8(ascii: ",")) -> [String]? {
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        func finished() -> String {
            if wasQuoted { return String(decoding: field, as: UTF8.self) }
            var rest = field[...]
            while let last = rest.last, isBlank(last) { rest.removeLast() }
            return String(decoding: rest, as: UTF8.self)
        }
        for byte in line.utf8 {
            if isQuoted {
                if byte == quote { isQuoted = false } else { field.append(byte) }
            } else if byte == quote {
                // A quote right after a closing one stands for itself.
                if wasQuoted { field.append(quote) }
                isQuoted = true
                wasQuoted = true
            } else if byte == separator {
                fields.append(finished())
                field.removeAll(keepingCapacity: true)
                wasQuoted = false
            } else if !isBlank(byte) || (!field.isEmpty && !wasQuoted) {
                field.append(byte)
            }
        }
        fields.append(finished())
        return isQuoted ? nil : fields
    }

    private static let quote = UInt8(ascii: "\"")

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
