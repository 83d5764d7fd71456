extension RunSchema {
    /// What an experiment keeps of each of its runs.
    static let sixthReplications = """
        ALTER TABLE experiment ADD COLUMN kind TEXT NOT NULL DEFAULT '';
        ALTER TABLE experiment ADD COLUMN version TEXT NOT NULL DEFAULT '';
        ALTER TABLE experiment ADD COLUMN plan TEXT NOT NULL DEFAULT '';
        ALTER TABLE experiment ADD COLUMN digest TEXT;
        ALTER TABLE replication ADD COLUMN tie INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE replication ADD COLUMN request TEXT NOT NULL DEFAULT '';
        ALTER TABLE replication ADD COLUMN events INTEGER;
        ALTER TABLE replication ADD COLUMN message TEXT NOT NULL DEFAULT '';
        CREATE TABLE replication_metric (
            id INTEGER PRIMARY KEY,
            replication INTEGER NOT NULL REFERENCES replication,
            name TEXT NOT NULL,
            value INTEGER NOT NULL,
            unit TEXT NOT NULL
        ) STRICT;
        CREATE TABLE replication_day (
            id INTEGER PRIMARY KEY,
            replication INTEGER NOT NULL REFERENCES replication,
            day INTEGER NOT NULL,
            name TEXT NOT NULL,
            value INTEGER NOT NULL,
            unit TEXT NOT NULL
        ) STRICT;
        CREATE TABLE comparison (
            id INTEGER PRIMARY KEY,
            variant INTEGER NOT NULL REFERENCES variant,
            metric TEXT NOT NULL,
            unit TEXT NOT NULL,
            role TEXT NOT NULL,
            pairs INTEGER NOT NULL,
            mean REAL,
            difference REAL,
            low REAL,
            high REAL,
            bootstrap_low REAL,
            bootstrap_high REAL,
            p REAL,
            p_adjusted REAL,
            finding TEXT NOT NULL,
            ties INTEGER NOT NULL,
            ties_agreeing INTEGER NOT NULL
        ) STRICT;
        """
}
