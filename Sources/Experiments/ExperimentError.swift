/// Why an experiment cannot be run: input that is missing, unreadable or wrong, said in one sentence.
package struct ExperimentError: Error, Hashable, CustomStringConvertible {
    package var message: String
    /// The valid name that was probably meant, or nil.
    package var nearest: String?

    package init(_ message: String, nearest: String? = nil) {
        self.message = message
        self.nearest = nearest
    }

    package var description: String { nearest.map { "\(message); did you mean \"\($0)\"?" } ?? message }
}
