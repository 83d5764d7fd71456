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
            (requests: [1_100, 10_400, 5_000], failed: [600, 10_400, 0], lost: [0, 2, 0], told: [0, 10, 3]),
            (requests: [9_000, 9_000, 9_000], failed: [0, 9_000, 0], lost: [4, 0, 0], told: [4, 9, 0]),
        ] as [(requests: [Int64], failed: [Int64], lost: [Int64], told: [Int64])])
    func bounds(requests: [Int64], failed: [Int64], lost: [Int64], told: [Int64]) throws {
        var meter = ServiceMeter(service: 1)
        var rows: [Int64] = []
        for index in requests.indices {
            var reading = ServiceMeter.Reading()
            (reading.requests, reading.failed) = (requests[index], failed[index])
            _ = meter.change(to: reading, at: Instant.start + .seconds(Int64(index)))
            meter.lose(lost[index])
            let told = meter.close(at: Instant.start + .seconds(Int64(index) + 1))
            let row = try #require(told)
            #expect(row.failed <= row.requests)
            rows.append(row.failed)
        }
        #expect(rows == told)
        #expect(meter.totals.failed == told.reduce(0, +))
    }
}
