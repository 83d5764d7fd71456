import KubernetesAPI

// Counterpart: what sigs.k8s.io/yaml makes of a plain scalar on the way to JSON: YAML 1.1 words (a lone y or n too),
// Go's integers and floats. Deliberate difference: infinities and "not a number" are texts, since JSON has none.

/// Resolves plain scalars.
enum YAMLScalar {
    /// Returns the value of a plain scalar without a tag.
    static func resolve(_ text: String) -> ManifestTree.Value {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case 0x30...0x39, 0x2B, 0x2D, 0x2E:
            if let number = number(text) { return .scalar(number) }
        default:
            if let word = words[text] { return word }
        }
        return .scalar(.string(text))
    }

    private static let words: [String: ManifestTree.Value] = {
        var words: [String: ManifestTree.Value] = [:]
        for word in ["~", "null", "Null", "NULL"] { words[word] = .null }
        for word in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] {
            words[word] = .scalar(.bool(true))
        }
        for word in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
            words[word] = .scalar(.bool(false))
        }
        return words
    }()

    /// Returns the number that a text is, or nil.
    static func number(_ text: String) -> ManifestTree.Scalar? {
        let plain = text.contains("_") ? String(text.filter { $0 != "_" }) : text
        if let integer = integer(plain) { return .integer(integer) }
        guard isFloat(plain) else { return nil }
        guard let value = Double(plain), value.isFinite else { return nil }
        // JSON writes a whole float without a point, so that it may stand where a whole number is asked for.
        if value == value.rounded(), abs(value) < 1e18 { return .integer(String(Int64(value))) }
        return .float(String(describing: value))
    }

    /// Returns the decimal digits of a whole number in Go's notation with base prefixes.
    private static func integer(_ text: String) -> String? {
        var digits = Substring(text)
        var sign = ""
        if digits.first == "-" || digits.first == "+" {
            sign = digits.first == "-" ? "-" : ""
            digits = digits.dropFirst()
        }
        guard let first = digits.utf8.first, (0x30...0x39).contains(first) else { return nil }
        var radix = 10
        if first == 0x30, digits.utf8.count > 1 {
            switch digits.dropFirst().first {
            case "x", "X": radix = 16
            case "o", "O": radix = 8
            case "b", "B": radix = 2
            default: radix = 8
            }
            digits = digits.dropFirst(digits.dropFirst().first?.isLetter == true ? 2 : 1)
        }
        if radix == 10 {
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return sign + digits
        }
        guard digits.first != "-", digits.first != "+", let value = UInt64(digits, radix: radix) else { return nil }
        return (value == 0 ? "" : sign) + String(value)
    }

    private static func isFloat(_ text: String) -> Bool {
        var rest = Substring(text).utf8[...]
        func takeDigits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
        let whole = takeDigits()
        var fraction = 0
        if rest.first == 0x2E {
            rest = rest.dropFirst()
            fraction = takeDigits()
        }
        guard whole + fraction > 0 else { return false }
        if let mark = rest.first, mark | 0x20 == 0x65 {
            rest = rest.dropFirst()
            if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
