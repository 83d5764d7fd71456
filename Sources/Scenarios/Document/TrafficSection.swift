import Costs
import KubernetesAPI
import Simulation
import Workloads

/// What `prices.traffic` says; nil where it says nothing.
struct TrafficSection {
    var zone: ZonePrice?
    var internet: TrafficPrice?
    var loadBalancer: TrafficPrice?

    /// Everything as the price book has it.
    static let list = TrafficSection(zone: .list, internet: .list, loadBalancer: .list)
}

/// What a gigabyte between zones costs.
enum ZonePrice {
    /// What the price book says.
    case list
    case each(out: NanoDollars, in: NanoDollars)
}

/// What a gigabyte costs, perhaps by the month's volume.
enum TrafficPrice {
    /// What the price book says.
    case list
    case tariff(TrafficTariff)
}

/// Reads `prices.traffic` and what requests carry.
extension ScenarioReading {
    private static let amountExample = "list, for what the price book says, or US dollars a GiB such as 0.09"

    func trafficPrices(_ reader: FieldReader) -> TrafficSection? {
        guard let tree = reader.value("traffic") else { return nil }
        if tree.string == "list" { return .list }
        guard reader.isMapping("traffic") else {
            wrong(
                tree, path: reader.path.field("traffic"),
                expected: "list, or zone, internet and loadBalancer with a price each")
            return nil
        }
        return reader.object("traffic") { section in
            TrafficSection(
                zone: zonePrice(section), internet: section.read("internet") { tariff($0, path: $1) },
                loadBalancer: section.read("loadBalancer") { tariff($0, path: $1) })
        }
    }

    private func zonePrice(_ reader: FieldReader) -> ZonePrice? {
        guard reader.isMapping("zone") else {
            return reader.read("zone") { tree, path in
                if tree.string == "list" { return .list }
                guard let amount = amount(tree) else {
                    wrong(tree, path: path, expected: Self.amountExample + ", or {out: 0.01, in: 0.01}")
                    return nil
                }
                return bounded(amount, tree, path: path).map { .each(out: $0, in: .zero) }
            }
        }
        return reader.object("zone") { zone in
            .each(
                out: zone.read("out") { price($0, path: $1) } ?? .zero,
                in: zone.read("in") { price($0, path: $1) } ?? .zero)
        }
    }

    private func amount(_ tree: ManifestTree) -> NanoDollars? {
        guard let text = Self.plainText(tree), let amount = NanoDollars(parsing: text.drop { $0 == "$" }),
            amount >= .zero
        else { return nil }
        return amount
    }

    /// Reads `list`, an amount, or a list of tiers `{upTo: 10240, price: 0.09}` whose last one has no bound.
    private func tariff(_ tree: ManifestTree, path: FieldPath) -> TrafficPrice? {
        if tree.string == "list" { return .list }
        guard let elements = tree.elements else {
            if let amount = amount(tree) {
                return bounded(amount, tree, path: path).map { .tariff(TrafficTariff(flat: $0)) }
            }
            wrong(tree, path: path, expected: Self.amountExample + ", or a list of tiers {upTo: 10240, price: 0.09}")
            return nil
        }
        var tiers: [TrafficTariff.Tier] = []
        for (place, element) in elements.enumerated() {
            guard let tier = FieldReader(element, path: path.index(place), context: decoding) else { return nil }
            let bound = tier.int64("upTo", in: 1...1_000_000_000)
            tier.require("price", expected: "US dollars a GiB")
            let price = tier.read("price") { self.price($0, path: $1) }
            tier.finish()
            guard let price else { return nil }
            tiers.append(
                TrafficTariff.Tier(upTo: bound.map { $0 * TrafficTariff.binaryGigabyte }, price: price))
        }
        guard let tariff = TrafficTariff(tiers: tiers) else {
            error(
                "the bounds of the tiers do not rise, or the last one has a bound", path: path, at: tree,
                expected: "upTo in GiB a month, rising, and a last tier without it")
            return nil
        }
        return .tariff(tariff)
    }

    /// What requests to a service, or of a call, carry.
    func payload(_ reader: FieldReader) -> ServiceSpec.Payload {
        var payload = ServiceSpec.Payload()
        for (name, field) in [("request", \ServiceSpec.Payload.request), ("response", \.response)] {
            guard let bytes = reader.quantity(name)?.value else { continue }
            if (0...Self.payloadLimit).contains(bytes) {
                payload[keyPath: field] = bytes
            } else {
                reader.error(name, "found \(bytes) bytes", expected: "an amount from 0 to 1Ti such as 2Ki")
            }
        }
        return payload
    }

    /// A tebibyte.
    private static let payloadLimit: Int64 = 1 << 40
}
