/// An HTTP/1.x answer, read from a connection that was closed after it.
struct HTTPAnswer {
    let status: Int
    let body: [UInt8]

    /// Reads an answer; nil when it is none, or is cut off.
    init?(_ bytes: [UInt8]) {
        let separator: [UInt8] = [13, 10, 13, 10]
        var end = 0
        while end + 4 <= bytes.count, !bytes[end..<end + 4].elementsEqual(separator) { end += 1 }
        guard end + 4 <= bytes.count else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        var length: Int?
        var isChunked = false
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            switch line[..<colon].lowercased() {
            case "content-length": length = Int(value)
            case "transfer-encoding": isChunked = value.lowercased() == "chunked"
            default: continue
            }
        }
        let rest = bytes[(end + 4)...]
        self.status = status
        if isChunked {
            guard let joined = Self.joined(rest) else { return nil }
            body = joined
        } else if let length {
            guard length >= 0, rest.count >= length else { return nil }
            body = Array(rest.prefix(length))
        } else {
            body = Array(rest)
        }
    }

    /// Returns the chunks as one, or nil when the last one is missing.
    private static func joined(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = bytes
        var joined: [UInt8] = []
        while let end = rest.firstIndex(of: 10) {
            let digits = rest[..<end].prefix { $0 != 13 && $0 != 0x3B }
            guard let count = Int(String(decoding: digits, as: UTF8.self), radix: 16), count >= 0 else { return nil }
            if count == 0 { return joined }
            rest = rest[(end + 1)...]
            guard rest.count >= count + 2 else { return nil }
            joined += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
        }
        return nil
    }
}
