// Counterpart: github.com/robfig/cron v3 `ParseStandard`, which Kubernetes' CronJob controller uses.
// Deliberate differences: "TZ=" and "CRON_TZ=" are refused, as the API server does for CronJobs; `@every` also knows
// the units d and w; a range that starts with "*" is an error instead of being read as "*".

/// A schedule of recurring times, as in a CronJob's `spec.schedule`.
package struct CronSchedule: Hashable, Sendable {
    private enum Rule: Hashable, Sendable {
        case fields(Fields)
        case every(seconds: Int64)
    }

    struct Fields: Hashable, Sendable {
        var minute, hour, dayOfMonth, month, dayOfWeek: CronField
    }

    /// The schedule as it was written.
    package let text: String
    private let rule: Rule

    /// Creates the schedule that a text such as "*/5 * * * mon-fri", "@hourly" or "@every 90m" names.
    package init(parsing text: String) throws(TimeParsingError) {
        func failure(_ reason: String) -> TimeParsingError {
            TimeParsingError(expected: "cron schedule", input: text, reason: reason)
        }
        self.text = text
        if text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ=") {
            throw failure("a time zone is not allowed here; use timeZone")
        }
        if text.hasPrefix("@every ") {
            let delay: Duration
            do {
                delay = try Duration(parsing: String(text.dropFirst("@every ".count)))
            } catch { throw failure(error.description) }
            rule = .every(seconds: max(1, delay.wholeSeconds))
            return
        }
        var expression = text
        if text.hasPrefix("@") {
            guard let meaning = Self.meaning(ofDescriptor: text) else { throw failure("unknown descriptor") }
            expression = meaning
        }
        let parts = expression.split(whereSeparator: \.isWhitespace)
        guard parts.count == 5 else { throw failure("five fields are expected, not \(parts.count)") }
        var fields: [CronField] = []
        for (part, kind) in zip(parts, [.minute, .hour, .dayOfMonth, .month, .dayOfWeek] as [CronField.Kind]) {
            switch CronField.parse(part, kind) {
            case .success(let field): fields.append(field)
            case .failure(let reason): throw failure(reason)
            }
        }
        rule = .fields(
            Fields(
                minute: fields[0], hour: fields[1], dayOfMonth: fields[2], month: fields[3], dayOfWeek: fields[4]))
    }

    private static func meaning(ofDescriptor text: String) -> String? {
        switch text {
        case "@yearly", "@annually": "0 0 1 1 *"
        case "@monthly": "0 0 1 * *"
        case "@weekly": "0 0 * * 0"
        case "@daily", "@midnight": "0 0 * * *"
        case "@hourly": "0 * * * *"
        default: nil
        }
    }
}

// MARK: - Next

extension CronSchedule {
    /// Returns the first time of the schedule after `instant`, on `clock`; nil when there is none within five years.
    package func next(after instant: Instant, on clock: WallClock) -> Instant? {
        switch rule {
        case .every(let seconds): instant.wholeSecond + .seconds(seconds)
        case .fields(let fields):
            if clock.isSteady {
                fields.next(after: clock.civilTime(at: instant)).flatMap { clock.instant(at: $0) }
            } else {
                fields.next(after: clock.startDate.unixTime(of: instant), onChanging: clock)
                    .flatMap { clock.startDate.instant(of: $0) }
            }
        }
    }
}

extension CronSchedule.Fields {
    /// Returns the first matching minute after `time`, within five calendar years of the second that follows it.
    fileprivate func next(after time: CivilTime) -> CivilTime? {
        var day = time.date.daysSince1970
        var firstMinute = time.hour * 60 + time.minute + 1
        let lastYear = CivilDate(daysSince1970: time.secondOfDay == 86_399 ? day + 1 : day).year + 5
        while true {
            let date = CivilDate(daysSince1970: day)
            if date.year > lastYear { return nil }
            if !month.contains(date.month) {
                day += CivilDate.daysIn(month: date.month, year: date.year) - date.day + 1
            } else {
                if matches(date), let minuteOfDay = minuteOfDay(from: firstMinute) {
                    return CivilTime(date: date, hour: minuteOfDay / 60, minute: minuteOfDay % 60)
                }
                day += 1
            }
            firstMinute = 0
        }
    }

    /// Returns the first matching minute of a day that is not before `minuteOfDay`.
    private func minuteOfDay(from minuteOfDay: Int) -> Int? {
        guard let firstHour = hour.first(from: minuteOfDay / 60) else { return nil }
        if firstHour == minuteOfDay / 60, let minute = minute.first(from: minuteOfDay % 60) {
            return firstHour * 60 + minute
        }
        let laterHour = firstHour == minuteOfDay / 60 ? hour.first(from: firstHour + 1) : firstHour
        guard let laterHour, let minute = minute.first(from: 0) else { return nil }
        return laterHour * 60 + minute
    }

    /// Returns whether the two day fields match: either one, unless one of them is a wildcard; then both.
    func matches(_ date: CivilDate) -> Bool {
        let byMonth = dayOfMonth.contains(date.day)
        let byWeek = dayOfWeek.contains(date.weekday.rawValue)
        let isEitherWild = dayOfMonth.isWildcard || dayOfWeek.isWildcard
        return isEitherWild ? byMonth && byWeek : byMonth || byWeek
    }
}
