extension WallClock {
    /// Creates a clock of the time zone that an IANA name names, or returns nil when the zone is not known.
    package init?(startDate: StartDate, zone: String) {
        guard zone.isEmpty || zone == "UTC" else { return nil }
        self.init(startDate: startDate)
    }
}
