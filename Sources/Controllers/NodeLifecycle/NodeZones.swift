package import Chronology
package import KubernetesAPI

/// How healthy the zones are, and the queue of each zone's nodes that wait for a NoExecute taint.
package struct NodeZones {
    /// A zone's state (`ZoneState`).
    package enum State: Hashable, Sendable { case normal, partialDisruption, fullDisruption }

    private struct Zone {
        var ready: Int64 = 0
        var notReady: Int64 = 0
        // Of the last taint: a new rate counts from there.
        var lastToken = Instant(nanoseconds: Int64.min / 2)
        var queue: [String] = []
    }

    private let parameters: NodeLifecycleParameters
    private var zones: [String: Zone] = [:]
    private var nodes: [String: (zone: String, isReady: Bool)] = [:]

    /// Creates an empty set of zones.
    package init(_ parameters: NodeLifecycleParameters) { self.parameters = parameters }

    /// Returns the name of the zone of a node: its region and zone labels (`GetZoneKey`).
    package static func zone(of node: Node) -> String {
        let labels = node.metadata.labels
        let region = labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"] ?? ""
        let zone = labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? ""
        return region.isEmpty && zone.isEmpty ? "" : "\(region)/\(zone)"
    }

    /// Notes whether a node is ready.
    package mutating func note(_ node: Node, isReady: Bool) {
        let zone = Self.zone(of: node)
        forget(node.metadata.name, keepingPlace: nodes[node.metadata.name]?.zone == zone)
        nodes[node.metadata.name] = (zone, isReady)
        if isReady { zones[zone, default: Zone()].ready += 1 } else { zones[zone, default: Zone()].notReady += 1 }
    }

    /// Forgets a node that is gone.
    package mutating func forget(_ node: String) { forget(node, keepingPlace: false) }

    private mutating func forget(_ node: String, keepingPlace: Bool) {
        guard let old = nodes.removeValue(forKey: node) else { return }
        if old.isReady { zones[old.zone]?.ready -= 1 } else { zones[old.zone]?.notReady -= 1 }
        if !keepingPlace { zones[old.zone]?.queue.removeAll { $0 == node } }
    }

    /// Returns the state that so many ready and other nodes make (`ComputeZoneState`).
    package static func state(ready: Int64, notReady: Int64, threshold: Int64) -> State {
        if ready == 0, notReady > 0 { return .fullDisruption }
        if notReady > 2, notReady * 100 >= threshold * (ready + notReady) { return .partialDisruption }
        return .normal
    }

    /// Whether no zone has a ready node: then nothing is evicted, since the fault is likelier to be nearer home.
    package var areAllFullyDisrupted: Bool {
        var isAny = false
        for (_, zone) in zones where zone.ready + zone.notReady > 0 {
            if zone.ready > 0 { return false }
            isAny = true
        }
        return isAny
    }

    /// The time between two NoExecute taints in a zone, nil while there are none.
    package func interval(inZoneOf node: String) -> Duration? {
        guard let name = nodes[node]?.zone, let zone = zones[name], !areAllFullyDisrupted else { return nil }
        let state = Self.state(
            ready: zone.ready, notReady: zone.notReady, threshold: parameters.unhealthyZoneThreshold)
        let rate =
            switch state {
            case .normal, .fullDisruption: parameters.nodeEvictionRate
            case .partialDisruption:
                zone.ready + zone.notReady > parameters.largeClusterSizeThreshold
                    ? parameters.secondaryNodeEvictionRate : 0
            }
        return rate > 0 ? .seconds(1000) / rate : nil
    }

    /// Lets a node wait for its taint; returns whether it did not wait before.
    package mutating func enqueue(_ node: String) -> Bool {
        guard let zone = nodes[node]?.zone, !(zones[zone]?.queue.contains(node) ?? true) else { return false }
        zones[zone]?.queue.append(node)
        return true
    }

    /// Takes a node out of its zone's queue.
    package mutating func dequeue(_ node: String) {
        guard let zone = nodes[node]?.zone else { return }
        zones[zone]?.queue.removeAll { $0 == node }
    }

    /// Returns how long a waiting node waits still: zero takes it from the queue, nil means until its zone recovers.
    package mutating func turn(of node: String, now: Instant) -> Duration? {
        guard let name = nodes[node]?.zone, let place = zones[name]?.queue.firstIndex(of: node),
            let interval = interval(inZoneOf: node), let last = zones[name]?.lastToken
        else { return nil }
        let next = last + interval
        if next > now { return next - now + interval * Int64(place) }
        // Those before it have their turn in the same pass, or will not come: first come, first served.
        zones[name]?.queue.remove(at: place)
        zones[name]?.lastToken = now
        return .zero
    }

    /// The waiting nodes of all zones, in name order.
    package var waiting: [String] {
        var names: [String] = []
        for (_, zone) in zones { names += zone.queue }
        return names.sorted()
    }
}
