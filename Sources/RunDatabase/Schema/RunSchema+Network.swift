extension RunSchema {
    /// What workloads send and what that costs, and the labels of what belongs to no workload.
    static let seventhNetwork = """
        ALTER TABLE cost_allocation ADD COLUMN labels INTEGER REFERENCES text;

        CREATE TABLE network_traffic (
            id INTEGER PRIMARY KEY,
            line TEXT NOT NULL,
            controller INTEGER REFERENCES controller,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            amount_nanousd INTEGER NOT NULL
        ) STRICT;

        CREATE VIEW network_traffic_view AS
        SELECT t.id, t.line, c.title AS controller, c.namespace, \(time("t.from_ns")) AS began,
            \(time("t.to_ns")) AS ended, t.bytes, t.amount_nanousd / 1e9 AS usd
        FROM network_traffic t LEFT JOIN controller_view c ON c.id = t.controller;
        """
}
