import Chronology
import Testing

@testable import Workloads

/// 2026-01-05 was a Monday.
private let clock = WallClock(startDate: StartDate(unixSeconds: 1_767_571_200))

@Suite struct CurveTests {
    @Test func `the scenario's start is a Monday at midnight`() {
        #expect(clock.weekday(at: .start) == .monday)
        #expect(clock.sinceMidnight(at: .start) == .zero)
    }

    @Test(arguments: [Int64(1), 5, 15, 60])
    func `a diurnal curve's mean is the middle of base and peak`(step: Int64) {
        let curve = Curve(.diurnal(DiurnalShape(base: 100_000, peak: 500_000, peakMinute: 807, stepMinutes: step)))
        var sum: Int64 = 0
        for minute in 0..<Int64(1_440) { sum += curve.value(at: .start + .minutes(minute), on: clock) }
        #expect(abs(sum / 1_440 - 300_000) <= 50)
    }

    @Test func `a diurnal curve has its peak at the peak hour and its base half a day later`() {
        let shape = DiurnalShape(base: 1_000, peak: 9_000, peakMinute: 840, weekendPermille: 500, stepMinutes: 1)
        let curve = Curve(.diurnal(shape))
        #expect(curve.value(at: .start + .hours(14), on: clock) == 9_000)
        #expect(curve.value(at: .start + .hours(2), on: clock) == 1_000)
        #expect(curve.value(at: .start + .hours(8), on: clock) == 5_000)
        // Cosine of 60 degrees.
        #expect(curve.value(at: .start + .hours(18), on: clock) == 7_000)
        #expect(curve.value(at: .start + .days(5) + .hours(14), on: clock) == 4_500, "Saturday")
    }

    @Test func `a curve stays the same until its next change`() {
        let points = [(3, 5), (9, 7), (40, 1)].map { SeriesShape.Point(at: .minutes($0.0), value: $0.1) }
        let series = SeriesShape(points, period: .minutes(60))
        let curves = [
            Curve(.diurnal(DiurnalShape(base: 10, peak: 90_000, weekendPermille: 300)), trendPerDay: 7_000),
            Curve(
                .constant(1_000),
                spikes: [
                    Spike(at: .start + .minutes(7), length: .minutes(9), every: .minutes(50), permille: 3_000),
                    Spike(at: .start + .minutes(100), length: .minutes(70), permille: 500),
                ]),
            Curve(series.map { .series($0) } ?? .constant(0)),
        ]
        for curve in curves {
            var changes = 0
            var next = Instant.start
            for minute in 0..<Int64(8 * 1_440) {
                let now = Instant.start + .minutes(minute)
                if let change = curve.nextChange(after: now, on: clock) {
                    #expect(change > now)
                    if now >= next {
                        changes += 1
                        let last = Instant(nanoseconds: change.nanoseconds - 1)
                        #expect(curve.value(at: last, on: clock) == curve.value(at: now, on: clock))
                        next = change
                    }
                }
            }
            #expect(changes > 100)
        }
        #expect(Curve.constant(4).nextChange(after: .start, on: clock) == nil)
    }

    @Test func `trend and spikes multiply`() {
        let spike = Spike(at: .start + .days(10), length: .hours(1), permille: 2_500)
        let curve = Curve(.constant(1_000), trendPerDay: 10_000, spikes: [spike])
        #expect(curve.value(at: .start, on: clock) == 1_000)
        #expect(curve.value(at: .start + .days(10), on: clock) == 2_750)
        #expect(curve.value(at: .start + .days(10) + .hours(1), on: clock) == 1_100)
        #expect(Curve(.constant(1_000), trendPerDay: -500_000).value(at: .start + .days(3), on: clock) == 0)
    }

    @Test func `a series is read from CSV`() throws {
        let text = "\u{FEFF}time,cores\r\n# morning\n0,1.5\r\n\r\n90m, 2\n2026-01-05T03:00:00Z,0.0625\r\n"
        let series = try SeriesShape(csv: text, scale: 1_000, clock: clock)
        #expect(series.points.map(\.at) == [.zero, .minutes(90), .hours(3)])
        #expect(series.points.map(\.value) == [1_500, 2_000, 62])
    }

    @Test(arguments: [
        ("0,1\nx,2", 2), ("0,1\n5,y", 2), ("0,1\n5", 2), ("time,value\n", 1), ("0,1,2", 1), ("0,1\n1,1.2.3", 2),
        ("0,1\r\nx,2\r\n", 2), ("0,1\n5,-1", 2), ("0,1\n60,2\n1m,3", 3),
        ("value,time\n1,0", 1), ("requests,Time\n1,0", 1),
    ])
    func `a bad line is named`(text: String, line: Int) {
        let problem = #expect(throws: SeriesProblem.self) { try SeriesShape(csv: text, scale: 1_000, clock: clock) }
        #expect(problem?.line == line)
    }
}
