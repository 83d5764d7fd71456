// Counterpart: ParseNormalizedNamed (github.com/distribution/reference), by which the kubelet reads names of images.

/// The grammar of references to images: `[host[:port]/]path[:tag][@algorithm:digest]`.
package enum ImageGrammar {
    /// The longest name of a repository, with its host.
    private static let longest = 255

    /// A name that is right, for messages.
    package static let example = "a name such as registry.example.com/shop/web:1.27"

    /// Returns whether a kubelet can tell which image `text` means.
    package static func accepts(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        // Names that are digests alone, without their algorithm, are refused.
        if rest.count == 64, rest.allSatisfy(isHex) { return false }
        if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
            guard isDigest(rest[rest.index(after: at)...]) else { return false }
            rest = rest[..<at]
        }
        let slash = rest.lastIndex(of: UInt8(ascii: "/")) ?? rest.startIndex
        if let colon = rest[slash...].lastIndex(of: UInt8(ascii: ":")) {
            guard isTag(rest[rest.index(after: colon)...]) else { return false }
            rest = rest[..<colon]
        }
        return isName(rest)
    }

    /// Returns what becomes of a container whose image has a name that no kubelet can read.
    package static func complaint(of text: String) -> String {
        let shown = ManifestTree.shortened(text)
        let reason =
            if text.contains("{{") {
                "a template that is not rendered"
            } else if text.contains("$") {
                "a variable that nobody has put in"
            } else if text.utf8.contains(where: { $0 >= 0x80 }) {
                "a character that no name has"
            } else if text.lowercased() != text, accepts(text.lowercased()) {
                "upper-case letters"
            } else {
                "no reference"
            }
        return "\"\(shown)\" is no name of an image (\(reason)): in a cluster its pods wait with InvalidImageName, and "
            + "here it is pulled and runs"
    }

    // MARK: - Parts

    private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
        guard !name.isEmpty, name.count <= longest else { return false }
        let parts = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        // The first part is a host when it looks like one, as `docker.io`, `localhost` or `host:5000` do.
        var path = parts[...]
        if parts.count > 1, looksLikeHost(parts[0]) {
            guard isHost(parts[0]) else { return false }
            path = parts.dropFirst()
        }
        return path.allSatisfy(isPathPart)
    }

    private static func looksLikeHost(_ part: ArraySlice<UInt8>) -> Bool {
        part.contains(UInt8(ascii: ".")) || part.contains(UInt8(ascii: ":"))
            || part.elementsEqual("localhost".utf8) || part.contains(where: isUpper)
    }

    private static func isHost(_ text: ArraySlice<UInt8>) -> Bool {
        var host = text
        if host.first == UInt8(ascii: "[") {
            guard let end = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = host[host.index(after: host.startIndex)..<end]
            let rest = host[host.index(after: end)...]
            return !address.isEmpty && address.allSatisfy { isHex($0) || isUpper($0) || $0 == UInt8(ascii: ":") }
                && (rest.isEmpty || rest.first == UInt8(ascii: ":") && isPort(rest.dropFirst()))
        }
        if let colon = host.firstIndex(of: UInt8(ascii: ":")) {
            guard isPort(host[host.index(after: colon)...]) else { return false }
            host = host[..<colon]
        }
        return host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.first, let last = label.last else { return false }
            return isAlphanumeric(first) && isAlphanumeric(last)
                && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool { !text.isEmpty && text.allSatisfy(isDigit) }

    /// Lower-case letters and digits, parted by a period, one or two underscores, or hyphens.
    private static func isPathPart(_ part: ArraySlice<UInt8>) -> Bool {
        guard let first = part.first, let last = part.last, isLowerOrDigit(first), isLowerOrDigit(last) else {
            return false
        }
        return part.split(whereSeparator: isLowerOrDigit).allSatisfy { mark in
            switch mark.first {
            case UInt8(ascii: "."): mark.count == 1
            case UInt8(ascii: "_"): mark.count <= 2 && mark.allSatisfy { $0 == UInt8(ascii: "_") }
            case UInt8(ascii: "-"): mark.allSatisfy { $0 == UInt8(ascii: "-") }
            case _: false
            }
        }
    }

    private static func isTag(_ tag: ArraySlice<UInt8>) -> Bool {
        guard let first = tag.first, tag.count <= 128, isAlphanumeric(first) || first == UInt8(ascii: "_") else {
            return false
        }
        return tag.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }

    /// The length in hexadecimal digits that an algorithm gives; others are unknown to a kubelet.
    private static let digestLengths: [(algorithm: String, length: Int)] = [
        ("sha256", 64), ("sha384", 96), ("sha512", 128),
    ]

    private static func isDigest(_ text: ArraySlice<UInt8>) -> Bool {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let hex = text[text.index(after: colon)...]
        return digestLengths.contains { $0.length == hex.count && text[..<colon].elementsEqual($0.algorithm.utf8) }
            && hex.allSatisfy(isHex)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isLowerOrDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x7A).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLowerOrDigit(byte) || isUpper(byte) }
    private static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte) }
}
