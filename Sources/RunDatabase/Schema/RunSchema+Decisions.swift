extension RunSchema {
    /// Attempts that a run keeps in full.
    static let secondDecisions = """
        CREATE TABLE node_verdict (
            id INTEGER PRIMARY KEY,
            pod INTEGER NOT NULL REFERENCES pod,
            number INTEGER NOT NULL,
            at_ns INTEGER NOT NULL,
            node INTEGER REFERENCES node,
            plugin INTEGER NOT NULL REFERENCES text,
            reason INTEGER NOT NULL REFERENCES text,
            total INTEGER NOT NULL,
            best INTEGER NOT NULL,
            chosen INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE node_score (
            id INTEGER PRIMARY KEY,
            verdict INTEGER NOT NULL REFERENCES node_verdict,
            plugin INTEGER NOT NULL REFERENCES text,
            score INTEGER NOT NULL
        ) STRICT;
        """
}
