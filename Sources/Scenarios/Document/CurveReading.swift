import Chronology
import KubernetesAPI
import Workloads

/// Reads what a container uses over time.
///
/// `200m` and `1.5Gi` are amounts; `50%` is a share of the container's request. A mapping gives a shape (`constant`,
/// `diurnal` or `csv`) and, beside it, a trend and spikes.
extension ScenarioReading {
    /// A resource, or a rate, whose use over time is read.
    enum UsedResource {
        case cpu, memory, disk
        /// Requests a second.
        case requests
        /// A metric of the scenario's own.
        case metric
        /// Arrivals: no resource, but read as one.
        case arrivals

        /// An amount of the resource in the unit of curves: thousandths of a processor or of a request a second, or bytes.
        func amount(_ quantity: Quantity) -> Int64 {
            switch self {
            case .cpu, .requests, .metric: quantity.milliValue
            case .memory, .disk: quantity.value
            case .arrivals: quantity.value
            }
        }

        /// Whether amounts are bytes.
        var isBytes: Bool { self == .memory || self == .disk }

        /// The largest amount.
        var limit: Int64 {
            switch self {
            case .cpu: ValueBounds.milliCPU
            case .memory, .disk: ValueBounds.bytes
            case .requests, .metric: ValueBounds.rate
            case .arrivals: ValueBounds.arrivals
            }
        }

        /// The largest amount, for people.
        var most: String {
            switch self {
            case .cpu: "at most a million processors"
            case .memory, .disk: "at most 64Ti"
            case .requests: "at most 1000000000 requests a second"
            case .metric: "at most 1000000000"
            case .arrivals: "at most 1000000 arrivals a second"
            }
        }

        var example: String {
            switch self {
            case .cpu: "an amount such as 200m or 1.5, or a share of the request such as 50%"
            case .memory, .disk: "an amount such as 300Mi, or a share of the request such as 50%"
            case .requests: "requests a second such as 120 or 0.5"
            case .metric: "a number such as 120 or 0.5"
            case .arrivals: "a rate such as 12/h (per s, m, h or d)"
            }
        }

        /// The units of a CSV file's values, with the factor and the divisor to the unit of curves; the first one counts by default.
        var units: [(name: String, scale: Int64, divisor: Int64)] {
            switch self {
            case .cpu: [("cores", 1_000, 1), ("millicores", 1, 1), ("percent", 10, 1)]
            case .memory, .disk:
                [("bytes", 1, 1), ("KiB", 1 << 10, 1), ("MiB", 1 << 20, 1), ("GiB", 1 << 30, 1), ("percent", 10, 1)]
            case .metric: [("value", 1_000, 1)]
            case .requests: [("perSecond", 1_000, 1), ("perMinute", 1_000, 60), ("perHour", 1_000, 3_600)]
            case .arrivals:
                [
                    ("perHour", 24_000, 1), ("perSecond", 86_400_000, 1), ("perMinute", 1_440_000, 1),
                    ("perDay", 1_000, 1),
                ]
            }
        }
    }

    /// A value of a curve before it is known whether all of them are shares.
    private struct Level {
        var isShare: Bool
        var value: Int64
    }

    /// Reads a usage; `more` reads the fields that a mapping may have beside those of all usages.
    func usage(
        _ tree: ManifestTree, of resource: UsedResource, path: FieldPath, more: (FieldReader) -> Void = { _ in }
    ) -> UsageCurve.Amount? {
        guard tree.entries != nil else {
            return level(tree, of: resource, path: path).map { Self.amount(.constant($0.value), isShare: $0.isShare) }
        }
        guard let reader = FieldReader(tree, path: path, context: decoding) else { return nil }
        defer { reader.finish() }
        let trend = reader.read("trendPerDay") { self.trend($0, path: $1) }
        let spikes = reader.objects("spikes") { spike($0) }
        more(reader)
        let shapes = ["constant", "diurnal", "csv"].filter(reader.has)
        guard shapes.count == 1 else {
            let found = shapes.isEmpty ? "no shape" : shapes.joined(separator: " and ")
            error("found \(found)", path: path, at: tree, expected: "exactly one of constant, diurnal, csv")
            for shape in ["constant", "diurnal", "csv", "unit", "repeat"] { _ = reader.value(shape) }
            return nil
        }
        let shape: (shape: Curve.Shape, isShare: Bool)? =
            switch shapes[0] {
            case "constant":
                reader.read("constant") { level($0, of: resource, path: $1) }.map { (.constant($0.value), $0.isShare) }
            case "diurnal": reader.object("diurnal") { diurnal($0, of: resource) }.flatMap { $0 }
            default: series(reader, of: resource)
            }
        return shape.map {
            Self.amount(Curve($0.shape, trendPerDay: trend ?? 0, spikes: spikes), isShare: $0.isShare)
        }
    }

    private static func amount(_ curve: Curve, isShare: Bool) -> UsageCurve.Amount {
        isShare ? .permilleOfRequest(curve) : .absolute(curve)
    }

    private func level(_ tree: ManifestTree, of resource: UsedResource, path: FieldPath) -> Level? {
        if resource == .arrivals {
            if let rate = Self.plainText(tree).flatMap(Self.arrivalRate) {
                return amount(rate, of: resource, tree, path: path)
            }
        } else if let text = Self.plainText(tree) {
            if text.hasSuffix("%") {
                if let share = Self.scaled(String(text.dropLast()), by: 10), (0...Self.shareLimit).contains(share) {
                    return Level(isShare: true, value: share)
                }
            } else if let quantity = Quantity(parsing: text), quantity >= .zero {
                if resource.isBytes, let fraction = PodWarnings.fraction(quantity) {
                    warn(fraction, path: path, at: tree.position, expected: PodWarnings.wholeBytes)
                }
                return amount(resource.amount(quantity), of: resource, tree, path: path)
            }
        }
        wrong(tree, path: path, expected: resource.example)
        return nil
    }

    /// The largest share of a request, in thousandths: a million times of it.
    private static let shareLimit: Int64 = 1_000_000_000

    private func amount(_ value: Int64, of resource: UsedResource, _ tree: ManifestTree, path: FieldPath) -> Level? {
        if value <= resource.limit { return Level(isShare: false, value: value) }
        wrong(tree, path: path, expected: resource.most)
        return nil
    }

    // MARK: - Shapes

    private func diurnal(_ reader: FieldReader, of resource: UsedResource) -> (shape: Curve.Shape, isShare: Bool)? {
        reader.require("base", expected: resource.example)
        reader.require("peak", expected: resource.example)
        let base = reader.read("base") { level($0, of: resource, path: $1) }
        let peak = reader.read("peak") { level($0, of: resource, path: $1) }
        let minute = reader.read("peakAt") { minuteOfDay($0, path: $1) }
        let weekend = reader.read("weekend") { share($0, path: $1, whole: 1_000, limit: 100_000) }
        let step = reader.read("step") { duration($0, path: $1) }
        guard let base, let peak else { return nil }
        guard base.isShare == peak.isShare else {
            reader.error("peak", "one of base and peak is an amount and the other a share")
            return nil
        }
        guard base.value <= peak.value else {
            reader.error("peak", "the peak is below the base")
            return nil
        }
        var minutes: Int64 = 15
        if let step {
            minutes = step.wholeSeconds / 60
            guard minutes > 0, step == .minutes(minutes), 1_440 % minutes == 0 else {
                reader.error(
                    "step", "\(step) does not divide a day into whole minutes", expected: "such as 5m, 15m or 1h")
                return nil
            }
        }
        let shape = DiurnalShape(
            base: base.value, peak: peak.value, peakMinute: minute ?? 14 * 60, weekendPermille: weekend ?? 1_000,
            stepMinutes: minutes)
        return (.diurnal(shape), base.isShare)
    }

    /// Reads `14:30`.
    private func minuteOfDay(_ tree: ManifestTree, path: FieldPath) -> Int64? {
        let parts = tree.string?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        if parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int64(parts[0]), let minute = Int64(parts[1]), parts[1].utf8.count == 2, hour < 24, minute < 60
        {
            return hour * 60 + minute
        }
        wrong(tree, path: path, expected: "a time of day in quotes such as \"14:30\"")
        return nil
    }

    private func series(_ reader: FieldReader, of resource: UsedResource) -> (shape: Curve.Shape, isShare: Bool)? {
        let path = reader.string("csv")
        let period = reader.read("repeat") { duration($0, path: $1) }
        let names = resource.units.map(\.name)
        let unit = reader.string("unit") ?? names[0]
        guard names.contains(unit) else {
            reader.error(
                "unit", "found the text \"\(unit)\"", expected: "one of \(names.joined(separator: ", "))",
                nearest: NearestName.of(unit, among: names))
            return nil
        }
        guard let path, let file = ledger.readFile(path, .scenario) else { return nil }
        let isShare = unit == "percent"
        let (_, scale, divisor) = resource.units.first { $0.name == unit } ?? resource.units[0]
        do throws(SeriesProblem) {
            let text = String(decoding: file.contents, as: UTF8.self)
            let series = try SeriesShape(csv: text, scale: scale, period: period, clock: clock)
            let points = series.points.map { SeriesShape.Point(at: $0.at, value: $0.value / divisor) }
            if period == nil, let first = points.first?.at, let last = points.last?.at {
                let place = place(of: "csv", reader)
                seriesPlaces.append(
                    SeriesPlace(
                        file: file.name, path: place.path, position: place.position, first: first, last: last,
                        isInSeconds: text.contains("\(first.wholeSeconds)")))
            }
            guard points.allSatisfy({ $0.value <= (isShare ? Self.shareLimit : resource.limit) }) else {
                reader.error("csv", "a value of \(file.name) is too large", expected: resource.most)
                return nil
            }
            return (.series(SeriesShape(points, period: period) ?? series), isShare)
        } catch {
            decoding.diagnostics.add(
                Diagnostic(
                    .error, file: file.name, position: Position(line: error.line, column: 1), message: error.message))
            return nil
        }
    }

    // MARK: - Trend and spikes

    /// Reads a growth per day such as `1%` or `-0.5%`, in parts per million.
    private func trend(_ tree: ManifestTree, path: FieldPath) -> Int64? {
        if let text = Self.plainText(tree), text.hasSuffix("%"),
            let value = Self.scaled(String(text.dropLast()), by: 10_000), value.magnitude <= 1_000_000_000
        {
            return value
        }
        wrong(tree, path: path, expected: "a growth per day such as 0.5% or -1%")
        return nil
    }

    private func spike(_ reader: FieldReader) -> Spike? {
        reader.require("at")
        reader.require("for", expected: Self.durationExample)
        reader.require("factor", expected: "a number such as 2.5")
        let at = reader.read("at") { instant($0, path: $1) }
        let length = reader.read("for") { duration($0, path: $1) }
        let every = reader.read("every") { duration($0, path: $1) }
        let factor = reader.read("factor") { tree, path -> Int64? in
            if let value = Self.plainText(tree).flatMap({ Self.scaled($0, by: 1_000) }),
                (0...1_000_000_000).contains(value)
            {
                return value
            }
            wrong(tree, path: path, expected: "a number such as 2.5, with at most three decimals")
            return nil
        }
        guard let at, let length, let factor else { return nil }
        if let every, every <= length {
            reader.error("every", "the next spike begins before the last one ends")
            return nil
        }
        return Spike(at: at, length: length, every: every, permille: factor)
    }
}
