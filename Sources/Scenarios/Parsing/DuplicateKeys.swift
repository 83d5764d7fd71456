import KubernetesAPI

/// Finds keys that a mapping has twice.
enum DuplicateKeys {
    /// Returns `entries` with the first of equal keys alone, and records an error for each further one.
    static func removed(
        from entries: [ManifestTree.Entry], file: String, diagnostics: Diagnostics
    ) -> [ManifestTree.Entry] {
        guard hasDuplicates(entries) else { return entries }
        var firsts: [String: Position] = [:]
        return entries.filter { entry in
            guard let first = firsts[entry.key] else {
                firsts[entry.key] = entry.keyPosition
                return true
            }
            diagnostics.add(
                Diagnostic(
                    .error, file: file, position: entry.keyPosition,
                    message: "the key \"\(ManifestTree.shortened(entry.key))\" stands twice in one mapping; "
                        + "the first is at \(first.line):\(first.column)"))
            return false
        }
    }

    private static func hasDuplicates(_ entries: [ManifestTree.Entry]) -> Bool {
        // Most mappings are small: comparing all pairs needs no memory.
        if entries.count <= 12 {
            for later in entries.indices.dropFirst() {
                for earlier in 0..<later where entries[earlier].key == entries[later].key { return true }
            }
            return false
        }
        var seen = Set<String>(minimumCapacity: entries.count)
        return entries.contains { !seen.insert($0.key).inserted }
    }
}
