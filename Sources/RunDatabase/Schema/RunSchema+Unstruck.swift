extension RunSchema {
    /// Faults that a run was given and that never struck: of what did not happen, nothing else tells.
    static let ninthFaults = """
        CREATE TABLE unstruck_fault (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            due_ns INTEGER,
            reason TEXT NOT NULL
        ) STRICT;
        """
}
