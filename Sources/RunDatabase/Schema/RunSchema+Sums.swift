extension RunSchema {
    /// Sums over time, money, and what is known about the run as a whole.
    static let firstSums = """
        CREATE TABLE demand_interval (
            id INTEGER PRIMARY KEY,
            controller INTEGER NOT NULL REFERENCES controller,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL,
            cpu_milli INTEGER NOT NULL,
            memory_bytes INTEGER NOT NULL,
            pods INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE capacity_interval (
            id INTEGER PRIMARY KEY,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL,
            nodes INTEGER NOT NULL,
            pods INTEGER NOT NULL,
            pending INTEGER NOT NULL,
            allocatable_cpu_milli INTEGER NOT NULL,
            requested_cpu_milli INTEGER NOT NULL,
            allocatable_memory_bytes INTEGER NOT NULL,
            requested_memory_bytes INTEGER NOT NULL,
            allocatable_gpu INTEGER NOT NULL,
            requested_gpu INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE cost_asset (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            node INTEGER REFERENCES node,
            name TEXT NOT NULL,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL,
            amount_nanousd INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE cost_allocation (
            id INTEGER PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES text,
            node INTEGER REFERENCES node,
            controller INTEGER REFERENCES controller,
            pod INTEGER REFERENCES pod,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL,
            cpu_nanousd INTEGER NOT NULL,
            memory_nanousd INTEGER NOT NULL,
            gpu_nanousd INTEGER NOT NULL,
            other_nanousd INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE metric (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            value INTEGER NOT NULL,
            unit TEXT NOT NULL
        ) STRICT;
        CREATE TABLE assertion (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            expected TEXT NOT NULL,
            actual TEXT NOT NULL,
            held INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE checkpoint (
            events INTEGER PRIMARY KEY,
            at_ns INTEGER NOT NULL,
            digest TEXT NOT NULL,
            trail BLOB NOT NULL
        ) STRICT;
        """

    /// What an experiment of many runs writes into a database of its own; empty in the database of one run.
    static let firstExperiments = """
        CREATE TABLE experiment (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            question TEXT NOT NULL
        ) STRICT;
        CREATE TABLE variant (
            id INTEGER PRIMARY KEY,
            experiment INTEGER NOT NULL REFERENCES experiment,
            name TEXT NOT NULL,
            changes TEXT NOT NULL,
            baseline INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE replication (
            id INTEGER PRIMARY KEY,
            variant INTEGER NOT NULL REFERENCES variant,
            number INTEGER NOT NULL,
            seed TEXT NOT NULL,
            file TEXT NOT NULL,
            digest TEXT,
            status TEXT NOT NULL
        ) STRICT;
        CREATE TABLE forecast (
            id INTEGER PRIMARY KEY,
            variant INTEGER NOT NULL REFERENCES variant,
            measure TEXT NOT NULL,
            unit TEXT NOT NULL,
            at_ns INTEGER NOT NULL,
            quantile_permille INTEGER NOT NULL,
            value REAL NOT NULL
        ) STRICT;
        """
}
