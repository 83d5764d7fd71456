/// What traffic costs in a run; nil where it costs nothing.
package struct TrafficPrices: Hashable, Sendable {
    /// Bytes that leave a machine for another zone.
    package var zoneOut: TrafficTariff?
    /// Bytes that reach a machine from another zone.
    package var zoneIn: TrafficTariff?
    /// Bytes that leave for the internet.
    package var internet: TrafficTariff?
    /// Bytes that load balancers process.
    package var loadBalancer: TrafficTariff?
    /// Bytes of images, by where they come from.
    package var imageRegistry: TrafficTariff?
    package var imageCache: TrafficTariff?
    package var imagePeer: TrafficTariff?
    package var imageCrossZone: TrafficTariff?

    /// Creates prices by which nothing costs anything.
    package init() {}

    /// Whether the traffic of services is priced.
    package var concernsServices: Bool {
        zoneOut != nil || zoneIn != nil || internet != nil || loadBalancer != nil
    }

    /// Whether the traffic of images is priced.
    package var concernsImages: Bool {
        imageRegistry != nil || imageCache != nil || imagePeer != nil || imageCrossZone != nil
    }

    /// Returns the tariff of a line of the bill.
    package subscript(line: TrafficLine) -> TrafficTariff? {
        switch line {
        case .withinZone: nil
        case .zoneOut: zoneOut
        case .zoneIn: zoneIn
        case .internet: internet
        case .loadBalancer: loadBalancer
        case .imageRegistry: imageRegistry
        case .imageCache: imageCache
        case .imagePeer: imagePeer
        case .imageCrossZone: imageCrossZone
        }
    }

    /// What services pay for, by the names under which a run tells it.
    package var listed: [(name: String, value: String)] {
        let billed = concernsImages ? [("prices.egress.billed", "true")] : []
        let tariffs = [
            ("prices.traffic.internet", internet), ("prices.traffic.loadBalancer", loadBalancer),
            ("prices.traffic.zone.in", zoneIn), ("prices.traffic.zone.out", zoneOut),
        ]
        return billed + tariffs.compactMap { name, tariff in tariff.map { (name, $0.text) } }
    }
}
