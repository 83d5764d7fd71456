package import Chronology

/// A Kubernetes Event; equal ones in a row are counted.
package struct EventRow: Hashable, Sendable {
    package var at: Instant
    package var isWarning: Bool
    /// `Kind namespace/name`.
    package var object: String
    package var reason: String
    package var message: String
    /// The component that reported it.
    package var source: String

    package init(
        at: Instant, isWarning: Bool, object: String, reason: String, message: String, source: String
    ) {
        self.at = at
        self.isWarning = isWarning
        self.object = object
        self.reason = reason
        self.message = message
        self.source = source
    }
}

/// Why some nodes were refused in one attempt.
package struct RejectionRow: Hashable, Sendable {
    package var plugin: String
    package var reason: String
    package var nodes: Int32

    package init(
        plugin: String, reason: String, nodes: Int32
    ) {
        self.plugin = plugin
        self.reason = reason
        self.nodes = nodes
    }
}

/// One attempt to schedule a pod; equal failures in a row are counted.
package struct AttemptRow: Hashable, Sendable {
    package var pod: Int32
    package var number: Int32
    package var first: Instant
    package var last: Instant
    /// How many attempts this row stands for.
    package var count: Int32
    /// `bound`, `unschedulable`, `gated` or `error`.
    package var outcome: String
    /// -1 when none was chosen.
    package var node: Int32
    /// Nodes looked at.
    package var evaluated: Int32
    /// Nodes that passed every filter.
    package var feasible: Int32
    /// Nodes that shared the best score.
    package var ties: Int32
    package var score: Int64
    /// Time in the queue since the pod was created.
    package var waited: Duration
    package var message: String
    package var rejections: [RejectionRow]

    package init(
        pod: Int32, number: Int32, first: Instant, last: Instant, count: Int32, outcome: String, node: Int32,
        evaluated: Int32, feasible: Int32, ties: Int32, score: Int64, waited: Duration, message: String,
        rejections: [RejectionRow]
    ) {
        self.pod = pod
        self.number = number
        self.first = first
        self.last = last
        self.count = count
        self.outcome = outcome
        self.node = node
        self.evaluated = evaluated
        self.feasible = feasible
        self.ties = ties
        self.score = score
        self.waited = waited
        self.message = message
        self.rejections = rejections
    }
}

/// One pull of an image to a node.
package struct ImagePullRow: Hashable, Sendable {
    package var node: Int32
    /// -1 for what no pod waited for.
    package var pod: Int32
    package var image: String
    /// What the image's name meant; -1 when that was not found out.
    package var version: Int32
    /// Bytes fetched from the registry.
    package var registryBytes: Int64
    /// Bytes fetched from the zone's cache, which had them.
    package var cacheBytes: Int64
    /// Bytes fetched from machines of the zone.
    package var peerBytes: Int64
    /// Bytes fetched from machines of other zones.
    package var crossZoneBytes: Int64
    /// Bytes of layers that were on the node, or on their way to it.
    package var cachedBytes: Int64
    package var from: Instant
    package var to: Instant
    /// `pulled`, `streamed` for what came after the start, `cancelled`, or the error.
    package var outcome: String

    /// All bytes that were fetched.
    package var bytes: Int64 { registryBytes + cacheBytes + peerBytes + crossZoneBytes }

    package init(
        node: Int32, pod: Int32 = -1, image: String, version: Int32 = -1, registryBytes: Int64, cacheBytes: Int64 = 0,
        peerBytes: Int64 = 0, crossZoneBytes: Int64 = 0, cachedBytes: Int64, from: Instant, to: Instant,
        outcome: String
    ) {
        self.node = node
        self.pod = pod
        self.image = image
        self.version = version
        self.registryBytes = registryBytes
        self.cacheBytes = cacheBytes
        self.peerBytes = peerBytes
        self.crossZoneBytes = crossZoneBytes
        self.cachedBytes = cachedBytes
        self.from = from
        self.to = to
        self.outcome = outcome
    }
}

/// A fault that a run was given and that never struck.
package struct UnstruckFaultRow: Hashable, Sendable {
    package var name: String
    package var kind: String
    /// When it was due first; nil when it never was, or nobody knows.
    package var due: Instant?
    /// Why it did not strike, as the rest of a sentence.
    package var reason: String

    package init(name: String, kind: String, due: Instant?, reason: String) {
        self.name = name
        self.kind = kind
        self.due = due
        self.reason = reason
    }
}

/// Something that broke, and when it healed.
package struct FaultRow: Hashable, Sendable {
    package var fault: Int32
    package var name: String
    package var kind: String
    package var target: String
    package var from: Instant
    /// `Instant.never` when it did not heal within the run.
    package var to: Instant

    package init(
        fault: Int32, name: String, kind: String, target: String, from: Instant, to: Instant
    ) {
        self.fault = fault
        self.name = name
        self.kind = kind
        self.target = target
        self.from = from
        self.to = to
    }
}

/// The digest after a block of events.
package struct CheckpointRow: Hashable, Sendable {
    /// The number of events up to here.
    package var events: Int64
    package var at: Instant
    package var digest: String
    /// The low bits of the digest after each event of the block.
    package var trail: [UInt16]

    package init(
        events: Int64, at: Instant, digest: String, trail: [UInt16]
    ) {
        self.events = events
        self.at = at
        self.digest = digest
        self.trail = trail
    }
}

/// A named number about the whole run.
package struct MetricRow: Hashable, Sendable {
    package var name: String
    package var value: Int64
    package var unit: String

    package init(
        name: String, value: Int64, unit: String
    ) {
        self.name = name
        self.value = value
        self.unit = unit
    }
}

/// Whether something the scenario demands held.
package struct AssertionRow: Hashable, Sendable {
    package var name: String
    package var expected: String
    package var actual: String
    package var held: Bool

    package init(
        name: String, expected: String, actual: String, held: Bool
    ) {
        self.name = name
        self.expected = expected
        self.actual = actual
        self.held = held
    }
}
