import Chronology
import Costs
import Testing

@Suite("Spot prices that change")
struct SpotPricesTests {
    private func path(_ steps: [(minute: Int64, dollars: Int64)]) throws -> SpotPricePath {
        try #require(
            SpotPricePath(steps.map { SpotPricePath.Step(at: .start + .minutes($0.minute), hourly: .dollars($0.dollars)) }))
    }

    @Test("a path is put in order, the last price of an instant counts, and steps to the same price are none")
    func order() throws {
        let path = try path([(60, 2), (0, 1), (60, 3), (90, 3), (120, 1), (120, 3), (150, 4)])
        #expect(path.steps.map(\.at) == [0, 60, 150].map { Instant.start + Duration.minutes($0) })
        #expect(path.steps.map(\.hourly) == [1, 3, 4].map { NanoDollars.dollars($0) })
        #expect(SpotPricePath([]) == nil)
    }

    @Test("prices hold from their step on; before the first one that of the first", arguments: [(-5, 1), (0, 1), (59, 1), (60, 3), (149, 3), (150, 4), (9_999, 4)] as [(Int64, Int64)])
    func price(minute: Int64, dollars: Int64) throws {
        let path = try path([(0, 1), (60, 3), (150, 4)])
        let instant = Instant(nanoseconds: minute * 60_000_000_000)
        #expect(path.price(at: instant) == .dollars(dollars))
        let next = [0, 60, 150].first { $0 > minute }
        #expect(path.change(after: instant) == next.map { Instant.start + Duration.minutes($0) })
    }

    @Test(
        "a machine pays another price at its next hour, or at once",
        arguments: [
            // From a launch at 10 min: hours begin at 10, 70, 130 and 190 min.
            (SpotPrices.Billing.instanceHour, 10, 1, 70), (.instanceHour, 70, 3, 190), (.continuous, 10, 1, 60),
            (.continuous, 60, 3, 150), (.instanceHour, 190, 4, nil), (.continuous, 150, 4, nil),
        ] as [(SpotPrices.Billing, Int64, Int64, Int64?)])
    func charges(billing: SpotPrices.Billing, now: Int64, paying: Int64, next: Int64?) throws {
        let path = try path([(0, 1), (60, 3), (150, 4)])
        let product = SpotPrices.Product(type: "m", zone: "")
        let prices = SpotPrices([(product, path)], billing: billing, source: "test")
        let due = prices.nextCharge(
            path, start: .start + .minutes(10), paying: .dollars(paying), at: .start + .minutes(now))
        #expect(due == next.map { Instant.start + Duration.minutes($0) })
        #expect(prices.path(of: "m", in: "anywhere") == path && prices.path(of: "n", in: "") == nil)
        #expect(prices.change(after: .start) == .start + .minutes(60))
    }

    @Test("a price that comes and goes within an hour is never paid")
    func blip() throws {
        let path = try path([(0, 1), (10, 9), (50, 1)])
        let prices = SpotPrices([(.init(type: "m", zone: "a"), path)], billing: .instanceHour, source: "test")
        #expect(prices.nextCharge(path, start: .start, paying: .dollars(1), at: .start) == nil)
    }
}
