/// The reason why a text is not a duration, a date, a time or a schedule.
package struct TimeParsingError: Error, Hashable, Sendable {
    /// What the text should have been, such as "duration".
    package let expected: String
    /// The text as it was given.
    package let input: String
    /// What is wrong with it, as a sentence fragment in lower case.
    package let reason: String

    /// Creates the reason why `input` is not a valid `expected`.
    package init(expected: String, input: String, reason: String) {
        self.expected = expected
        self.input = input
        self.reason = reason
    }
}

extension TimeParsingError: CustomStringConvertible {
    package var description: String { "invalid \(expected) \"\(input)\": \(reason)" }
}
