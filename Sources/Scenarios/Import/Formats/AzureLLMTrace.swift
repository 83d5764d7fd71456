import Chronology

/// Requests to language models (Azure, 2023), one a line, as a service with a request rate per ten seconds.
///
/// What is read is when a request came; how many tokens it had decides nothing yet.
enum AzureLLMTrace: TraceFormat {
    static let name = "azure-llm-2023"
    static let summary = "requests to language models: one CSV file with TIMESTAMP, ContextTokens, GeneratedTokens"

    static func convert(_ source: TraceSource, _ options: ImportOptions, into folder: ScenarioFolder) {
        guard let paths = source.paths(1...1, expected: "one CSV file") else { return }
        var rates = RequestRates(step: .seconds(10))
        source.rows(of: paths[0], columns: ["TIMESTAMP"]) { fields, line in
            guard let time = RequestRates.milliseconds(fields[0]), time >= 0 else {
                return source.fail(
                    paths[0], line: line, "TIMESTAMP: \"\(fields[0])\" is no time",
                    expected: "such as 2023-11-16 18:15:46.6805900")
            }
            if !rates.add(1, at: time) { source.fail(paths[0], line: line, "\(fields[0]) lies years from the others") }
        }
        guard !source.hasErrors else { return }
        let service = RequestRates.Service(
            name: name, title: "Requests to a language model by a trace",
            cpuPerRequest: options.cpuPerRequest ?? .seconds(2))
        rates.write(service, source, options, into: folder)
    }
}
