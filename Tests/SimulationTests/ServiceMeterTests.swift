import Chronology
import Observations
import Testing

@testable import Simulation

@Suite("The meter of a service")
struct ServiceMeterTests {
    @Test(
        "no stretch fails more requests than it has, and nothing gets lost",
        arguments: [
            // Millionths a second that come and fail in three stretches of a second; thousandths that get lost in each.
            (requests: [1_100, 10_400, 5_000], failed: [600, 10_400, 0], lost: [0, 0, 0], told: [0, 10, 1]),
            (requests: [1_100, 10_400, 5_000], failed: [600, 10_400, 0], lost: [0, 2, 0], told: [1, 10, 2]),
            (requests: [9_000, 9_000, 9_000], failed: [0, 9_000, 0], lost: [4, 0, 0], told: [4, 9, 0]),
        ] as [(requests: [Int64], failed: [Int64], lost: [Int64], told: [Int64])])
    func bounds(requests: [Int64], failed: [Int64], lost: [Int64], told: [Int64]) throws {
        var meter = ServiceMeter(service: 1)
        var rows: [ServiceIntervalRow] = []
        for index in requests.indices {
            var reading = ServiceMeter.Reading()
            (reading.requests, reading.failed) = (requests[index], failed[index])
            if let row = meter.change(to: reading, at: second(Int64(index))) { rows.append(row) }
            meter.lose(lost[index])
        }
        rows += meter.finish(at: second(3))
        #expect(rows.allSatisfy { $0.failed <= $0.requests })
        #expect(rows.map(\.failed) == told)
        #expect(rows.reduce(0) { $0 + $1.lost } == lost.reduce(0, +))
        #expect(meter.totals.failed == told.reduce(0, +))
    }

    private func second(_ number: Int64) -> Instant { .start + .seconds(number) }

    /// Returns the rows of a service with 1 request a second, changed at each of some seconds.
    private func rows(_ changes: [(at: Int64, failed: Int64, lost: Int64)], end: Int64) -> [ServiceIntervalRow] {
        var meter = ServiceMeter(service: 1)
        var rows: [ServiceIntervalRow] = []
        for change in changes {
            var reading = ServiceMeter.Reading()
            (reading.requests, reading.failed) = (1_000_000, change.failed)
            meter.lose(change.lost)
            if let row = meter.change(to: reading, at: second(change.at)) { rows.append(row) }
        }
        return rows + meter.finish(at: second(end))
    }

    @Test("what is lost at an instant is lost at the end of the stretch before, however many looks there are then")
    func instants() {
        // The reading stays the same after the first of two losses at 100 s, and after the second.
        let rows = rows([(0, 0, 0), (100, 0, 3_000), (100, 0, 2_000), (200, 500_000, 0)], end: 300)
        #expect(rows.map(\.to) == [second(100), second(200), second(300)])
        #expect(rows.map(\.lost) == [5_000, 0, 0] && rows.map(\.failed) == [5_000, 0, 50_000])
    }

    @Test("what does not fit into a short stretch is told with the one before, and the last one tells the rest")
    func noRoom() {
        let before = rows([(0, 0, 0), (100, 0, 0), (100, 500_000, 0), (101, 1_000_000, 4_000)], end: 300)
        #expect(before.map(\.lost) == [3_500, 500, 0] && before.map(\.failed) == [3_500, 1_000, 199_000])
        let last = rows([(0, 1_000_000, 0), (100, 0, 0), (102, 1_000_000, 5_000)], end: 103)
        #expect(last.map(\.lost) == [0, 2_000, 3_000])
    }
}
