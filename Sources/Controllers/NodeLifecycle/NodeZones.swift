package import Chronology
package import KubernetesAPI

/// How healthy the zones are, and the queue of each zone's nodes that wait for a NoExecute taint.
package struct NodeZones {
    /// A zone's state (`ZoneState`).
    package enum State: Hashable, Sendable { case normal, partialDisruption, fullDisruption }

    private struct Zone {
        var ready: Int64 = 0
        var notReady: Int64 = 0
        // As the last monitor pass that changed something found it.
        var state: State = .normal
        // The time between two taints that is in force, nil while there are none.
        var interval: Duration?
        // Of the last taint, or of when a bucket began empty.
        var lastToken = Self.never
        var queue: [String] = []

        static let never = Instant(nanoseconds: Int64.min / 2)
        var isEmpty: Bool { ready + notReady == 0 }

        /// Whether a taint could be set at this time.
        func hasToken(at now: Instant) -> Bool { interval.map { lastToken + $0 <= now } ?? false }

        /// Takes another rate into force (`SwapLimiter`): its bucket is full unless the old one could give nothing.
        mutating func swap(to interval: Duration?, at pass: Instant) {
            guard interval != self.interval else { return }
            lastToken = hasToken(at: pass) ? Self.never : pass
            self.interval = interval
        }
    }

    /// A label of nodes that count for no zone's state.
    private static let excluded = "node.kubernetes.io/exclude-disruption"
    /// How long after its time a monitor pass has seen all nodes, so that its verdict on the zones is in force.
    private static let passLength = NodeLifecycleReconciler.taintingPeriod

    private let parameters: NodeLifecycleParameters
    private var zones: [String: Zone] = [:]
    private var nodes: [String: (zone: String, isReady: Bool, counts: Bool)] = [:]
    // Whether all zones were without a ready node, so that nothing is evicted.
    private var isHalted = false
    // The monitor pass that will change a state.
    private var pass: Instant?

    /// Creates an empty set of zones.
    package init(_ parameters: NodeLifecycleParameters) { self.parameters = parameters }

    /// Returns the name of the zone of a node: its region and zone labels (`GetZoneKey`).
    package static func zone(of node: Node) -> String {
        let labels = node.metadata.labels
        let region = labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"] ?? ""
        let zone = labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? ""
        return region.isEmpty && zone.isEmpty ? "" : "\(region)/\(zone)"
    }

    /// Notes whether a node is ready; `isLost` when a monitor pass found just now that it is not.
    package mutating func note(_ node: Node, isLost: Bool = false, at now: Instant) {
        let (name, zone) = (node.metadata.name, Self.zone(of: node))
        let (isReady, counts) = (node.isReady, node.metadata.labels[Self.excluded] == nil)
        let old = nodes[name]
        if let old, old == (zone, isReady, counts) { return }
        settle(at: now)
        if let old { discount(old) }
        if let old, old.zone != zone { zones[old.zone]?.queue.removeAll { $0 == name } }
        nodes[name] = (zone, isReady, counts)
        let usual = interval(.normal, size: 0)
        if zones[zone] == nil { zones[zone] = Zone(interval: usual) }
        if counts, isReady { zones[zone]?.ready += 1 }
        if counts, !isReady { zones[zone]?.notReady += 1 }
        foresee(at: now, within: isLost ? parameters.nodeMonitorPeriod : Self.passLength)
    }

    /// Forgets a node that is gone. One that waited has its turn all the same, which is then lost.
    package mutating func forget(_ node: String, at now: Instant) {
        guard let old = nodes[node] else { return }
        settle(at: now)
        nodes[node] = nil
        discount(old)
        foresee(at: now, within: Self.passLength)
    }

    private mutating func discount(_ old: (zone: String, isReady: Bool, counts: Bool)) {
        guard old.counts else { return }
        if old.isReady { zones[old.zone]?.ready -= 1 } else { zones[old.zone]?.notReady -= 1 }
    }

    /// Returns the state that so many ready and other nodes make (`ComputeZoneState`).
    package static func state(ready: Int64, notReady: Int64, threshold: Int64) -> State {
        if ready == 0, notReady > 0 { return .fullDisruption }
        if notReady > 2, notReady * 100 >= threshold * (ready + notReady) { return .partialDisruption }
        return .normal
    }

    /// Whether no zone has a ready node.
    private var areAllFullyDisrupted: Bool {
        var isAny = false
        for (_, zone) in zones where !zone.isEmpty {
            if zone.ready > 0 { return false }
            isAny = true
        }
        return isAny
    }

    private func state(of zone: Zone) -> State {
        Self.state(ready: zone.ready, notReady: zone.notReady, threshold: parameters.unhealthyZoneThreshold)
    }

    /// The time between two taints in a zone of this state, nil when there are to be none.
    private func interval(_ state: State, size: Int64) -> Duration? {
        let rate =
            switch state {
            case .normal, .fullDisruption: parameters.nodeEvictionRate
            case .partialDisruption:
                size > parameters.largeClusterSizeThreshold ? parameters.secondaryNodeEvictionRate : 0
            }
        return rate > 0 ? .seconds(1000) / rate : nil
    }

    // MARK: - Monitor passes

    /// Whether nothing is evicted, since no node was ready: the fault is likelier to be nearer home.
    package mutating func isHalted(at now: Instant) -> Bool {
        settle(at: now)
        return isHalted
    }

    /// When a monitor pass will have changed what is in force.
    package var nextPass: Instant? { pass.map { $0 + Self.passLength } }

    /// Works out which pass, if any, will find another state than the one in force: one that began less than `lead` ago,
    /// or the next.
    private mutating func foresee(at now: Instant, within lead: Duration) {
        let all = areAllFullyDisrupted
        var isChange = all != isHalted
        if !all, !isChange { isChange = zones.contains { !$0.value.isEmpty && $0.value.state != state(of: $0.value) } }
        let earliest = now - lead + Duration(nanoseconds: 1)
        pass = isChange ? earliest.nextTick(of: parameters.nodeMonitorPeriod) : nil
    }

    /// Puts in force what a pass found that is over by now (`handleDisruption`).
    private mutating func settle(at now: Instant) {
        guard let time = pass, time + Self.passLength <= now else { return }
        pass = nil
        let all = areAllFullyDisrupted
        let isEnd = isHalted && !all
        for name in zones.keys {
            guard let zone = zones[name] else { continue }
            let found = all ? .fullDisruption : zone.isEmpty ? .normal : state(of: zone)
            if !all, !isEnd, found == zone.state { continue }
            let interval = all ? nil : interval(found, size: zone.ready + zone.notReady)
            zones[name]?.state = found
            zones[name]?.swap(to: interval, at: time)
        }
        isHalted = all
    }

    // MARK: - Waiting nodes

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
        settle(at: now)
        guard let name = nodes[node]?.zone, var zone = zones[name], let interval = zone.interval else { return nil }
        while let head = zone.queue.first, nodes[head] == nil, zone.hasToken(at: now) {
            zone.queue.removeFirst()
            zone.lastToken = zone.lastToken == Zone.never ? now : zone.lastToken + interval
        }
        defer { zones[name] = zone }
        guard let place = zone.queue.firstIndex(of: node) else { return nil }
        let next = zone.lastToken + interval
        if next > now { return next - now + interval * Int64(place) }
        // Those before it have their turn in the same pass, or will not come: first come, first served.
        zone.queue.remove(at: place)
        zone.lastToken = now
        return .zero
    }

    /// The waiting nodes of all zones, in name order.
    package var waiting: [String] {
        var names: [String] = []
        for (_, zone) in zones { names += zone.queue }
        return names.sorted()
    }
}
