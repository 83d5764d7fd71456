import Chronology
import Costs
import KubernetesAPI
import Simulation

/// What `prices.spot` says; nil where it says nothing.
struct SpotSection {
    /// Prices that wander about those of the price book.
    struct Generator {
        /// The deviation of the shock of each step, in parts per million of the price.
        var volatility: Int64
        /// Which part of its distance from the price book's a price makes up in each step, in parts per million.
        var reversion: Int64
        var every: Duration
    }

    var history: String?
    var generated: Generator?
    var billing: SpotPrices.Billing?
    var path: FieldPath
    var position: Position
}

/// Reads `cloud` and `prices.spot`.
extension ScenarioReading {
    func quota(_ reader: FieldReader) -> CloudQuota? {
        let machines: QuotaClass? = reader.requiredChoice("class")
        let purchase: Purchase = reader.choice("purchase") ?? .onDemand
        let region = reader.string("region")
        reader.require("vcpus", expected: "a number of processors")
        let vcpus = reader.int64("vcpus", in: 0...1_000_000_000)
        guard let machines, let vcpus else { return nil }
        return CloudQuota(machines, purchase, region: region, vcpus: vcpus)
    }

    func spot(_ reader: FieldReader) -> SpotSection {
        let history = reader.string("history")
        let generated = reader.object("generated") { generator($0) }
        if history == nil, generated == nil, !reader.has("history"), !reader.has("generated") {
            decoding.error(
                "it is not said how spot prices change", path: reader.path, at: reader.position,
                expected: "history, a file of prices, or generated")
        } else if reader.has("history"), reader.has("generated") {
            reader.error("generated", "prices are known or generated, not both", expected: "history alone")
        }
        return SpotSection(
            history: history, generated: generated, billing: reader.choice("billing"), path: reader.path,
            position: reader.position)
    }

    private func generator(_ reader: FieldReader) -> SpotSection.Generator {
        let whole: Int64 = 1_000_000
        let volatility = reader.read("volatility") { share($0, path: $1, whole: whole) } ?? 20_000
        let reversion = reader.read("reversion") { share($0, path: $1, whole: whole) } ?? 50_000
        let every = reader.read("every") { duration($0, path: $1) } ?? .hours(1)
        if every < .minutes(1) { reader.error("every", "found \(every)", expected: "a length of time from 1m on") }
        return SpotSection.Generator(volatility: volatility, reversion: reversion, every: max(every, .minutes(1)))
    }
}
