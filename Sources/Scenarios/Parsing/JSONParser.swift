package import KubernetesAPI

/// A strict JSON reader (RFC 8259) that keeps positions; several values may follow each other, as kubectl allows.
///
/// Works on UTF-8 bytes with stacks of its own, so that no nesting can exhaust the thread's stack.
package struct JSONParser {
    /// Returns the top-level values; a problem is recorded, and ends the reading.
    package static func parse(_ bytes: [UInt8], file: String, diagnostics: Diagnostics) -> [ManifestTree] {
        guard
            ManifestParser.isReadable(
                bytes, file: file, limit: ManifestParser.jsonSizeLimit, diagnostics: diagnostics)
        else { return [] }
        return bytes.withUnsafeBufferPointer { buffer in
            var parser = JSONParser(buffer)
            do throws(Problem) {
                return try parser.parseAll(file: file, diagnostics: diagnostics)
            } catch {
                diagnostics.add(
                    Diagnostic(
                        .error, file: file, position: error.position, message: error.message,
                        expected: error.expected))
                return []
            }
        }
    }

    struct Problem: Error {
        var position: Position
        var message: String
        var expected: String?
    }

    /// A mapping or list that is open: where its parts start on the stacks.
    private struct Frame {
        var isMapping: Bool
        var position: Position
        var start: Int
        var key: String = ""
        var keyPosition = Position(line: 0, column: 0)
    }

    let bytes: UnsafeBufferPointer<UInt8>
    var place = 0
    private var line = 1
    private var lineStart = 0
    /// Continuation bytes on this line so far: they take no column.
    var continuations = 0
    private var frames: [Frame] = []
    private var entries: [ManifestTree.Entry] = []
    private var elements: [ManifestTree] = []
    var interned: [(start: Int, count: Int, text: String)]

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        interned = Array(repeating: (0, 0, ""), count: 1024)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            place = 3
            lineStart = 3
        }
    }

    var position: Position { Position(line: line, column: place - lineStart - continuations + 1) }

    func problem(_ message: String, expected: String? = nil, at position: Position? = nil) -> Problem {
        Problem(position: position ?? self.position, message: message, expected: expected)
    }

    /// What stands at the reading place, for messages.
    var found: String {
        guard place < bytes.count else { return "the text ends here" }
        let rest = String(decoding: bytes[place..<min(bytes.count, place + 4)], as: UTF8.self)
        guard let scalar = rest.unicodeScalars.first else { return "the text ends here" }
        return scalar.value < 0x20 ? "found a control character" : "found \"\(scalar)\""
    }
}

// MARK: - Structure

extension JSONParser {
    private mutating func parseAll(file: String, diagnostics: Diagnostics) throws(Problem) -> [ManifestTree] {
        var documents: [ManifestTree] = []
        skipBlanks()
        while place < bytes.count {
            documents.append(try parseValue(file: file, diagnostics: diagnostics))
            skipBlanks()
        }
        return documents
    }

    private mutating func parseValue(file: String, diagnostics: Diagnostics) throws(Problem) -> ManifestTree {
        frames.removeAll(keepingCapacity: true)
        while true {
            skipBlanks()
            let start = position
            guard place < bytes.count else { throw problem(found, expected: "a value") }
            var finished: ManifestTree?
            switch bytes[place] {
            case 0x7B, 0x5B: try open(isMapping: bytes[place] == 0x7B, at: start)
            case 0x22: finished = ManifestTree(.scalar(.string(try parseString())), at: start)
            case 0x2D, 0x30...0x39: finished = ManifestTree(.scalar(try parseNumber()), at: start)
            default: finished = ManifestTree(try parseWord(), at: start)
            }
            if finished == nil {
                // Just opened: it may close at once, or a key or value follows.
                skipBlanks()
                let closer: UInt8 = frames[frames.count - 1].isMapping ? 0x7D : 0x5D
                if place < bytes.count, bytes[place] == closer {
                    place += 1
                    finished = close(file: file, diagnostics: diagnostics)
                } else if closer == 0x7D {
                    try parseKey()
                }
            }
            // A finished value may finish the containers around it.
            while let value = finished {
                guard !frames.isEmpty else { return value }
                attach(value)
                finished = try separate(file: file, diagnostics: diagnostics)
            }
        }
    }

    private mutating func open(isMapping: Bool, at start: Position) throws(Problem) {
        guard frames.count < ManifestParser.depthLimit else {
            throw problem("nested too deeply", expected: "at most \(ManifestParser.depthLimit) levels")
        }
        place += 1
        frames.append(
            Frame(isMapping: isMapping, position: start, start: isMapping ? entries.count : elements.count))
    }

    private mutating func close(file: String, diagnostics: Diagnostics) -> ManifestTree {
        let frame = frames.removeLast()
        if frame.isMapping {
            let own = DuplicateKeys.removed(from: Array(entries[frame.start...]), file: file, diagnostics: diagnostics)
            entries.removeLast(entries.count - frame.start)
            return ManifestTree(.mapping(own), at: frame.position)
        }
        let own = Array(elements[frame.start...])
        elements.removeLast(elements.count - frame.start)
        return ManifestTree(.sequence(own), at: frame.position)
    }

    private mutating func attach(_ value: ManifestTree) {
        let frame = frames[frames.count - 1]
        guard frame.isMapping else {
            elements.append(value)
            return
        }
        entries.append(ManifestTree.Entry(key: frame.key, keyPosition: frame.keyPosition, value: value))
    }

    /// Steps over a comma to the next part, or over a closing bracket, and then returns the closed value.
    private mutating func separate(file: String, diagnostics: Diagnostics) throws(Problem) -> ManifestTree? {
        skipBlanks()
        let isMapping = frames[frames.count - 1].isMapping
        guard place < bytes.count else {
            throw problem(found, expected: isMapping ? "\",\" or \"}\"" : "\",\" or \"]\"")
        }
        let byte = bytes[place]
        if byte == 0x2C {
            place += 1
            if isMapping { try parseKey() }
            return nil
        }
        guard byte == (isMapping ? 0x7D : 0x5D) else {
            throw problem(found, expected: isMapping ? "\",\" or \"}\"" : "\",\" or \"]\"")
        }
        place += 1
        return close(file: file, diagnostics: diagnostics)
    }

    private mutating func parseKey() throws(Problem) {
        skipBlanks()
        let start = position
        guard place < bytes.count, bytes[place] == 0x22 else { throw problem(found, expected: "a key in quotes") }
        let key = try parseString()
        skipBlanks()
        guard place < bytes.count, bytes[place] == 0x3A else { throw problem(found, expected: "\":\"") }
        place += 1
        frames[frames.count - 1].key = key
        frames[frames.count - 1].keyPosition = start
    }

    private mutating func skipBlanks() {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0D: place += 1
            case 0x0A:
                place += 1
                line += 1
                lineStart = place
                continuations = 0
            default: return
            }
        }
    }
}
