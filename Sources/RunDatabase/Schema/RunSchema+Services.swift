extension RunSchema {
    /// Services under traffic.
    static let thirdServices = """
        CREATE TABLE service (
            id INTEGER PRIMARY KEY,
            namespace TEXT NOT NULL,
            name TEXT NOT NULL
        ) STRICT;
        CREATE TABLE service_interval (
            id INTEGER PRIMARY KEY,
            service INTEGER NOT NULL REFERENCES service,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL,
            requests_milli INTEGER NOT NULL,
            failed_milli INTEGER NOT NULL,
            retries_milli INTEGER NOT NULL,
            p50_ns INTEGER NOT NULL,
            p95_ns INTEGER NOT NULL,
            p99_ns INTEGER NOT NULL,
            endpoints INTEGER NOT NULL,
            cpu_milli INTEGER NOT NULL,
            in_flight_milli INTEGER NOT NULL,
            violated INTEGER NOT NULL
        ) STRICT;
        CREATE VIEW service_interval_view AS
        SELECT i.id, s.namespace || '/' || s.name AS service, \(time("i.from_ns")) AS began,
            \(time("i.to_ns")) AS ended, \(seconds("i.from_ns", "i.to_ns")) AS duration_s,
            i.requests_milli / 1e3 AS requests, i.failed_milli / 1e3 AS failed, i.retries_milli / 1e3 AS retries,
            i.requests_milli * 1e6 / (i.to_ns - i.from_ns) AS requests_per_s, i.p50_ns / 1e9 AS p50_s,
            i.p95_ns / 1e9 AS p95_s, i.p99_ns / 1e9 AS p99_s, i.endpoints, i.cpu_milli / 1e3 AS cores,
            i.in_flight_milli / 1e3 AS in_flight, i.violated
        FROM service_interval i JOIN service s ON s.id = i.service;
        """
}
