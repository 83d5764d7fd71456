// Counterpart: k8s.io/apimachinery/pkg/util/validation.

/// The forms that names, labels and keys must have.
package enum NameRules {
    /// Whether `text` is a DNS label of RFC 1123: letters in lower case, digits and inner dashes, at most 63.
    package static func isDNSLabel(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isLowerOrDigit(first) && isLowerOrDigit(last) && bytes.allSatisfy { isLowerOrDigit($0) || $0 == 0x2D }
    }

    /// Whether `text` is a DNS subdomain: labels joined by dots, at most 253 characters.
    package static func isDNSSubdomain(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253 else { return false }
        // Upstream bounds the whole, not each part.
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.utf8.first, let last = part.utf8.last else { return false }
            return isLowerOrDigit(first) && isLowerOrDigit(last)
                && part.utf8.allSatisfy { isLowerOrDigit($0) || $0 == 0x2D }
        }
    }

    /// Whether `text` may be a name of a service: a DNS label that starts with a letter (RFC 1035).
    package static func isDNS1035Label(_ text: String) -> Bool {
        isDNSLabel(text) && !(text.utf8.first.map { (0x30...0x39).contains($0) } ?? true)
    }

    /// Whether `text` may be the key of a label, annotation or taint: `prefix/name` with an optional prefix.
    package static func isQualifiedName(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return isNamePart(parts[0])
        case 2: return isDNSSubdomain(String(parts[0])) && isNamePart(parts[1])
        default: return false
        }
    }

    /// Whether `text` may be the value of a label: empty, or a name part.
    package static func isLabelValue(_ text: String) -> Bool { text.isEmpty || isNamePart(Substring(text)) }

    private static func isNamePart(_ text: Substring) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLowerOrDigit(byte) || (0x41...0x5A).contains(byte) }
}
