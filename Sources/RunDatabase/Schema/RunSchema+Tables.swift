// Schema.md in RunDatabase.docc says what every column means; SchemaTests holds the two together.

extension RunSchema {
    /// What was simulated, and what happened to nodes and pods.
    static let firstTables = """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            scenario TEXT NOT NULL,
            seed TEXT NOT NULL,
            version TEXT NOT NULL,
            start_date TEXT NOT NULL,
            horizon_ns INTEGER NOT NULL,
            digest TEXT,
            events INTEGER NOT NULL,
            reached_ns INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('running', 'complete', 'failed')),
            schema INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE input (id INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE TABLE parameter (id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL) STRICT;
        CREATE TABLE warning (id INTEGER PRIMARY KEY, message TEXT NOT NULL) STRICT;
        CREATE TABLE text (id INTEGER PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE pod_state (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
        CREATE TABLE node_state (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
        CREATE TABLE node (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            machine_type TEXT NOT NULL,
            zone TEXT NOT NULL,
            pool TEXT NOT NULL,
            purchase TEXT NOT NULL,
            price_per_hour_nanousd INTEGER NOT NULL,
            capacity_cpu_milli INTEGER NOT NULL,
            capacity_memory_bytes INTEGER NOT NULL,
            capacity_gpu INTEGER NOT NULL,
            allocatable_cpu_milli INTEGER NOT NULL,
            allocatable_memory_bytes INTEGER NOT NULL,
            allocatable_pods INTEGER NOT NULL,
            allocatable_gpu INTEGER NOT NULL,
            launched_ns INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE node_interval (
            id INTEGER PRIMARY KEY,
            node INTEGER NOT NULL REFERENCES node,
            state INTEGER NOT NULL REFERENCES node_state,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE controller (
            id INTEGER PRIMARY KEY,
            namespace TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL
        ) STRICT;
        CREATE TABLE pod (
            id INTEGER PRIMARY KEY,
            uid BLOB NOT NULL,
            namespace INTEGER NOT NULL REFERENCES text,
            name TEXT NOT NULL,
            controller INTEGER REFERENCES controller,
            request_cpu_milli INTEGER NOT NULL,
            request_memory_bytes INTEGER NOT NULL,
            request_gpu INTEGER NOT NULL,
            priority INTEGER NOT NULL,
            created_ns INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE pod_end (
            pod INTEGER PRIMARY KEY REFERENCES pod,
            node INTEGER REFERENCES node,
            phase INTEGER NOT NULL REFERENCES text,
            reason INTEGER NOT NULL REFERENCES text,
            restarts INTEGER NOT NULL,
            alive INTEGER NOT NULL,
            ended_ns INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE pod_interval (
            id INTEGER PRIMARY KEY,
            pod INTEGER NOT NULL REFERENCES pod,
            state INTEGER NOT NULL REFERENCES pod_state,
            node INTEGER REFERENCES node,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE event (
            id INTEGER PRIMARY KEY,
            first_ns INTEGER NOT NULL,
            last_ns INTEGER NOT NULL,
            count INTEGER NOT NULL,
            warning INTEGER NOT NULL,
            object INTEGER NOT NULL REFERENCES text,
            reason INTEGER NOT NULL REFERENCES text,
            message TEXT NOT NULL,
            source INTEGER NOT NULL REFERENCES text
        ) STRICT;
        CREATE TABLE scheduling_attempt (
            id INTEGER PRIMARY KEY,
            pod INTEGER NOT NULL REFERENCES pod,
            number INTEGER NOT NULL,
            first_ns INTEGER NOT NULL,
            last_ns INTEGER NOT NULL,
            count INTEGER NOT NULL,
            outcome INTEGER NOT NULL REFERENCES text,
            node INTEGER REFERENCES node,
            evaluated INTEGER NOT NULL,
            feasible INTEGER NOT NULL,
            ties INTEGER NOT NULL,
            score INTEGER NOT NULL,
            waited_ns INTEGER NOT NULL,
            message INTEGER NOT NULL REFERENCES text
        ) STRICT;
        CREATE TABLE scheduling_rejection (
            id INTEGER PRIMARY KEY,
            attempt INTEGER NOT NULL REFERENCES scheduling_attempt,
            plugin INTEGER NOT NULL REFERENCES text,
            reason INTEGER NOT NULL REFERENCES text,
            nodes INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE image_pull (
            id INTEGER PRIMARY KEY,
            node INTEGER NOT NULL REFERENCES node,
            image INTEGER NOT NULL REFERENCES text,
            bytes INTEGER NOT NULL,
            cached_bytes INTEGER NOT NULL,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL,
            outcome INTEGER NOT NULL REFERENCES text
        ) STRICT;
        CREATE TABLE fault (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            target TEXT NOT NULL,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER
        ) STRICT;
        CREATE TABLE scaling_action (
            id INTEGER PRIMARY KEY,
            at_ns INTEGER NOT NULL,
            component TEXT NOT NULL,
            target TEXT NOT NULL,
            from_size INTEGER NOT NULL,
            to_size INTEGER NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;
        """
}
