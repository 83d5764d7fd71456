extension RunSchema {
    /// Returns the SQL of an instant as RFC 3339 with milliseconds, in UTC.
    static func time(_ column: String) -> String {
        """
        iif(\(column) IS NULL, NULL, strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), \
        printf('%.3f seconds', \(column) / 1e9)))
        """
    }

    /// Returns the SQL of a length of time in seconds.
    static func seconds(_ from: String, _ to: String) -> String { "(\(to) - \(from)) / 1e9" }

    /// Returns the SQL of a uid as it is written.
    static func uuid(_ column: String) -> String {
        let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
        return parts.map { "substr(lower(hex(\(column))), \($0.0), \($0.1))" }.joined(separator: " || '-' || ")
    }

    /// The tables with names in place of numbers, for people: times as RFC 3339, lengths in seconds.
    static let firstViews = """
        CREATE VIEW controller_view AS
        SELECT id, namespace, kind, name, kind || ' ' || namespace || '/' || name AS title FROM controller;

        CREATE VIEW pod_view AS
        SELECT p.id, s.value AS namespace, p.name, \(uuid("p.uid")) AS uid, c.title AS controller,
            p.request_cpu_milli / 1e3 AS request_cores, p.request_memory_bytes, p.request_gpu, p.priority,
            \(time("p.created_ns")) AS created, n.name AS node, coalesce(f.value, 'Unknown') AS phase,
            coalesce(r.value, '') AS reason, e.restarts, e.alive, \(time("e.ended_ns")) AS ended,
            \(seconds("p.created_ns", "e.ended_ns")) AS lifetime_s
        FROM pod p JOIN text s ON s.id = p.namespace
            LEFT JOIN controller_view c ON c.id = p.controller
            LEFT JOIN pod_end e ON e.pod = p.id
            LEFT JOIN node n ON n.id = e.node
            LEFT JOIN text f ON f.id = e.phase
            LEFT JOIN text r ON r.id = e.reason;

        CREATE VIEW pod_interval_view AS
        SELECT i.id, s.value AS namespace, p.name AS pod, t.name AS state, n.name AS node,
            \(time("i.from_ns")) AS began, \(time("i.to_ns")) AS ended,
            \(seconds("i.from_ns", "i.to_ns")) AS duration_s
        FROM pod_interval i JOIN pod p ON p.id = i.pod JOIN text s ON s.id = p.namespace
            JOIN pod_state t ON t.id = i.state LEFT JOIN node n ON n.id = i.node;

        CREATE VIEW node_interval_view AS
        SELECT i.id, n.name AS node, t.name AS state, \(time("i.from_ns")) AS began, \(time("i.to_ns")) AS ended,
            \(seconds("i.from_ns", "i.to_ns")) AS duration_s
        FROM node_interval i JOIN node n ON n.id = i.node JOIN node_state t ON t.id = i.state;

        CREATE VIEW event_view AS
        SELECT e.id, \(time("e.first_ns")) AS first, \(time("e.last_ns")) AS last, e.count,
            iif(e.warning, 'Warning', 'Normal') AS type, o.value AS object, r.value AS reason, e.message,
            c.value AS source
        FROM event e JOIN text o ON o.id = e.object JOIN text r ON r.id = e.reason
            JOIN text c ON c.id = e.source;

        CREATE VIEW attempt_view AS
        SELECT a.id, s.value AS namespace, p.name AS pod, a.number, \(time("a.first_ns")) AS first,
            \(time("a.last_ns")) AS last, a.count, o.value AS outcome, n.name AS node, a.evaluated, a.feasible,
            a.ties, a.score, a.waited_ns / 1e9 AS waited_s, m.value AS message
        FROM scheduling_attempt a JOIN pod p ON p.id = a.pod JOIN text s ON s.id = p.namespace
            JOIN text o ON o.id = a.outcome JOIN text m ON m.id = a.message LEFT JOIN node n ON n.id = a.node;

        CREATE VIEW rejection_view AS
        SELECT r.id, r.attempt, g.value AS plugin, t.value AS reason, r.nodes
        FROM scheduling_rejection r JOIN text g ON g.id = r.plugin JOIN text t ON t.id = r.reason;

        CREATE VIEW image_pull_view AS
        SELECT i.id, n.name AS node, t.value AS image, i.bytes, i.cached_bytes, \(time("i.from_ns")) AS began,
            \(time("i.to_ns")) AS ended, \(seconds("i.from_ns", "i.to_ns")) AS duration_s, o.value AS outcome
        FROM image_pull i JOIN node n ON n.id = i.node JOIN text t ON t.id = i.image JOIN text o ON o.id = i.outcome;

        CREATE VIEW fault_view AS
        SELECT id, name, kind, target, \(time("from_ns")) AS began, \(time("to_ns")) AS healed,
            \(seconds("from_ns", "to_ns")) AS duration_s
        FROM fault;
        """

    /// Sums and money for people: cores, dollars and RFC 3339.
    static let firstSumViews = """
        CREATE VIEW demand_view AS
        SELECT d.id, c.title AS controller, \(time("d.from_ns")) AS began, \(time("d.to_ns")) AS ended,
            d.pods, d.cpu_milli * d.pods / 1e3 AS cores, d.memory_bytes * d.pods AS memory_bytes
        FROM demand_interval d JOIN controller_view c ON c.id = d.controller;

        CREATE VIEW capacity_view AS
        SELECT id, \(time("from_ns")) AS began, \(time("to_ns")) AS ended, nodes, pods, pending,
            allocatable_cpu_milli / 1e3 AS allocatable_cores, requested_cpu_milli / 1e3 AS requested_cores,
            allocatable_memory_bytes, requested_memory_bytes, allocatable_gpu, requested_gpu
        FROM capacity_interval;

        CREATE VIEW cost_asset_view AS
        SELECT a.id, a.kind, a.name, n.name AS node, \(time("a.from_ns")) AS began, \(time("a.to_ns")) AS ended,
            a.amount_nanousd / 1e9 AS usd
        FROM cost_asset a LEFT JOIN node n ON n.id = a.node;

        CREATE VIEW cost_allocation_view AS
        SELECT a.id, t.value AS account, n.name AS node, c.title AS controller, c.namespace, p.name AS pod,
            \(time("a.from_ns")) AS began, \(time("a.to_ns")) AS ended, a.cpu_nanousd / 1e9 AS cpu_usd,
            a.memory_nanousd / 1e9 AS memory_usd, a.gpu_nanousd / 1e9 AS gpu_usd, a.other_nanousd / 1e9 AS other_usd,
            (a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd) / 1e9 AS usd
        FROM cost_allocation a JOIN text t ON t.id = a.account LEFT JOIN node n ON n.id = a.node
            LEFT JOIN controller_view c ON c.id = a.controller LEFT JOIN pod p ON p.id = a.pod;
        """
}
