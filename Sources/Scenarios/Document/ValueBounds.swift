import Chronology
import Costs
import KubernetesAPI

/// How large the numbers of a scenario may be: far more than anything that exists, and so little that the sums over a
/// large cluster and a long run can be counted.
enum ValueBounds {
    /// Bytes of one thing: of memory, of a disk, of a layer.
    static let bytes: Int64 = 64 << 40
    /// Thousandths of a processor: a million processors.
    static let milliCPU: Int64 = 1_000_000_000
    /// Thousandths of requests a second, and of a metric: 10^9 of them.
    static let rate: Int64 = 1_000_000_000_000
    /// Thousandths of arrivals a day: a million a second.
    static let arrivals: Int64 = 1_000_000 * 86_400_000
    /// Seconds from one arrival to the next, on the average: a million a second.
    static let meanInterval = 0.000_001
    /// What one thing costs an hour, a month or a GiB.
    static let price = NanoDollars.dollars(1_000_000)
    /// The shortest time between two that come again and again: nobody waits for the end of a run with more.
    static let period = Duration.milliseconds(1)
    /// The longest time that something takes.
    static let length = Duration.days(3_650)
}

extension ScenarioReading {
    /// Returns a price: an amount of dollars that can be counted for many machines and months.
    func price(_ tree: ManifestTree, path: FieldPath) -> NanoDollars? {
        money(tree, path: path).flatMap { bounded($0, tree, path: path) }
    }

    /// Returns a price unless it is beyond all bounds.
    func bounded(_ price: NanoDollars, _ tree: ManifestTree, path: FieldPath) -> NanoDollars? {
        if price <= ValueBounds.price { return price }
        wrong(tree, path: path, expected: "at most 1000000 US dollars")
        return nil
    }

    /// Returns the time from one thing to the next of the same kind; `message` says what is wrong with none.
    func period(_ name: String, _ message: String, _ reader: FieldReader) -> Duration? {
        guard let period = reader.read(name, { duration($0, path: $1) }) else { return nil }
        if period >= ValueBounds.period { return period }
        reader.error(
            name, period <= .zero ? message : "found \(period)", expected: period <= .zero ? nil : "1ms or more")
        return nil
    }

    /// Returns how long something takes, which is not for ever.
    func bounded(_ tree: ManifestTree, path: FieldPath) -> Duration? {
        guard let length = duration(tree, path: path) else { return nil }
        if length <= ValueBounds.length { return length }
        wrong(tree, path: path, expected: "a length of time of at most ten years (3650d)")
        return nil
    }
}

extension FieldReader {
    /// Returns an amount of bytes unless it is beyond all bounds.
    func bytes(_ name: String) -> Quantity? {
        guard let quantity = quantity(name) else { return nil }
        if quantity.value <= ValueBounds.bytes { return quantity }
        error(name, "found \(quantity)", expected: "at most 64Ti")
        return nil
    }

    /// Returns a number of processors unless it is beyond all bounds.
    func processors(_ name: String) -> Quantity? {
        guard let quantity = quantity(name) else { return nil }
        if quantity.milliValue <= ValueBounds.milliCPU { return quantity }
        error(name, "found \(quantity)", expected: "at most a million processors")
        return nil
    }
}
