import Chronology
import Testing

@Suite("Time zones")
struct ZoneTests {
    private static func clock(_ zone: String, start: String = "2012-01-01") throws -> WallClock {
        try #require(WallClock(startDate: try StartDate(parsing: start), zone: zone), "\(zone)")
    }

    @Test(
        "clocks show what the tz database says",
        arguments: [
            ("Europe/Paris", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00"),
            ("Europe/Paris", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"),
            ("Europe/Paris", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00+01:00"),
            ("Europe/Dublin", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00+01:00"),
            ("Australia/Sydney", "2026-01-01T00:00:00Z", "2026-01-01T11:00:00+11:00"),
            ("Australia/Sydney", "2026-07-01T00:00:00Z", "2026-07-01T10:00:00+10:00"),
            ("Australia/Lord_Howe", "2026-07-01T00:00:00Z", "2026-07-01T10:30:00+10:30"),
            ("Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T05:45:00+05:45"),
            ("America/Nuuk", "2026-03-28T23:00:00Z", "2026-03-28T21:00:00-02:00"),
            ("America/Nuuk", "2026-03-29T01:00:00Z", "2026-03-29T00:00:00-01:00"),
            ("America/Santiago", "2026-09-06T04:00:00Z", "2026-09-06T01:00:00-03:00"),
            ("Etc/GMT+5", "2026-01-01T00:00:00Z", "2025-12-31T19:00:00-05:00"),
            ("UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ])
    func shows(zone: String, time: String, expected: String) throws {
        let clock = try Self.clock(zone, start: "2026-01-01")
        #expect(clock.text(of: try clock.instant(parsing: time)) == expected)
    }

    @Test("a name that is no zone's gives no clock", arguments: ["Mars/Olympus", "europe/paris", "Local", "+02:00"])
    func unknown(zone: String) throws {
        #expect(WallClock(startDate: try StartDate(parsing: "2026-01-01"), zone: zone) == nil)
    }

    @Test("there are all zones but the four that follow the moon")
    func names() {
        #expect(WallClock.zoneNames.count == 593)
        #expect(!WallClock.zoneNames.contains("Africa/Casablanca"))
    }

    // The cases of upstream's cron library for New York.
    @Test(
        "schedules follow the clock: what it skips is left out, what it shows twice comes twice",
        arguments: [
            ("30 2 11 Mar ?", "2012-03-11T00:00:00-05:00", "2013-03-11T02:30:00-04:00"),
            ("0 * * * ?", "2012-03-11T01:00:00-05:00", "2012-03-11T03:00:00-04:00"),
            ("0 * * * ?", "2012-03-11T03:00:00-04:00", "2012-03-11T04:00:00-04:00"),
            ("0 1 * * ?", "2012-03-11T00:00:00-05:00", "2012-03-11T01:00:00-05:00"),
            ("0 1 * * ?", "2012-03-11T01:00:00-05:00", "2012-03-12T01:00:00-04:00"),
            ("0 2 * * ?", "2012-03-11T00:00:00-05:00", "2012-03-12T02:00:00-04:00"),
            ("30 2 04 Nov ?", "2012-11-04T00:00:00-04:00", "2012-11-04T02:30:00-05:00"),
            ("30 1 04 Nov ?", "2012-11-04T01:45:00-04:00", "2012-11-04T01:30:00-05:00"),
            ("0 * * * ?", "2012-11-04T01:00:00-04:00", "2012-11-04T01:00:00-05:00"),
            ("0 1 * * ?", "2012-11-04T01:00:00-04:00", "2012-11-04T01:00:00-05:00"),
            ("0 1 * * ?", "2012-11-04T01:00:00-05:00", "2012-11-05T01:00:00-05:00"),
            ("0 2 * * ?", "2012-11-04T00:00:00-04:00", "2012-11-04T02:00:00-05:00"),
            ("0 0 29 Feb ?", "2012-07-09T00:00:00-04:00", "2016-02-29T00:00:00-05:00"),
        ])
    func schedules(schedule: String, after: String, expected: String) throws {
        let clock = try Self.clock("America/New_York")
        let next = try CronSchedule(parsing: schedule).next(after: try clock.instant(parsing: after), on: clock)
        #expect(next.map { clock.text(of: $0) } == expected)
    }

    // The search of upstream's cron library lands an hour beside a midnight that the clock skips.
    @Test(
        "where the clock skips midnight days are left out or get a run too many, as upstream has it",
        arguments: [
            ("Africa/Cairo", "0 12 * * 5", "2026-04-17T12:00:00+02:00", "2026-05-01T12:00:00+03:00"),
            ("Africa/Cairo", "0 12 * * 4", "2026-04-23T12:00:00+02:00", "2026-04-24T12:00:00+03:00"),
            ("Africa/Cairo", "0 12 * * 4", "2026-04-24T12:00:00+03:00", "2026-04-30T12:00:00+03:00"),
            ("America/Santiago", "0 12 * * 6", "2026-09-05T12:00:00-04:00", "2026-09-06T12:00:00-03:00"),
            ("America/Santiago", "0 12 * * 0", "2026-08-30T12:00:00-04:00", "2026-09-06T12:00:00-03:00"),
            ("Asia/Beirut", "0 12 * * 0", "2026-03-22T12:00:00+02:00", "2026-04-05T12:00:00+03:00"),
            ("Asia/Beirut", "0 12 * * 6", "2026-03-28T12:00:00+02:00", "2026-03-29T12:00:00+03:00"),
            ("America/Havana", "0 12 * * 6", "2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00"),
            ("Europe/Berlin", "30 2 * * *", "2026-03-28T02:30:00+01:00", "2026-03-30T02:30:00+02:00"),
            ("Europe/Berlin", "30 2 * * *", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
        ])
    func skippedMidnights(zone: String, schedule: String, after: String, expected: String) throws {
        let clock = try Self.clock(zone, start: "2026-01-01")
        let next = try CronSchedule(parsing: schedule).next(after: try clock.instant(parsing: after), on: clock)
        #expect(next.map { clock.text(of: $0) } == expected)
    }

    @Test("a day that begins with a skipped hour has its first run after it")
    func skippedMidnight() throws {
        let clock = try Self.clock("America/Santiago", start: "2026-01-01")
        let after = try clock.instant(parsing: "2026-09-05T12:00:00Z")
        let next = try CronSchedule(parsing: "30 * 6 9 *").next(after: after, on: clock)
        #expect(next.map { clock.text(of: $0) } == "2026-09-06T01:30:00-03:00")
        #expect(try CronSchedule(parsing: "0 0 30 2 *").next(after: after, on: clock) == nil)
    }
}
