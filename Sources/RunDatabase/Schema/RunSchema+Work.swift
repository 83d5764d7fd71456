extension RunSchema {
    /// Runs of containers that were cut short.
    static let lostWork = """
        CREATE TABLE lost_work (
            id INTEGER PRIMARY KEY,
            pod INTEGER REFERENCES pod,
            node INTEGER NOT NULL REFERENCES node,
            container INTEGER NOT NULL REFERENCES text,
            at_ns INTEGER NOT NULL,
            reason INTEGER NOT NULL REFERENCES text,
            exit_code INTEGER NOT NULL,
            done_ns INTEGER NOT NULL,
            lost_ns INTEGER NOT NULL,
            saved_ns INTEGER NOT NULL,
            overhead_ns INTEGER NOT NULL
        ) STRICT;
        """
}
