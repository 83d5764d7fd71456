/// A number of equal machines as the command line writes them: `3xm6i.large`, `m6i.large` or `name=3xm6i.large`.
struct MachineOrder: Hashable {
    /// The largest number of machines in one pool.
    static let countLimit = 100_000

    /// The pool's name, or nil when none was given.
    var name: String?
    var count: Int
    var machineType: String

    init(name: String? = nil, count: Int, machineType: String) {
        self.name = name
        self.count = count
        self.machineType = machineType
    }

    /// What is wrong with a text.
    struct Problem: Error, Hashable {
        var message: String
        var expected: String
    }

    /// Reads one order.
    init(parsing text: String) throws(Problem) {
        let example = "machines such as 3xm6i.large, m6i.large or web=3xm6i.large"
        var rest = Substring(text)
        if let equals = rest.firstIndex(of: "=") {
            name = String(rest[..<equals])
            rest = rest[rest.index(after: equals)...]
            guard name?.isEmpty == false else {
                throw Problem(message: "the pool's name in \"\(text)\" is empty", expected: example)
            }
        }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        let after = rest[digits.endIndex...]
        // A type may start with a digit, but none has an x after its first digits and goes on from there.
        guard !digits.isEmpty, after.first == "x" || after.first == "X" || after.first == "×" else {
            count = 1
            machineType = String(rest)
            guard !machineType.isEmpty else {
                throw Problem(message: "\"\(text)\" names no machine type", expected: example)
            }
            return
        }
        guard let number = Int(digits), (1...Self.countLimit).contains(number) else {
            throw Problem(
                message: "\"\(text)\" asks for \(digits) machines", expected: "a number from 1 to \(Self.countLimit)")
        }
        count = number
        machineType = String(after.dropFirst())
        guard !machineType.isEmpty else {
            throw Problem(message: "\"\(text)\" names no machine type", expected: example)
        }
    }
}
