import KubernetesAPI

extension LoadedFile {
    /// Returns the one document that the file has to hold; nil, and what is wrong, when it holds others.
    func document(expected: String, _ diagnostics: Diagnostics) -> ManifestTree? {
        let before = diagnostics.errorCount
        let trees = ManifestParser.parse(contents, file: name, diagnostics: diagnostics)
        guard diagnostics.errorCount == before else { return nil }
        guard trees.count == 1 else {
            diagnostics.add(
                Diagnostic(
                    .error, file: name, message: "the file holds \(trees.count) documents", expected: expected))
            return nil
        }
        return trees[0]
    }
}
