package import KubernetesAPI

/// Turns the bytes of a manifest file into trees: JSON when it starts with `{` or `[`, YAML otherwise.
package enum ManifestParser {
    /// The deepest nesting that is read; real objects stay below 60.
    package static let depthLimit = 200
    /// The largest YAML file that is read, in bytes (256 MiB); reading it takes some eight times as much memory.
    package static let yamlSizeLimit = 256 << 20
    /// The largest JSON file that is read, in bytes (512 MiB).
    package static let jsonSizeLimit = 512 << 20

    /// Returns the documents of a file; problems are recorded, and end the reading of the file.
    package static func parse(_ bytes: [UInt8], file: String, diagnostics: Diagnostics) -> [ManifestTree] {
        isJSON(bytes)
            ? JSONParser.parse(bytes, file: file, diagnostics: diagnostics)
            : YAMLParser.parse(bytes, file: file, diagnostics: diagnostics)
    }

    /// Returns whether the first byte that is not blank opens a JSON object or array.
    package static func isJSON(_ bytes: [UInt8]) -> Bool {
        var start = 0
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
        while start < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[start]) { start += 1 }
        return start < bytes.count && (bytes[start] == 0x7B || bytes[start] == 0x5B)
    }

    /// Checks size and encoding; returns false after recording what is wrong.
    static func isReadable(_ bytes: [UInt8], file: String, limit: Int, diagnostics: Diagnostics) -> Bool {
        guard bytes.count <= limit else {
            diagnostics.add(
                Diagnostic(
                    .error, file: file, message: "the file has \(bytes.count) bytes",
                    expected: "at most \(limit) bytes (\(limit >> 20) MiB)"
                        + (limit < jsonSizeLimit
                            ? "; as JSON, which \"kubectl get -o json\" writes, up to \(jsonSizeLimit >> 20) MiB"
                            : "")))
            return false
        }
        guard let offset = UTF8Check.firstInvalidByte(bytes) else { return true }
        diagnostics.add(
            Diagnostic(
                .error, file: file, position: UTF8Check.position(ofByte: offset, in: bytes),
                message: "byte \(offset) of the file is not UTF-8", expected: "a text in UTF-8"))
        return false
    }
}
