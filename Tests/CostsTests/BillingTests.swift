import Chronology
import Costs
import Testing

private func at(_ seconds: Int64) -> Instant { .start + .seconds(seconds) }

@Suite struct BillingTests {
    private let large = NanoDollars(96_000_000)

    @Test(
        "Machines are billed by begun seconds, a minute at least",
        arguments: [
            (3_600_000_000_000, 96_000_000), (30_000_000_000, 1_600_000), (0, 1_600_000), (60_000_000_000, 1_600_000),
            (60_000_000_001, 1_626_667), (61_000_000_000, 1_626_667),
        ] as [(Int64, Int64)])
    func charges(nanoseconds: Int64, cost: Int64) {
        let end = Instant(nanoseconds: 5 + nanoseconds)
        #expect(BillingRule.perSecond.charge(hourly: large, from: Instant(nanoseconds: 5), to: end).amount == cost)
    }

    @Test("An hourly rule bills begun hours, and an exact rule what passed")
    func otherRules() {
        #expect(BillingRule.perHour.charge(hourly: large, from: at(0), to: at(3_601)).exact == "0.192")
        #expect(BillingRule.exact.charge(hourly: large, from: at(0), to: at(30)).amount == 800_000)
    }

    @Test("Consecutive slices sum exactly to the whole", arguments: 1...20)
    func telescopes(seed: Int) {
        var random = LCG(seed: UInt64(seed))
        let hourly = NanoDollars(Int64(1 + random.below(100_000_000_000)))
        let start = Instant(nanoseconds: Int64(random.below(1_000_000_000_000)))
        var now = start
        var sum = NanoDollars.zero
        for _ in 0..<200 {
            let next =
                now
                + Duration(nanoseconds: Int64(random.below(random.below(2) == 0 ? 3_000_000_000 : 9_000_000_000_000)))
            let slice = BillingRule.perSecond.charge(hourly: hourly, start: start, slice: now, to: next)
            #expect(slice >= .zero)
            sum += slice
            now = next
        }
        #expect(sum == BillingRule.perSecond.charge(hourly: hourly, from: start, to: now))
    }

    @Test("A new price takes effect when the time that is billed already is used up")
    func priceChange() {
        var bill = RunningBill(rule: .perSecond, hourly: .dollars(3_600), start: at(0))
        #expect(bill.total(at: at(10)) == .dollars(60))
        #expect(bill.setPrice(.dollars(7_200), at: at(10)) == at(60))
        #expect(bill.total(at: at(10)) == .dollars(60))
        #expect(bill.total(at: at(60)) == .dollars(60))
        #expect(bill.total(at: at(70)) == .dollars(80))
        #expect(bill.setPrice(.zero, at: at(70) + .milliseconds(500)) == at(71))
        #expect(bill.total(at: at(1_000)) == .dollars(82))
    }

    @Test("A bill without a price change is the charge of its rule")
    func sameAsRule() {
        let bill = RunningBill(rule: .perSecond, hourly: large, start: at(7))
        for seconds: Int64 in [0, 1, 59, 60, 61, 12_345] {
            let charge = BillingRule.perSecond.charge(hourly: large, from: at(7), to: at(7 + seconds))
            #expect(bill.total(at: at(7 + seconds)) == charge)
        }
    }
}
