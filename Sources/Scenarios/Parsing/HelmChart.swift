import KubernetesAPI

/// Charts of Helm among manifests: their templates are no manifests before Helm has rendered them.
struct HelmChart {
    private static let head = "Chart.yaml"

    /// The folders of charts, with a slash at the end; empty for that of the names themselves.
    private let folders: [String]

    /// Looks for charts among `files`.
    init(_ files: [LoadedFile]) {
        folders = files.filter(Self.isHead).map { String($0.name.dropLast(Self.head.count)) }
    }

    /// What there is to say of a file that belongs to a chart; nil when it belongs to none. Only the head says anything.
    func findings(of file: LoadedFile) -> [Diagnostic]? {
        guard folders.contains(where: { Self.holds($0, file.name) }) else { return nil }
        guard Self.isHead(file), !folders.contains(where: { $0 + Self.head != file.name && Self.holds($0, file.name) })
        else { return [] }
        let folder = file.name.dropLast(Self.head.count + 1)
        return [
            Diagnostic(
                .error, file: file.name, message: "a Helm chart is not rendered here",
                expected: "the output of \"helm template \(folder.isEmpty ? "." : folder)\"")
        ]
    }

    /// Whether a file is the head of a chart, and no manifest that happens to be called so.
    private static func isHead(_ file: LoadedFile) -> Bool {
        guard file.name == head || file.name.hasSuffix("/" + head) else { return false }
        let lines = String(decoding: file.contents, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.contains { $0.hasPrefix("apiVersion:") } && !lines.contains { $0.hasPrefix("kind:") }
    }

    private static func holds(_ folder: String, _ name: String) -> Bool {
        guard name.hasPrefix(folder) else { return false }
        let rest = name.dropFirst(folder.count)
        return rest == head || ["values", "templates/", "charts/", "crds/"].contains { rest.hasPrefix($0) }
    }

    /// Returns a finding about a text that is no YAML, with the reason where that is a template.
    static func explaining(_ finding: Diagnostic, in bytes: [UInt8]) -> Diagnostic {
        guard finding.severity == .error, let line = finding.position?.line else { return finding }
        let hasTemplate = bytes.withUnsafeBufferPointer { Self.hasTemplate($0, nearLine: line) }
        guard hasTemplate else { return finding }
        var explained = finding
        explained.expected = "a text that is rendered: {{ begins a template; hand in the output of \"helm template\""
        return explained
    }

    /// Bytes that are looked at: lines of templates are short, and a line that is not one may be all of a large file.
    private static let window = 1 << 14

    /// Whether a template begins on a line, counted from 1, or on the one before it.
    private static func hasTemplate(_ bytes: UnsafeBufferPointer<UInt8>, nearLine line: Int) -> Bool {
        var place = 0
        var number = 1
        while number < line - 1, place < bytes.count {
            if bytes[place] == 0x0A { number += 1 }
            place += 1
        }
        var isOpen = false
        for byte in bytes[place..<min(bytes.count, place + window)] {
            if byte == 0x0A { number += 1 }
            if number > line { return false }
            if byte == 0x7B, isOpen { return true }
            isOpen = byte == 0x7B
        }
        return false
    }
}
