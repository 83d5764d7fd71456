extension RunSchema {
    /// What machines that ran short of something did to pods.
    static let thirdPressure = """
        CREATE TABLE throttle_interval (
            id INTEGER PRIMARY KEY,
            pod INTEGER NOT NULL REFERENCES pod,
            node INTEGER NOT NULL REFERENCES node,
            from_ns INTEGER NOT NULL,
            to_ns INTEGER NOT NULL,
            wanted_cpu_milli INTEGER NOT NULL,
            granted_cpu_milli INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE pressure_kill (
            id INTEGER PRIMARY KEY,
            pod INTEGER NOT NULL REFERENCES pod,
            node INTEGER NOT NULL REFERENCES node,
            container INTEGER NOT NULL REFERENCES text,
            at_ns INTEGER NOT NULL,
            reason INTEGER NOT NULL REFERENCES text,
            signal INTEGER NOT NULL REFERENCES text
        ) STRICT;
        """
}
