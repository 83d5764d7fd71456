import Chronology
import KubernetesAPI

/// What the readers of one scenario share.
final class ScenarioReading {
    let decoding: DecodingContext
    let ledger: InputLedger
    let clock: WallClock
    /// The machine types and the pools' zones are known only when the whole scenario was read: these checks wait.
    var laterChecks: [LaterCheck] = []
    /// Faults that others wait for.
    var faultReferences: [FaultReference] = []
    /// Likewise for the machines that traces name.
    var traceChecks: [TraceCheck] = []
    /// Where each fault stands, in the order of the faults.
    var faultPlaces: [FaultPlace] = []
    /// What each rule of `workloads` says of whom it is about, in the order of the rules.
    var rulePlaces: [(path: FieldPath, tree: ManifestTree)] = []
    /// The series that were read from files and are not begun again.
    var seriesPlaces: [SeriesPlace] = []
    /// Failure logs that were read, by path; nil for one with errors.
    var failureLogs: [String: FailureLog?] = [:]
    /// The sizes of layers so far: what has one name has one content.
    var layerSizes: [String: Int64] = [:]

    init(decoding: DecodingContext, ledger: InputLedger) {
        self.decoding = decoding
        self.ledger = ledger
        clock = WallClock(startDate: decoding.startDate)
    }

    /// Where a fault says when and whom it strikes.
    struct FaultPlace {
        var timing: (path: FieldPath, position: Position)
        var target: (path: FieldPath, position: Position)
    }

    /// A series of values with the place that names its file.
    struct SeriesPlace {
        var file: String
        var path: FieldPath
        var position: Position
        /// The times of its first and its last value, since the start.
        var first: Duration
        var last: Duration
        /// Whether the times are numbers of seconds.
        var isInSeconds: Bool
    }

    /// A name that must stand for something, once everything is known.
    struct LaterCheck {
        enum Subject {
            case pool, zone, node, rack, region, deployment, workload, namespace, workloadKind
        }

        var subject: Subject
        var name: String
        var path: FieldPath
        var position: Position
        /// The namespaces in one of which it must be; empty for any.
        var namespaces: [String] = []
    }

    func error(
        _ message: String, path: FieldPath, at tree: ManifestTree, expected: String? = nil, nearest: String? = nil
    ) {
        decoding.error(message, path: path, at: tree.position, expected: expected, nearest: nearest)
    }

    func warn(_ message: String, path: FieldPath, at position: Position, expected: String? = nil) {
        decoding.diagnostics.add(
            Diagnostic(
                .warning, file: decoding.file, position: position, path: path.text, message: message,
                expected: expected))
    }

    /// Records that `tree` is not what was expected.
    func wrong(_ tree: ManifestTree, path: FieldPath, expected: String, nearest: String? = nil) {
        error("found \(tree.summary)", path: path, at: tree, expected: expected, nearest: nearest)
    }
}

// MARK: - Single values

extension ScenarioReading {
    static let durationExample = "a length of time such as 90s, 1h30m or 30d"

    /// Returns a length of time that is not negative.
    func duration(_ tree: ManifestTree, path: FieldPath) -> Duration? {
        let text: String? =
            switch tree.value {
            case .scalar(.string(let text)): text
            case .scalar(.integer("0")): "0"
            case .scalar, .mapping, .sequence, .null: nil
            }
        guard let text else {
            wrong(tree, path: path, expected: Self.durationExample)
            return nil
        }
        do throws(TimeParsingError) {
            let duration = try Duration(parsing: text)
            if duration >= .zero { return duration }
            wrong(tree, path: path, expected: "a length of time that is not negative")
        } catch {
            wrong(tree, path: path, expected: "\(Self.durationExample); \(error.reason)")
        }
        return nil
    }

    /// Returns an instant: a length of time since the start, or a date and time.
    func instant(_ tree: ManifestTree, path: FieldPath) -> Instant? {
        let expected = "a time since the start such as 36h, or a date such as 2026-01-31T12:00:00Z"
        guard let text = tree.string else {
            if case .scalar(.integer("0")) = tree.value { return .start }
            wrong(tree, path: path, expected: expected)
            return nil
        }
        if let length = try? Duration(parsing: text), length >= .zero { return .start + length }
        guard let instant = try? clock.instant(parsing: text) else {
            wrong(tree, path: path, expected: expected)
            return nil
        }
        guard instant >= .start else {
            error("\(text) is before the start \(decoding.startDate)", path: path, at: tree, expected: expected)
            return nil
        }
        return instant
    }

    /// Returns the text of a number or of a text.
    static func plainText(_ tree: ManifestTree) -> String? {
        switch tree.value {
        case .scalar(.string(let text)), .scalar(.integer(let text)), .scalar(.float(let text)): text
        case .scalar(.bool), .mapping, .sequence, .null: nil
        }
    }

    /// Returns a decimal number times `scale`, exactly; nil when it is none, or is not whole then.
    static func scaled(_ text: String, by scale: Int64) -> Int64? {
        guard let value = Quantity(parsing: text), text.utf8.allSatisfy({ (0x2B...0x39).contains($0) && $0 != 0x2C })
        else { return nil }
        let product = value.nanos.multipliedReportingOverflow(by: Int128(scale))
        guard !product.overflow, product.partialValue % 1_000_000_000 == 0 else { return nil }
        return Int64(exactly: product.partialValue / 1_000_000_000)
    }

    /// Returns a share such as `5%` or `0.05` in parts per `whole`, which is a power of ten from 100 on.
    func share(_ tree: ManifestTree, path: FieldPath, whole: Int64, limit: Int64? = nil) -> Int64? {
        let value: Int64? =
            Self.plainText(tree).flatMap { text in
                text.hasSuffix("%")
                    ? Self.scaled(String(text.dropLast()), by: whole / 100) : Self.scaled(text, by: whole)
            }
        if let value, value >= 0, value <= limit ?? whole { return value }
        let bound = limit == nil ? " up to 100%" : ""
        wrong(tree, path: path, expected: "a share such as 5% or 0.05\(bound)")
        return nil
    }
}

// MARK: - Fields

extension FieldReader {
    /// Returns what `body` makes of a field's value, or nil when it is absent.
    func read<Result>(_ name: String, _ body: (ManifestTree, FieldPath) -> Result?) -> Result? {
        value(name).flatMap { body($0, path.field(name)) }
    }

    /// Records that a field is missing, unless it is there.
    func require(_ name: String, expected: String? = nil) {
        if !has(name) { error(name, "a value is required", expected: expected) }
    }

    /// Returns whether a field is there and holds fields itself.
    func isMapping(_ name: String) -> Bool {
        if case .mapping = value(name)?.value { true } else { false }
    }

    /// Returns a list of texts, of which a single one may stand without a list.
    func oneOrMore(_ name: String) -> [String] {
        guard let tree = value(name) else { return [] }
        if let text = tree.string { return [text] }
        return strings(name)
    }
}
