import Chronology
import Faults
import KubernetesAPI

/// Reads what a fault may say beside when, whom and for how long.
extension ScenarioReading {
    private enum Revision: String, CaseIterable {
        case own, next
    }

    func faultSettings(_ reader: FieldReader, kind: (any FaultKind.Type)?) -> FaultSettings {
        var settings = FaultSettings()
        settings.delay = positive("delay", "the delay must be above zero", reader)
        settings.notice = positive("notice", "the notice must be above zero", reader)
        settings.advice = positive("advice", "the time between advice and notice must be above zero", reader)
        settings.drainTimeout = positive("drainTimeout", "the timeout must be above zero", reader)
        settings.retry = period("retry", "the time to the next try must be above zero", reader)
        settings.window = positive("window", "the window must be longer than nothing", reader)
        settings.speed = reader.read("speed") { tree, path in
            guard let speed = share(tree, path: path, whole: 1_000) else { return nil }
            if (1..<1_000).contains(speed) { return speed }
            wrong(tree, path: path, expected: "a share between 0.1% and 99.9%")
            return nil
        }
        settings.failing = reader.read("failing") { share($0, path: $1, whole: 1_000_000) }
        settings.share = reader.read("share") { share($0, path: $1, whole: 1_000_000) }
        settings.atATime = reader.int64("atATime", in: 1...1_000_000)
        settings.pulls = reader.int64("pulls", in: 1...1_000_000_000)
        settings.surge = reader.bool("surge")
        settings.waits = reader.bool("waits")
        settings.trouble = reader.choice("trouble")
        let revision: Revision? = reader.choice("revision")
        settings.rollsOut = revision.map { $0 == .own }
        settings.leakPerHour = reader.read("leakPerHour") { whole($0, path: $1, from: 1) }
        guard let kind else { return settings }
        for option in FaultOption.allCases where reader.has(option.rawValue) && !kind.options.contains(option) {
            report(option, kind, reader)
        }
        return settings
    }

    private func report(_ option: FaultOption, _ kind: any FaultKind.Type, _ reader: FieldReader) {
        if option == .delay {
            let slow = FaultRegistry.kinds.filter { $0.options.contains(.delay) }.map { $0.name }
            reader.error("delay", "\(kind.name) slows nothing", expected: "kind: \(slow.joined(separator: " or "))")
            return
        }
        let own = kind.options.map(\.rawValue)
        reader.error(
            option.rawValue, "\(kind.name) has no \(option.rawValue)",
            expected: own.isEmpty ? "no options" : "one of \(own.joined(separator: ", "))")
    }

    private func positive(_ name: String, _ message: String, _ reader: FieldReader) -> Duration? {
        guard let length = reader.read(name, { bounded($0, path: $1) }) else { return nil }
        if length <= .zero { reader.error(name, message) }
        return length
    }
}
