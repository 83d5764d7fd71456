extension RunSchema {
    /// What an action of an autoscaler costs or saves, and why it was taken.
    static let fifthScaling = """
        ALTER TABLE scaling_action ADD COLUMN machine_type TEXT NOT NULL DEFAULT '';
        ALTER TABLE scaling_action ADD COLUMN price_change_nanousd_per_hour INTEGER;
        ALTER TABLE scaling_action ADD COLUMN message TEXT NOT NULL DEFAULT '';
        """
}
