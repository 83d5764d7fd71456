package import KubernetesAPI

/// Finds bytes that are not UTF-8, and the lines and columns of bytes.
package enum UTF8Check {
    /// Returns the offset of the first byte that does not belong to a valid UTF-8 sequence, or nil.
    package static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { raw in
            var place = 0
            let count = raw.count
            while place < count {
                // Eight ASCII bytes at a time: most of a manifest.
                while place + 8 <= count,
                    raw.loadUnaligned(fromByteOffset: place, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    place += 8
                }
                guard place < count else { return nil }
                guard let length = sequenceLength(raw, at: place) else { return place }
                place += length
            }
            return nil
        }
    }

    /// Returns the length of the valid sequence that starts at `place`, or nil (RFC 3629, table in section 4).
    private static func sequenceLength(_ raw: UnsafeRawBufferPointer, at place: Int) -> Int? {
        let first = raw[place]
        func continues(_ offset: Int, in range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            place + offset < raw.count && range.contains(raw[place + offset])
        }
        switch first {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: return continues(1) ? 2 : nil
        case 0xE0...0xEF:
            let second: ClosedRange<UInt8> = first == 0xE0 ? 0xA0...0xBF : first == 0xED ? 0x80...0x9F : 0x80...0xBF
            return continues(1, in: second) && continues(2) ? 3 : nil
        case 0xF0...0xF4:
            let second: ClosedRange<UInt8> = first == 0xF0 ? 0x90...0xBF : first == 0xF4 ? 0x80...0x8F : 0x80...0xBF
            return continues(1, in: second) && continues(2) && continues(3) ? 4 : nil
        default: return nil
        }
    }

    /// Returns the line and column of a byte; a column is a character.
    package static func position(ofByte offset: Int, in bytes: [UInt8]) -> Position {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return Position(line: line, column: column)
    }
}
