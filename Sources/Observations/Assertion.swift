package import Chronology

/// What a scenario demands of its run: a figure, and the bound that it must keep.
package struct Assertion: Hashable, Sendable {
    /// What is looked at.
    package enum Subject: Hashable, Sendable {
        /// A metric by its name, such as `pods.pending` or `cost.total`.
        case metric(String)
        /// An expression or a SELECT over the tables of the run's database, which gives one value.
        case sql(String)
    }

    package enum Comparison: String, Hashable, Sendable, CaseIterable {
        case atMost = "<="
        case atLeast = ">="
        case equal = "=="
        case less = "<"
        case greater = ">"
        /// From the bound to the upper bound, both among them.
        case within = "within"
    }

    /// A figure, or a bound.
    package enum Value: Hashable, Sendable {
        /// In the subject's own whole units: nano-dollars for money, nanoseconds for time.
        case whole(Int64)
        case real(Double)
        case text(String)
    }

    /// How figures are written for people.
    package enum Unit: Hashable, Sendable {
        case plain, money, duration
    }

    /// The part of the run that is looked at.
    package enum Window: Hashable, Sendable {
        case whole
        /// From an instant up to another one; `.never` is the end of the run.
        case span(from: Instant, to: Instant)
        /// Each time that the fault of this name is there, and so long after it has healed.
        case fault(String, settling: Duration)
    }

    /// Where the scenario says it.
    package struct Place: Hashable, Sendable {
        package var file: String
        package var line: Int
        package var column: Int
        /// Such as `spec.assert[2].sql`.
        package var path: String

        package init(file: String, line: Int, column: Int, path: String) {
            self.file = file
            self.line = line
            self.column = column
            self.path = path
        }
    }

    /// What people call it.
    package var name: String
    package var subject: Subject
    package var comparison: Comparison
    package var bound: Value
    /// The other bound of `within`.
    package var upper: Value?
    /// The bound as the scenario wrote it.
    package var text: String
    package var unit = Unit.plain
    package var window = Window.whole
    /// Why it matters; empty when nobody says.
    package var because = ""
    package var place: Place
    /// Whether only the finished database can tell.
    package var needsDatabase = false

    package init(
        name: String, subject: Subject, comparison: Comparison, bound: Value, upper: Value? = nil, text: String,
        place: Place
    ) {
        self.name = name
        self.subject = subject
        self.comparison = comparison
        self.bound = bound
        self.upper = upper
        self.text = text
        self.place = place
    }

    /// The demand in short, such as `<= $40`.
    package var expectation: String { "\(comparison.rawValue) \(text)" }
}

// MARK: - Comparing

extension Assertion {
    /// Returns whether `seen` keeps the bound.
    package func isKept(by seen: Value) -> Bool {
        guard let order = Self.compare(seen, bound) else { return false }
        switch comparison {
        case .atMost: return order <= 0
        case .atLeast: return order >= 0
        case .equal: return order == 0
        case .less: return order < 0
        case .greater: return order > 0
        case .within: return order >= 0 && (upper.flatMap { Self.compare(seen, $0) }.map { $0 <= 0 } ?? true)
        }
    }

    /// Returns -1, 0 or 1; nil for a number beside a text, and for no number at all.
    private static func compare(_ left: Value, _ right: Value) -> Int? {
        switch (left, right) {
        case (.whole(let left), .whole(let right)): return left < right ? -1 : left > right ? 1 : 0
        case (.text(let left), .text(let right)): return left < right ? -1 : left > right ? 1 : 0
        case (.text, _), (_, .text): return nil
        case (.real, _), (.whole, _):
            let (left, right) = (left.number, right.number)
            if left.isNaN || right.isNaN { return nil }
            return left < right ? -1 : left > right ? 1 : 0
        }
    }

    /// The bound that `seen` does not keep; nil when it keeps both, or cannot be compared.
    package func missedBound(by seen: Value) -> Value? {
        guard !isKept(by: seen), Self.compare(seen, bound) != nil else { return nil }
        guard comparison == .within, let upper else { return bound }
        return Self.compare(seen, upper).map { $0 > 0 } ?? false ? upper : bound
    }
}

extension Assertion.Value {
    /// The value as a floating-point number; not a number for a text.
    package var number: Double {
        switch self {
        case .whole(let number): Double(number)
        case .real(let number): number
        case .text: .nan
        }
    }
}

// MARK: - Text

extension Assertion.Unit {
    /// Returns a figure as people read it.
    package func text(_ value: Assertion.Value) -> String {
        switch (value, self) {
        case (.whole(let number), .money): Self.dollars(number)
        case (.whole(let number), .duration): Duration(nanoseconds: number).description
        case (.whole(let number), .plain): String(number)
        case (.real(let number), .money): number.magnitude < 9e18 ? Self.dollars(Int64(number)) : String(number)
        case (.real(let number), .duration):
            number.magnitude < 9e18 ? Duration(nanoseconds: Int64(number)).description : String(number)
        case (.real(let number), .plain): String(number)
        case (.text(let text), _): "\"\(text)\""
        }
    }

    /// Nano-dollars in dollars and cents, or with all decimals where cents say nothing.
    private static func dollars(_ amount: Int64) -> String {
        let (whole, nanos) = amount.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let sign = amount < 0 ? "-" : ""
        if whole == 0, nanos > 0, nanos < 10_000_000 {
            var decimals = String(nanos)
            decimals = String(repeating: "0", count: 9 - decimals.count) + decimals
            while decimals.last == "0" { decimals.removeLast() }
            return "\(sign)$0.\(decimals)"
        }
        let cents = (amount.magnitude + 5_000_000) / 10_000_000
        let (dollars, rest) = cents.quotientAndRemainder(dividingBy: 100)
        var grouped = ""
        for (place, digit) in String(dollars).reversed().enumerated() {
            if place > 0, place % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return "\(sign)$\(String(grouped.reversed())).\(rest < 10 ? "0" : "")\(rest)"
    }
}
