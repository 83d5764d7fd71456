package import Chronology

/// What the decoders of one document share: where it came from, where findings go, and what time counts from.
package final class DecodingContext {
    package let file: String
    package let diagnostics: Diagnostics
    /// The real time of `Instant.start`, from which the timestamps of exports are counted.
    package let startDate: StartDate
    /// Told of every field that a reader asks for; nil unless somebody lists what can be written in a document.
    package var listener: ((_ mapping: FieldPath, _ field: String) -> Void)?

    /// Gathers what nobody reads of the pod template that is being decoded; nil outside of one.
    var inert: InertDigest?

    package init(file: String, diagnostics: Diagnostics, startDate: StartDate) {
        self.file = file
        self.diagnostics = diagnostics
        self.startDate = startDate
    }

    /// Adds an error at a place of the document.
    package func error(
        _ message: String, path: FieldPath, at position: Position, expected: String? = nil, nearest: String? = nil
    ) {
        diagnostics.add(
            Diagnostic(
                .error, file: file, position: position, path: path.text, message: message, expected: expected,
                nearest: nearest))
    }
}
