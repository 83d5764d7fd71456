/// What the user asked for, before anything is read.
///
/// Numbers, times and sizes are kept as they were written: the loader reads them, so that a mistake becomes a
/// diagnostic like any other.
package struct RunRequest: Hashable, Sendable {
    /// A scenario file, or a folder that holds a `scenario.yaml`.
    package var scenario: String?
    /// Files and folders with manifests; `-` is standard input.
    package var manifests: [String] = []
    /// Machines such as `3xm6i.large`, `m6i.large` or `name=3xm6i.large`; one text may hold several, with commas.
    package var machines: [String] = []
    /// The zones over which machines are spread that name none; one text may hold several, with commas.
    package var zones: [String] = []
    package var duration: String?
    package var seed: String?
    package var startDate: String?
    /// Changes to the scenario, each a `path=value`, such as `spec.faults[0].at=3h` or `pools.general.count=5`.
    package var settings: [String] = []
    /// Files with prices that replace those of the price book, the last one first.
    package var priceOverlays: [String] = []
    /// A file with a KubeSchedulerConfiguration, which stands above that of the scenario.
    package var schedulerConfiguration: String?
    /// Whether pods of a live cluster stay on their nodes; nil leaves that to the scenario.
    package var keepsBindings: Bool?
    package var provider: String?
    package var region: String?
    /// Whether what is not modelled, but would change the outcome, is an error.
    package var isStrict = false
    /// What is another from some instant on, in order of time.
    package var forks: [ForkRequest] = []

    package init() {}

    /// The parts of `machines` that stand between commas.
    var machineTexts: [String] { Self.parts(of: machines) }
    /// The parts of `zones` that stand between commas.
    var zoneNames: [String] { Self.parts(of: zones) }

    private static func parts(of texts: [String]) -> [String] {
        texts.flatMap { text in
            text.split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
        }
    }
}

// MARK: - Text

extension RunRequest {
    private static let heading = "orrery request 1"

    /// The request as text, a line for each thing asked for, in a fixed order; kept with a run for its replay.
    package var text: String {
        var lines = [Self.heading]
        func line(_ key: String, _ value: String?) {
            guard let value else { return }
            var escaped = ""
            for character in value.unicodeScalars {
                switch character {
                case "\\": escaped += "\\\\"
                case "\n": escaped += "\\n"
                case "\r": escaped += "\\r"
                default: escaped.unicodeScalars.append(character)
                }
            }
            lines.append("\(key): \(escaped)")
        }
        line("scenario", scenario)
        for path in manifests { line("manifests", path) }
        for machine in machineTexts { line("machines", machine) }
        for zone in zoneNames { line("zone", zone) }
        line("duration", duration)
        line("seed", seed)
        line("start", startDate)
        for setting in settings { line("set", setting) }
        for path in priceOverlays { line("prices", path) }
        line("scheduler-config", schedulerConfiguration)
        line("provider", provider)
        line("region", region)
        if let keepsBindings { line("keep-bindings", keepsBindings ? "true" : "false") }
        if isStrict { line("strict", "true") }
        for fork in forks {
            for (key, value) in fork.lines { line(key, value) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads what `text` wrote; nil for anything else.
    package init?(text: String) {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: true).map { String($0) }
        guard lines.first == Self.heading else { return nil }
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let rest = line[line.index(after: colon)...]
            guard rest.hasPrefix(" "), let value = Self.unescaped(rest.dropFirst()) else { return nil }
            switch line[..<colon] {
            case "scenario": scenario = value
            case "manifests": manifests.append(value)
            case "machines": machines.append(value)
            case "zone": zones.append(value)
            case "duration": duration = value
            case "seed": seed = value
            case "start": startDate = value
            case "set": settings.append(value)
            case "prices": priceOverlays.append(value)
            case "scheduler-config": schedulerConfiguration = value
            case "provider": provider = value
            case "region": region = value
            case "keep-bindings": keepsBindings = value == "true"
            case "strict": isStrict = value == "true"
            case let key where key.hasPrefix(ForkRequest.key):
                if key == ForkRequest.key { forks.append(ForkRequest(at: value)) }
                guard let last = forks.indices.last, forks[last].read(key, value) else { return nil }
            default: return nil
            }
        }
    }

    private static func unescaped(_ text: Substring) -> String? {
        var plain = ""
        var isEscaped = false
        for character in text.unicodeScalars {
            guard isEscaped else {
                isEscaped = character == "\\"
                if !isEscaped { plain.unicodeScalars.append(character) }
                continue
            }
            isEscaped = false
            switch character {
            case "\\": plain += "\\"
            case "n": plain += "\n"
            case "r": plain += "\r"
            default: return nil
            }
        }
        return isEscaped ? nil : plain
    }
}
