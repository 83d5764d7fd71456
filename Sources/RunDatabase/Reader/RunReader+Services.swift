import GRDB

/// What came of the requests to one service.
package struct ServiceOutcome: Hashable, Sendable {
    /// `namespace/name`.
    package var name: String
    /// Whole requests, without retries.
    package var requests: Int64
    /// Those that failed for good.
    package var failed: Int64
    /// Seconds: the mean of the 99th percentile over all requests, and its largest value.
    package var p99: Double
    package var p99Max: Double
    /// Seconds in which the objective was missed.
    package var violated: Double
}

extension RunReader {
    /// Returns what came of the requests to each service, in the order of the scenario.
    package func serviceOutcomes() throws(RunDatabaseError) -> [ServiceOutcome] {
        // A file of an older schema has no services.
        guard try tableExists("service") else { return [] }
        return try rows(
            """
            SELECT s.namespace || '/' || s.name AS name, coalesce(sum(i.requests_milli), 0) / 1000 AS requests,
                coalesce(sum(i.failed_milli), 0) / 1000 AS failed,
                coalesce(sum(i.p99_ns / 1e9 * i.requests_milli) / nullif(sum(i.requests_milli), 0), 0) AS p99,
                coalesce(max(i.p99_ns), 0) / 1e9 AS p99_max,
                coalesce(sum(iif(i.violated, i.to_ns - i.from_ns, 0)), 0) / 1e9 AS violated
            FROM service s LEFT JOIN service_interval i ON i.service = s.id
            GROUP BY s.id ORDER BY s.id
            """
        ) {
            ServiceOutcome(
                name: $0["name"], requests: $0["requests"], failed: $0["failed"], p99: $0["p99"],
                p99Max: $0["p99_max"], violated: $0["violated"])
        }
    }

    private func tableExists(_ name: String) throws(RunDatabaseError) -> Bool {
        try !rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [name]) { _ in true }.isEmpty
    }
}
