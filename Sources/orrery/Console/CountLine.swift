/// A line that tells how many of a number of things are done, written over itself where somebody sees it.
struct CountLine {
    private static let period: UInt64 = 250_000_000

    private let name: String
    private let isShown: Bool
    private var written: UInt64 = 0

    init(of name: String, isQuiet: Bool) {
        self.name = name
        isShown = !isQuiet && Console.isErrorTerminal
    }

    mutating func show(_ done: Int, of count: Int) {
        let time = Stopwatch.nanoseconds
        guard isShown, time - written >= Self.period else { return }
        written = time
        Console.errorPart("\r\(done) of \(count) \(name)      ")
    }

    mutating func clear() {
        if isShown { Console.errorPart("\r" + String(repeating: " ", count: 40) + "\r") }
    }
}
