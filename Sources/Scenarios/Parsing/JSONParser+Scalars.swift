import KubernetesAPI

extension JSONParser {
    mutating func parseWord() throws(Problem) -> ManifestTree.Value {
        for (word, value) in Self.words where bytes[place...].starts(with: word.utf8) {
            place += word.utf8.count
            return value
        }
        throw problem(found, expected: "a value")
    }

    private static let words: [(String, ManifestTree.Value)] = [
        ("true", .scalar(.bool(true))), ("false", .scalar(.bool(false))), ("null", .null),
    ]

    mutating func parseNumber() throws(Problem) -> ManifestTree.Scalar {
        let start = place
        var isWhole = true
        if bytes[place] == 0x2D { place += 1 }
        let firstDigit = place
        try skipDigits()
        if bytes[firstDigit] == 0x30, place > firstDigit + 1 {
            throw problem("a number starts with a superfluous 0")
        }
        if place < bytes.count, bytes[place] == 0x2E {
            isWhole = false
            place += 1
            try skipDigits()
        }
        if place < bytes.count, bytes[place] | 0x20 == 0x65 {
            isWhole = false
            place += 1
            if place < bytes.count, bytes[place] == 0x2B || bytes[place] == 0x2D { place += 1 }
            try skipDigits()
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        return isWhole ? .integer(text) : .float(text)
    }

    private mutating func skipDigits() throws(Problem) {
        let start = place
        while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
        if place == start { throw problem(found, expected: "a digit") }
    }

    mutating func parseString() throws(Problem) -> String {
        place += 1
        let start = place
        while place < bytes.count {
            skipPlainBytes()
            guard place < bytes.count else { break }
            let byte = bytes[place]
            if byte == 0x22 {
                let text = intern(start, place - start)
                place += 1
                return text
            }
            if byte == 0x5C { return try parseEscapedString(from: start) }
            if byte < 0x20 { throw problem("found a control character in a text; write it as an escape") }
            if byte & 0xC0 == 0x80 { continuations += 1 }
            place += 1
        }
        throw problem("the text ends inside a string", expected: "\"\\\"\"")
    }

    /// Steps over eight bytes at a time while none of them is a quote, a backslash, a control or past ASCII.
    private mutating func skipPlainBytes() {
        let raw = UnsafeRawBufferPointer(bytes)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while place + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let quotes = word ^ (ones &* 0x22)
            let slashes = word ^ (ones &* 0x5C)
            // The high bit of a byte is set where the byte is 0, or below 0x20, or was set already.
            let special = (quotes &- ones) | (slashes &- ones) | (word &- ones &* 0x20) | word
            guard special & highs == 0 else { return }
            place += 8
        }
    }

    /// Returns the string of a run of bytes; runs too long to be stored inline are shared with earlier equal ones.
    private mutating func intern(_ start: Int, _ count: Int) -> String {
        let run = UnsafeBufferPointer(rebasing: bytes[start..<start + count])
        guard count > 15, count <= 64 else { return String(decoding: run, as: UTF8.self) }
        // Both ends and the middle tell most runs apart; the comparison below is what counts.
        let raw = UnsafeRawBufferPointer(bytes)
        func word(_ offset: Int) -> UInt64 { raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        let ends = word(start) &* 0x9E37_79B9_7F4A_7C15 ^ word(start + count - 8)
        let hash = (ends ^ word(start + count / 2 - 4)) &* 0xD6E8_FEB8_6659_FD93 &+ UInt64(count)
        let slot = Int(truncatingIfNeeded: hash >> 40) & (interned.count - 1)
        let first = interned[slot].start
        if interned[slot].count == count {
            var offset = 0
            while offset + 8 < count, word(first + offset) == word(start + offset) { offset += 8 }
            if offset + 8 >= count, word(first + count - 8) == word(start + count - 8) { return interned[slot].text }
        }
        let text = String(decoding: run, as: UTF8.self)
        interned[slot] = (start, count, text)
        return text
    }

    private mutating func parseEscapedString(from start: Int) throws(Problem) -> String {
        var text = Array(bytes[start..<place])
        while place < bytes.count {
            let byte = bytes[place]
            if byte == 0x22 {
                place += 1
                return String(decoding: text, as: UTF8.self)
            }
            if byte < 0x20 { throw problem("found a control character in a text; write it as an escape") }
            if byte == 0x5C {
                try parseEscape(into: &text)
                continue
            }
            if byte & 0xC0 == 0x80 { continuations += 1 }
            text.append(byte)
            place += 1
        }
        throw problem("the text ends inside a string", expected: "\"\\\"\"")
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(Problem) {
        let start = position
        place += 1
        guard place < bytes.count else { throw problem("the text ends inside a string") }
        let byte = bytes[place]
        place += 1
        switch UnicodeScalar(byte) {
        case "\"", "\\", "/": text.append(byte)
        case "b": text.append(0x08)
        case "f": text.append(0x0C)
        case "n": text.append(0x0A)
        case "r": text.append(0x0D)
        case "t": text.append(0x09)
        case "u":
            var unit = try parseHex()
            if (0xD800...0xDBFF).contains(unit), place + 1 < bytes.count, bytes[place] == 0x5C,
                bytes[place + 1] == 0x75
            {
                let mark = place
                place += 2
                let low = try parseHex()
                if (0xDC00...0xDFFF).contains(low) {
                    unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    place = mark
                }
            }
            // A lone surrogate becomes the replacement character, as Go's decoder does.
            let scalar = UnicodeScalar(unit) ?? "\u{FFFD}"
            text.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
        default: throw problem("unknown escape in a text", at: start)
        }
    }

    private mutating func parseHex() throws(Problem) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard place < bytes.count, let digit = Character(UnicodeScalar(bytes[place])).hexDigitValue else {
                throw problem("\\u needs four hexadecimal digits")
            }
            unit = unit << 4 + UInt32(digit)
            place += 1
        }
        return unit
    }
}
