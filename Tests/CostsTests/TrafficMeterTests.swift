import Chronology
import Costs
import Testing

@Suite("Bytes and what they cost")
struct TrafficMeterTests {
    private func prices(_ change: (inout TrafficPrices) -> Void) -> TrafficPrices {
        var prices = TrafficPrices()
        change(&prices)
        return prices
    }

    @Test("a constant rate costs its bytes, whenever it is looked at", arguments: [1, 2, 7, 24] as [Int64])
    func constant(looks: Int64) throws {
        let start = try StartDate(parsing: "2026-01-05")
        var meter = TrafficMeter(
            prices { $0.zoneOut = TrafficTariff(flat: NanoDollars(10_000_000)) }, startDate: start)
        // A mebibyte a second for a day.
        meter.setRates([.init(.zoneOut, payer: 1, bytes: 1_000 << 20)], at: .start)
        var (bytes, amount) = (Int64(0), NanoDollars.zero)
        for look in 1...looks {
            for charge in meter.settle(at: .start + Duration(nanoseconds: 86_400_000_000_000 / looks * look)) {
                bytes += charge.bytes
                amount += charge.amount
            }
        }
        // Lengths of time that a day does not divide into leave out nanoseconds, of which a byte takes 954.
        #expect(bytes == 86_400 << 20 || looks == 7 && bytes == 86_400 << 20 - 1)
        #expect(abs(amount.amount - 843_750_000) <= 1)
    }

    @Test("tiers begin anew with each month of the calendar, also between two settlements")
    func months() throws {
        let start = try StartDate(parsing: "2026-01-31T12:00:00Z")
        let tariff = try #require(
            TrafficTariff(tiers: [
                .init(upTo: 10 << 30, price: .zero), .init(upTo: nil, price: .dollars(1)),
            ]))
        var meter = TrafficMeter(prices { $0.internet = tariff }, startDate: start)
        // A gibibyte an hour: 12 in January, of which 2 cost, and 12 in February.
        meter.setRates([.init(.internet, payer: 3, bytes: (1 << 30) * 1_000 / 3_600 + 1)], at: .start)
        let charges = meter.settle(at: .start + .hours(24))
        let charge = try #require(charges.first)
        #expect(charges.count == 1 && charge.payer == 3)
        #expect(charge.bytes >> 30 == 24 && abs(charge.amount.amount - 4_000_000_000) < 1_000)
    }

    @Test("whoever sends pays its part, and the parts are the bill", arguments: 1...20 as ClosedRange<Int64>)
    func parts(seed: Int64) throws {
        let start = try StartDate(parsing: "2026-01-05")
        let tariff = try #require(
            TrafficTariff(tiers: [
                .init(upTo: 1 << 30, price: NanoDollars(3)), .init(upTo: nil, price: NanoDollars(90_000_001)),
            ]))
        var meter = TrafficMeter(prices { $0.internet = tariff }, startDate: start)
        var (bytes, amount, sent) = (Int64(0), NanoDollars.zero, [Int32: Int64]())
        for day in 1...5 as ClosedRange<Int64> {
            for payer in 0..<4 as Range<Int32> {
                let count = seed * 7_919 * Int64(payer) * day * 1_013 % 900_000_007
                sent[payer, default: 0] += count
                meter.add(count, on: .internet, payer: payer, at: .start + .days(day))
            }
            for charge in meter.settle(at: .start + .days(day)) {
                bytes += charge.bytes
                amount += charge.amount
                sent[charge.payer, default: 0] -= charge.bytes
            }
        }
        #expect(amount == tariff.cost(of: bytes) && sent.values.allSatisfy { $0 == 0 })
    }

    @Test("what has no price is counted all the same, and a rate that is not set anew ends")
    func unpriced() throws {
        let start = try StartDate(parsing: "2026-01-05")
        var meter = TrafficMeter(prices { $0.zoneIn = TrafficTariff(flat: .dollars(1)) }, startDate: start)
        meter.setRates([.init(.withinZone, payer: 0, bytes: 5_000)], at: .start)
        meter.setRates([], at: .start + .seconds(10))
        let charges = meter.settle(at: .start + .days(2))
        #expect(charges.map(\.bytes) == [50] && charges.map(\.amount) == [.zero])
        #expect(meter.settle(at: .start + .days(3)).isEmpty)
    }
}
