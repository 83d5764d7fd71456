import KubernetesAPI

/// Files that were parsed before their turn, so that no large export is parsed twice.
final class ParsedFiles {
    private struct Entry {
        var file: LoadedFile
        var trees: [ManifestTree]
        var findings: [Diagnostic]
    }

    private var entries: [Entry] = []

    /// Parses a file ahead of its turn; what is wrong with it is told when its turn comes.
    func parseAhead(_ file: LoadedFile) -> [ManifestTree] {
        let diagnostics = Diagnostics()
        let trees = ManifestParser.parse(file.contents, file: file.name, diagnostics: diagnostics)
        entries.append(Entry(file: file, trees: trees, findings: diagnostics.all))
        return trees
    }

    /// Returns the documents of a file, and records what is wrong with it.
    func documents(of file: LoadedFile, diagnostics: Diagnostics) -> [ManifestTree] {
        guard let index = entries.firstIndex(where: { $0.file == file }) else {
            return ManifestParser.parse(file.contents, file: file.name, diagnostics: diagnostics)
        }
        let entry = entries.remove(at: index)
        for finding in entry.findings { diagnostics.add(finding) }
        return entry.trees
    }
}
