/// A reading position in the UTF-8 bytes of a short text.
struct ByteCursor {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Steps over `character` when it comes next, and tells whether it did.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == character.value else { return false }
        position += 1
        return true
    }

    /// Steps over a digit when one comes next, and returns its value.
    mutating func takeDigit() -> UInt8? {
        guard let next, (0x30...0x39).contains(next) else { return nil }
        position += 1
        return next - 0x30
    }

    /// Steps over exactly `count` digits and returns their value.
    mutating func takeNumber(digits count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit = takeDigit() else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    /// Steps over everything up to the next digit, decimal point or the end, and returns it.
    mutating func takeWord() -> String {
        let start = position
        while let next, next != 0x2E, !(0x30...0x39).contains(next) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}
