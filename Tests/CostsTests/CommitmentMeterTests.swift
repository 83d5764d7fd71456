import Chronology
import Costs
import Testing

@Suite struct CommitmentMeterTests {
    private let start = StartDate(unixSeconds: 1_767_571_200)  // 2026-01-05

    private func usd(_ text: String) -> NanoDollars { NanoDollars(parsing: text) ?? NanoDollars(-1) }

    private func at(_ minutes: Int64) -> Instant { .start + .minutes(minutes) }

    /// A meter with `count` machines of `type` from the start on.
    private func meter(
        _ book: CommitmentBook, _ count: Int, type: String = "m5.large", zone: String = "us-east-1a", hourly: String,
        startDate: StartDate? = nil, cores: Int64 = 4
    ) -> (CommitmentMeter, [Account]) {
        var ledger = Ledger()
        var meter = CommitmentMeter(book, startDate: startDate ?? start)
        let accounts = (0..<count).map { ledger.account(AccountName.node("n-\($0)")) }
        for account in accounts {
            meter.register(
                account, type: type, zone: zone,
                capacity: ResourceAmounts(cpuMilli: cores * 1_000, memoryBytes: cores << 32))
        }
        meter.note(accounts.map { PriceStep(account: $0, at: .start, hourly: usd(hourly)) })
        return (meter, accounts)
    }

    private func book(_ commitment: Commitment) -> CommitmentBook {
        var book = CommitmentBook()
        book.commitments = [commitment]
        return book
    }

    @Test("Equal machines share a plan equally, and a machine that leaves leaves it to the others")
    func shares() {
        // $0.10 covers two machines at $0.05.
        let plan = Commitment(name: "p", scope: .computeSavingsPlan, recurring: usd("0.1"), discount: 5_000)
        var (meter, accounts) = meter(book(plan), 4, hourly: "0.1")
        let first = meter.settle(to: at(60))
        #expect(first.machines.map(\.saving) == Array(repeating: usd("0.025"), count: 4))
        #expect(first.unused == [.zero])
        meter.note(accounts.dropFirst().map { PriceStep(account: $0, at: at(60), hourly: .zero) })
        let second = meter.settle(to: at(120))
        #expect(second.machines.map(\.account) == [accounts[0]])
        #expect(second.machines.map(\.saving) == [usd("0.05")])
        #expect(second.unused == [usd("0.05")])
        meter.note([PriceStep(account: accounts[0], at: at(150), hourly: .zero)])
        // Half an hour is used, and the rest of the day nothing.
        let rest = meter.settle(to: at(1_440))
        #expect(rest.machines.map(\.saving) == [usd("0.025")])
        #expect(rest.unused == [usd("0.075") + usd("2.1")])
    }

    @Test("Settling by the day or at the end comes to the same", arguments: 1...20)
    func slices(seed: Int) {
        var random = LCG(seed: UInt64(seed))
        let plan = Commitment(name: "p", scope: .computeSavingsPlan, recurring: usd("0.2"), discount: 3_333)
        var (whole, accounts) = meter(book(plan), 5, hourly: "0.0731")
        var sliced = whole
        var minute: Int64 = 0
        var saving = NanoDollars.zero
        var unused = NanoDollars.zero
        func take(_ settlement: CommitmentSettlement) {
            saving += settlement.machines.map(\.saving).reduce(.zero, +)
            unused += settlement.unused[0]
        }
        var lastDay: Int64 = 0
        for _ in 0..<60 {
            minute += Int64(1 + random.below(200))
            while minute / 1_440 > lastDay {
                lastDay += 1
                take(sliced.settle(to: at(lastDay * 1_440)))
            }
            let step = PriceStep(
                account: accounts[Int(random.below(5))], at: at(minute),
                hourly: random.below(2) == 0 ? .zero : usd("0.0731"))
            whole.note([step])
            sliced.note([step])
        }
        take(sliced.settle(to: at(minute + 30)))
        let once = whole.settle(to: at(minute + 30))
        #expect(saving == once.machines.map(\.saving).reduce(.zero, +))
        #expect(unused == once.unused[0])
        #expect(saving > .zero && unused > .zero)
    }

    // cloud.google.com/compute/docs/sustained-use-discounts: half a month is 10 % off, three quarters 20 %, all 30 %
    // for N1; 20 % at most for N2.
    @Test(
        "Google's discount grows with the part of the month",
        arguments: [
            ("n1-standard-4", 31, 0), ("n1-standard-4", 62, 1_000), ("n1-standard-4", 93, 2_000),
            ("n1-standard-4", 124, 3_000), ("n2-standard-4", 124, 1_998), ("n2-standard-4", 62, 661),
            ("e2-standard-4", 124, 0),
        ])
    func sustained(type: String, quarters: Int64, expected: Int64) {
        var book = CommitmentBook()
        book.hasSustainedUse = true
        let january = StartDate(unixSeconds: 1_767_225_600)
        var (meter, _) = meter(
            book, 1, type: type, zone: "us-central1-a", hourly: "0.1", startDate: january)
        // 124 quarter days are the 31 days of January.
        var sum = NanoDollars.zero
        for slice in stride(from: Int64(1), through: quarters, by: 1) {
            sum += meter.settle(to: at(slice * 360)).machines.map(\.saving).reduce(.zero, +)
        }
        let list = usd("0.1").perHour(over: .hours(6 * quarters))
        let wanted = list.scaled(by: expected, over: 10_000)
        #expect(abs(sum.amount - wanted.amount) < list.amount / 10_000)
    }

    @Test("Two machines that follow each other count as one that stays")
    func inferred() {
        var book = CommitmentBook()
        book.hasSustainedUse = true
        let january = StartDate(unixSeconds: 1_767_225_600)
        var (meter, accounts) = meter(
            book, 2, type: "n1-standard-4", zone: "us-central1-a", hourly: "0.1", startDate: january)
        let half: Int64 = 31 * 1_440 / 2
        meter.note([
            PriceStep(account: accounts[0], at: at(half), hourly: .zero),
            PriceStep(account: accounts[1], at: .start, hourly: .zero),
            PriceStep(account: accounts[1], at: at(half), hourly: usd("0.1")),
        ])
        let saving = meter.settle(to: at(2 * half)).machines.map(\.saving).reduce(.zero, +)
        let list = usd("0.1").perHour(over: .hours(31 * 24))
        #expect(abs(saving.amount - list.scaled(by: 30, over: 100).amount) < 1_000)
        // A new month begins anew.
        let next = meter.settle(to: at(2 * half + 1_440)).machines.map(\.saving).reduce(.zero, +)
        #expect(next == .zero)
    }
}
