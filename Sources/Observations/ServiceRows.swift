package import Chronology

/// A service under traffic.
package struct ServiceRow: Hashable, Sendable {
    /// A small number that other rows refer to.
    package var service: Int32
    package var namespace: String
    package var name: String

    package init(service: Int32, namespace: String, name: String) {
        self.service = service
        self.namespace = namespace
        self.name = name
    }
}

/// A workload whose pods answer for a service.
package struct ServiceBackendRow: Hashable, Sendable {
    package var service: Int32
    package var controller: Int32

    package init(service: Int32, controller: Int32) {
        self.service = service
        self.controller = controller
    }
}

/// A stretch of time in which a service did the same: nothing about its traffic or its endpoints changed.
package struct ServiceIntervalRow: Hashable, Sendable {
    package var service: Int32
    package var from: Instant
    package var to: Instant
    /// In thousandths of a request, without retries.
    package var requests: Int64 = 0
    /// Those of them that users made, and no other service, in thousandths.
    package var users: Int64 = 0
    /// Those of the requests that failed for good, in thousandths.
    package var failed: Int64 = 0
    /// Those of the failed that were in flight at the end of the stretch and were lost then, in thousandths.
    package var lost: Int64 = 0
    /// In thousandths.
    package var retries: Int64 = 0
    package var p50 = Duration.zero
    package var p95 = Duration.zero
    package var p99 = Duration.zero
    /// Endpoints that answered.
    package var endpoints: Int32 = 0
    /// Thousandths of a core that all of them used for requests.
    package var cpu: Int64 = 0
    /// Thousandths of a request that were in flight.
    package var inFlight: Int64 = 0
    /// Whether the objective was missed.
    package var isViolated = false

    package init(service: Int32, from: Instant, to: Instant) {
        self.service = service
        self.from = from
        self.to = to
    }
}
