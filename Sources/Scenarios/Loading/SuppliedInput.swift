/// A file that a scenario names and that is handed over with the request instead of lying on the disk.
package struct SuppliedInput: Hashable, Sendable {
    /// As the scenario names it.
    package var name: String
    package var text: String

    /// Creates a file.
    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
