// The parser's events, and not Yams' nodes: they give every mark, and let depth and expansion be bounded while reading.
import CYaml
package import KubernetesAPI

/// Reads the documents of a YAML file as kubectl does: anchors, aliases and merge keys included.
///
/// Depth, size and the number of values that aliases stand for are bounded, so that no text can exhaust memory.
package enum YAMLParser {
    /// The number of values that the aliases of one file may stand for.
    package static let aliasLimit = 500_000

    /// Returns the documents that hold anything; a problem is recorded, and ends the reading.
    package static func parse(_ bytes: [UInt8], file: String, diagnostics: Diagnostics) -> [ManifestTree] {
        let own = Diagnostics(isStrict: diagnostics.isStrict)
        let documents = documents(in: bytes, file: file, diagnostics: own)
        for finding in own.all { diagnostics.add(HelmChart.explaining(finding, in: bytes)) }
        return documents
    }

    private static func documents(in bytes: [UInt8], file: String, diagnostics: Diagnostics) -> [ManifestTree] {
        guard
            ManifestParser.isReadable(
                bytes, file: file, limit: ManifestParser.yamlSizeLimit, diagnostics: diagnostics)
        else { return [] }
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else {
            diagnostics.add(Diagnostic(.error, file: file, message: "no memory to read the file"))
            return []
        }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        return bytes.withUnsafeBufferPointer { buffer in
            // An empty buffer may have no address.
            guard let start = buffer.baseAddress else { return [] }
            // libyaml passes over a byte order mark only while it looks for the encoding itself.
            let skipped = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            yaml_parser_set_input_string(&parser, start + skipped, buffer.count - skipped)
            var builder = YAMLTreeBuilder(file: file, diagnostics: diagnostics)
            while true {
                var event = yaml_event_t()
                guard yaml_parser_parse(&parser, &event) == 1 else {
                    diagnostics.add(problem(of: parser, file: file, bytes: bytes))
                    return builder.documents
                }
                let type = event.type
                let goesOn = builder.take(event)
                yaml_event_delete(&event)
                if type == YAML_STREAM_END_EVENT || !goesOn { return builder.documents }
            }
        }
    }

    private static func problem(of parser: yaml_parser_t, file: String, bytes: [UInt8]) -> Diagnostic {
        let text = parser.problem.map { String(cString: $0) } ?? "the text is no YAML"
        var position = Position(line: Int(parser.problem_mark.line) + 1, column: Int(parser.problem_mark.column) + 1)
        if parser.error == YAML_READER_ERROR {
            let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            position = UTF8Check.position(ofByte: Int(parser.problem_offset), in: text)
        }
        var message = text
        if let context = parser.context {
            message += " \(String(cString: context)) that starts at line \(parser.context_mark.line + 1)"
        }
        // libyaml's words for the most common slip explain nothing.
        let line = bytes.split(separator: 0x0A, maxSplits: position.line, omittingEmptySubsequences: false)
            .dropFirst(position.line - 1).first
        let isTab = line?.first { $0 != 0x20 } == 0x09
        return Diagnostic(
            .error, file: file, position: position, message: message,
            expected: isTab ? "a line without a leading tab; indent with spaces, not with a tab" : nil)
    }
}
