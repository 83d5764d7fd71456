import Chronology

/// The parts of a scenario that an import writes, as YAML.
struct ScenarioText {
    var name: String
    var title: String
    var description: String
    var start: StartDate
    var duration: Duration
    /// Names of the files it was made from.
    var sources: [String]
    /// Further lines of `spec`, without their indentation.
    var lines: [String] = []

    var yaml: String {
        var text = """
            # Made by orrery import from \(sources.joined(separator: ", ")).
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata:
              name: \(name)
              title: \(Self.quoted(title))
              description: \(Self.quoted(description))
            spec:
              start: "\(start)"
              duration: \(duration)
              seed: 1

            """
        for line in lines { text += line.isEmpty ? "\n" : "  \(line)\n" }
        return text
    }

    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// A length in whole seconds, rounded up to a multiple of `unit`.
    static func duration(milliseconds: Int64, unit: Duration) -> Duration {
        let length = unit.nanoseconds / 1_000_000
        return unit * max(1, (milliseconds + length - 1) / length)
    }
}
