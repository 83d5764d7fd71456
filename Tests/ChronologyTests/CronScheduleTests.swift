import Chronology
import Testing

struct CronScheduleTests {
    private func next(_ schedule: String, after text: String, offset: UTCOffset = .utc) throws -> String? {
        let clock = WallClock(startDate: try StartDate(parsing: "2012-01-01"), offset: offset)
        let schedule = try CronSchedule(parsing: schedule)
        return schedule.next(after: try clock.instant(parsing: text), on: clock).map { clock.text(of: $0) }
    }

    @Test(
        "The next time is the first that matches and lies after",
        arguments: [
            ("* * * * *", "2012-07-09T14:45:00Z", "2012-07-09T14:46:00Z"),
            ("* * * * *", "2012-07-09T14:45:59.999Z", "2012-07-09T14:46:00Z"),
            ("0/15 * * * *", "2012-07-09T14:45:00Z", "2012-07-09T15:00:00Z"),
            ("*/15 * * * *", "2012-07-09T14:59:59Z", "2012-07-09T15:00:00Z"),
            ("20-35/15 * * * *", "2012-07-09T14:46:00Z", "2012-07-09T15:20:00Z"),
            ("20-35/15 * * * *", "2012-07-09T14:20:00Z", "2012-07-09T14:35:00Z"),
            ("20-35/15 * * * *", "2012-07-09T23:46:00Z", "2012-07-10T00:20:00Z"),
            ("5/20 * * * *", "2012-07-09T14:26:00Z", "2012-07-09T14:45:00Z"),
            ("15,45 9-17 * * mon-fri", "2012-07-06T17:45:00Z", "2012-07-09T09:15:00Z"),
            ("0 0 9 Feb *", "2012-07-09T23:35:00Z", "2013-02-09T00:00:00Z"),
            ("0 0 1 Jan,Apr,Jul,Oct ?", "2012-07-09T00:00:00Z", "2012-10-01T00:00:00Z"),
            ("0 0 29 Feb ?", "2012-07-09T23:35:00Z", "2016-02-29T00:00:00Z"),
            ("30 23 31 DEC *", "2012-12-31T23:30:00Z", "2013-12-31T23:30:00Z"),
            ("0 0 31 * *", "2012-08-31T00:00:00Z", "2012-10-31T00:00:00Z"),
            ("59 23 * * *", "2012-12-31T23:59:00Z", "2013-01-01T23:59:00Z"),
            ("1,,2 * * * *", "2012-07-09T14:01:00Z", "2012-07-09T14:02:00Z"),
            ("  0   0 * * SAT  ", "2012-07-09T00:00:00Z", "2012-07-14T00:00:00Z"),
            ("0 0 * * 0", "2012-07-15T00:00:00Z", "2012-07-22T00:00:00Z"),
            // The five years are counted from the next second, which lies in 2099.
            ("0 0 29 2 *", "2098-12-31T23:59:59.5Z", "2104-02-29T00:00:00Z"),
        ])
    func fields(schedule: String, after: String, expected: String) throws {
        #expect(try next(schedule, after: after) == expected)
    }

    // 2012-07-15 is a Sunday.
    @Test(
        "Day of month and day of week: either is enough, unless one is a wildcard",
        arguments: [
            ("0 0 13 * sun", "2012-07-09T00:00:00Z", "2012-07-13T00:00:00Z"),
            ("0 0 13 * sun", "2012-07-13T00:00:00Z", "2012-07-15T00:00:00Z"),
            ("0 0 * * sun", "2012-07-09T00:00:00Z", "2012-07-15T00:00:00Z"),
            ("0 0 ? * sun", "2012-07-09T00:00:00Z", "2012-07-15T00:00:00Z"),
            ("0 0 13 * *", "2012-07-09T00:00:00Z", "2012-07-13T00:00:00Z"),
            ("0 0 */1 * sun", "2012-07-09T00:00:00Z", "2012-07-15T00:00:00Z"),
            // A step above 1 is no wildcard any more, so either field is enough: 11 July is odd and a Wednesday.
            ("0 0 */2 * sun", "2012-07-09T00:00:00Z", "2012-07-11T00:00:00Z"),
            ("0 0 1-31 * sun", "2012-07-09T00:00:00Z", "2012-07-10T00:00:00Z"),
        ])
    func days(schedule: String, after: String, expected: String) throws {
        #expect(try next(schedule, after: after) == expected)
    }

    @Test(
        "Descriptors stand for schedules",
        arguments: [
            ("@hourly", "2012-07-09T14:46:00Z", "2012-07-09T15:00:00Z"),
            ("@daily", "2012-07-09T14:46:00Z", "2012-07-10T00:00:00Z"),
            ("@midnight", "2012-07-09T14:46:00Z", "2012-07-10T00:00:00Z"),
            ("@weekly", "2012-07-09T14:46:00Z", "2012-07-15T00:00:00Z"),
            ("@monthly", "2012-07-09T14:46:00Z", "2012-08-01T00:00:00Z"),
            ("@yearly", "2012-07-09T14:46:00Z", "2013-01-01T00:00:00Z"),
            ("@annually", "2012-07-09T14:46:00Z", "2013-01-01T00:00:00Z"),
            ("@every 1h30m", "2012-07-09T14:46:30.25Z", "2012-07-09T16:16:30Z"),
            ("@every 10ms", "2012-07-09T14:46:00Z", "2012-07-09T14:46:01Z"),
        ])
    func descriptors(schedule: String, after: String, expected: String) throws {
        #expect(try next(schedule, after: after) == expected)
    }

    @Test(
        "A schedule that does not come within five years has no next time",
        arguments: [
            ("0 0 30 Feb ?", "2012-07-09T23:35:00Z"), ("0 0 31 Apr *", "2012-07-09T23:35:00Z"),
            ("0 0 29 2 *", "2096-03-01T00:00:00Z"), ("0 0 29 2 *", "2098-12-31T23:59:58Z"),
            (", * * * *", "2012-07-09T23:35:00Z"),
        ])
    func never(schedule: String, after: String) throws {
        #expect(try next(schedule, after: after) == nil)
    }

    @Test("A schedule is read on the clock's own time")
    func offset() throws {
        #expect(try next("0 2 * * *", after: "2012-07-09T00:00:00Z", offset: .hours(5)) == "2012-07-10T02:00:00+05:00")
        #expect(try next("0 2 * * *", after: "2012-07-08T20:59:00Z", offset: .hours(5)) == "2012-07-09T02:00:00+05:00")
    }

    @Test(
        "What is no schedule is refused with a reason",
        arguments: [
            ("", "five fields"), ("* * * *", "five fields"), ("* * * * * *", "five fields"),
            ("60 * * * *", "outside 0-59"), ("* 24 * * *", "outside 0-23"), ("* * 0 * *", "outside 1-31"),
            ("* * * 13 *", "outside 1-12"), ("* * * * 7", "outside 0-6"), ("5-1 * * * *", "runs backward"),
            ("*/0 * * * *", "not a positive number"), ("1/2/3 * * * *", "more than one step"),
            ("1-2-3 * * * *", "more than two ends"), ("x * * * *", "\"x\" is not a value"),
            ("* * * feb mon-xxx", "\"xxx\" is not a value"), ("-1 * * * *", "\"\" is not a value"),
            ("*-5 * * * *", "cannot start with"), ("@often", "unknown descriptor"),
            ("@every x", "a number is expected"),
            ("TZ=UTC * * * * *", "time zone"), ("CRON_TZ=UTC * * * * *", "time zone"), ("mon * * * *", "\"mon\""),
            ("*/-1 * * * *", "not a positive number"),
        ])
    func refuses(schedule: String, reason: String) {
        #expect {
            try CronSchedule(parsing: schedule)
        } throws: {
            ($0 as? TimeParsingError)?.reason.contains(reason) == true
        }
    }

    @Test("A step beyond the range matches its first value only")
    func hugeStep() throws {
        let expected = "2012-07-10T00:00:00Z"
        #expect(try next("*/9223372036854775807 0 * * *", after: "2012-07-09T00:00:00Z") == expected)
    }
}
