extension RunSchema {
    /// When most was requested of the machines: means over an hour do not tell.
    static let eighthPeaks = """
        ALTER TABLE capacity_interval ADD COLUMN peak_requested_cpu_milli INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE capacity_interval ADD COLUMN peak_allocatable_cpu_milli INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE capacity_interval ADD COLUMN peak_requested_memory_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE capacity_interval ADD COLUMN peak_allocatable_memory_bytes INTEGER NOT NULL DEFAULT 0;
        """

    /// What of the usage nobody has said.
    static let ninthDemand = """
        ALTER TABLE demand_interval ADD COLUMN assumed_cpu_milli INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE demand_interval ADD COLUMN assumed_memory_bytes INTEGER NOT NULL DEFAULT 0;
        """
}
