/// Writes texts as JSON does.
package enum JSONText {
    /// Returns nano-dollars as a number of dollars with all their digits, and one decimal at least.
    package static func dollars(_ amount: Int64) -> String {
        let (whole, rest) = amount.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        var digits = String(repeating: "0", count: 9 - "\(rest)".count) + "\(rest)"
        while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
        return (amount < 0 ? "-" : "") + "\(whole).\(digits)"
    }

    /// Returns a text between quotes, with what JSON wants escaped.
    package static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
