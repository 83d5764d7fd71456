extension RunSchema {
    /// By what costs can be told apart beside workloads: labels of pods, namespaces of what no pod holds, and services.
    static let sixthAllocation = """
        ALTER TABLE pod ADD COLUMN labels INTEGER REFERENCES text;
        ALTER TABLE cost_allocation ADD COLUMN namespace INTEGER REFERENCES text;

        CREATE TABLE service_backend (
            service INTEGER NOT NULL REFERENCES service,
            controller INTEGER NOT NULL REFERENCES controller,
            PRIMARY KEY (service, controller)
        ) STRICT;

        CREATE VIEW pod_label_view AS
        SELECT p.id AS pod, e.key, e.value
        FROM pod p JOIN text t ON t.id = p.labels, json_each(t.value) e;

        DROP VIEW cost_allocation_view;
        CREATE VIEW cost_allocation_view AS
        SELECT a.id, t.value AS account, n.name AS node, c.title AS controller,
            coalesce(c.namespace, s.value) AS namespace, p.name AS pod,
            \(time("a.from_ns")) AS began, \(time("a.to_ns")) AS ended, a.cpu_nanousd / 1e9 AS cpu_usd,
            a.memory_nanousd / 1e9 AS memory_usd, a.gpu_nanousd / 1e9 AS gpu_usd, a.other_nanousd / 1e9 AS other_usd,
            (a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd) / 1e9 AS usd
        FROM cost_allocation a JOIN text t ON t.id = a.account LEFT JOIN node n ON n.id = a.node
            LEFT JOIN text s ON s.id = a.namespace
            LEFT JOIN controller_view c ON c.id = a.controller LEFT JOIN pod p ON p.id = a.pod;
        """
}
