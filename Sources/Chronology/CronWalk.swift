// Counterpart: `SpecSchedule.Next` of github.com/robfig/cron v3, and Go's `time.Date`.
// Deliberate differences: none. Where a clock skips midnight, upstream lands an hour beside it and leaves days out or
// adds runs; CronJobs in such zones do the same.

/// A search for the next time of a schedule on a clock that is put forward and back.
private struct CronWalk {
    let clock: WallClock
    private(set) var time: UnixTime
    private(set) var shown: CivilTime
    // Until the first step the parts below the one that steps are whatever the start had.
    private var hasStepped = false

    init(from time: UnixTime, on clock: WallClock) {
        self.clock = clock
        self.time = time
        shown = time.civilTime(offset: clock.offset(at: time))
    }

    private mutating func move(to next: UnixTime) {
        time = next
        shown = next.civilTime(offset: clock.offset(at: next))
    }

    private mutating func move(bySeconds seconds: Int) { move(to: UnixTime(seconds: time.seconds + Int64(seconds))) }

    /// Goes to where the clock shows a day of the calendar and a time of day.
    ///
    /// Of a time that is skipped or shown twice Go takes the offset that holds when the digits are read as UTC, or if it
    /// does not hold at the time so found the one that holds there.
    private mutating func move(toDay day: Int, _ hour: Int, _ minute: Int, _ second: Int) {
        let civil = CivilTime(date: CivilDate(daysSince1970: day), hour: hour, minute: minute, second: second)
        let first = UnixTime(civil, offset: clock.offset(at: UnixTime(civil)))
        move(to: UnixTime(civil, offset: clock.offset(at: first)))
    }

    /// Sets the clock back, before the first step, to the beginning of the hour `hour` of the day `day`.
    private mutating func begin(day: Int, hour: Int = 0) {
        if hasStepped { return }
        hasStepped = true
        move(toDay: day, hour, 0, 0)
    }

    mutating func stepMonth() {
        begin(day: shown.date.daysSince1970 - shown.date.day + 1)
        // A day that the next month does not have runs over into the one after it.
        let length = CivilDate.daysIn(month: shown.date.month, year: shown.date.year)
        move(toDay: shown.date.daysSince1970 + length, shown.hour, shown.minute, shown.second)
    }

    mutating func stepDay() {
        begin(day: shown.date.daysSince1970)
        move(toDay: shown.date.daysSince1970 + 1, shown.hour, shown.minute, shown.second)
        if shown.hour > 12 {
            move(bySeconds: (24 - shown.hour) * 3_600)
        } else if shown.hour > 0 {
            move(bySeconds: -shown.hour * 3_600)
        }
    }

    mutating func stepHour() {
        begin(day: shown.date.daysSince1970, hour: shown.hour)
        move(bySeconds: 3_600)
    }

    mutating func stepMinute() {
        hasStepped = true
        move(bySeconds: 60 - shown.second)
    }
}

extension CronSchedule.Fields {
    /// Returns the first time after `time` that matches on a clock with summer time, within five calendar years of the
    /// second that follows it.
    ///
    /// A field is looked at again only when one below it wraps around: hours that begin a day at 1 do not.
    func next(after time: UnixTime, onChanging clock: WallClock) -> UnixTime? {
        var walk = CronWalk(from: UnixTime(seconds: time.seconds + 1), on: clock)
        let lastYear = walk.shown.date.year + 5
        search: while walk.shown.date.year <= lastYear {
            while !month.contains(walk.shown.date.month) {
                walk.stepMonth()
                if walk.shown.date.month == 1 { continue search }
            }
            while !matches(walk.shown.date) {
                walk.stepDay()
                if walk.shown.date.day == 1 { continue search }
            }
            while !hour.contains(walk.shown.hour) {
                walk.stepHour()
                if walk.shown.hour == 0 { continue search }
            }
            while !minute.contains(walk.shown.minute) {
                walk.stepMinute()
                if walk.shown.minute == 0 { continue search }
            }
            if walk.shown.second == 0 { return walk.time }
            // Seconds always match at 0.
            walk.stepMinute()
        }
        return nil
    }
}
