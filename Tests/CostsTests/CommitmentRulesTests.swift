import Chronology
import Costs
import Testing

private let hour: Int64 = 3_600_000_000_000

private func usd(_ text: String) -> NanoDollars { NanoDollars(parsing: text) ?? NanoDollars(-1) }

/// What an hour costs in all: what is left on demand, and all commitments.
private func bill(_ rules: CommitmentRules, _ lines: [UsageLine], _ hour: CoverageHour) -> NanoDollars {
    let onDemand = zip(lines, hour.onDemand).map { $0.hourly.perHour(over: Duration(nanoseconds: $1)) }
    return onDemand.reduce(.zero, +) + rules.commitments.map(\.hourly).reduce(.zero, +)
}

/// Bills that the providers' documentation works out, or states in words.
@Suite struct WorkedBillTests {
    // docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html (the example with c5.9xlarge, c5.24xlarge and
    // Fargate). Fargate's processors and memory stand here as types of their own.
    private let lines = [
        UsageLine(type: "c5.9xlarge", zone: "us-east-1a", hourly: usd("4")),
        UsageLine(type: "c5.24xlarge", zone: "us-east-1a", hourly: usd("10")),
        UsageLine(type: "fargate.vcpu", zone: "us-west-1a", hourly: usd("1.5")),
        UsageLine(type: "fargate.memory", zone: "us-west-1a", hourly: usd("2")),
    ]
    private let used: [Int64] = [hour, hour, 10 * hour, 5 * hour]
    private let compute = [
        "c5.9xlarge": usd("2"), "c5.24xlarge": usd("8"), "fargate.vcpu": usd("1"), "fargate.memory": usd("1"),
    ]
    private let instance = ["c5.9xlarge": usd("1"), "c5.24xlarge": usd("6")]

    private func plan(_ dollars: Int64) -> Commitment {
        Commitment(name: "plan", scope: .computeSavingsPlan, recurring: .dollars(dollars), rates: compute)
    }

    @Test("A compute savings plan of $25 an hour covers everything in Amazon's example, and $25 is the bill")
    func coversAll() {
        let rules = CommitmentRules([plan(25)])
        let outcome = rules.apply(lines, used: used)
        #expect(outcome.onDemand == [0, 0, 0, 0])
        #expect(outcome.unused == [.zero])
        #expect(bill(rules, lines, outcome) == .dollars(25))
        #expect(outcome.parts.map(\.list).reduce(.zero, +) == NanoDollars.dollars(39))
    }

    @Test("A smaller plan goes to the highest saving, and of equal ones to the lowest rate")
    func coversSome() {
        let rules = CommitmentRules([plan(6)])
        let outcome = rules.apply(lines, used: used)
        // Half off: memory at $1 goes before the machine at $2, which gets the dollar that is left.
        #expect(outcome.onDemand == [hour / 2, hour, 10 * hour, 0])
        #expect(bill(rules, lines, outcome) == .dollars(33))
    }

    @Test("A plan for a family goes before one for all machines")
    func family() {
        let own = Commitment(
            name: "c5", scope: .instanceSavingsPlan(family: "c5"), region: "us-east-1", recurring: .dollars(7),
            rates: instance)
        let rules = CommitmentRules([plan(15), own])
        let outcome = rules.apply(lines, used: used)
        #expect(outcome.parts.filter { $0.commitment == 1 }.map(\.line) == [0, 1])
        #expect(outcome.onDemand == [0, 0, 0, 0])
        #expect(bill(rules, lines, outcome) == .dollars(22))
    }

    @Test("A plan that nobody uses is paid all the same")
    func waste() {
        let rules = CommitmentRules([plan(30)])
        #expect(rules.apply(lines, used: used).unused == [.dollars(5)])
        #expect(rules.apply(lines, used: [0, 0, 0, 0]).unused == [.dollars(30)])
        #expect(rules.apply(lines, used: [0, 0, 0, 0], length: .minutes(30)).unused == [.dollars(15)])
    }

    private func machines(_ types: [(String, Int64)], zone: String = "us-east-1a") -> ([UsageLine], [Int64]) {
        (types.map { UsageLine(type: $0.0, zone: zone, hourly: .dollars(1)) }, types.map { $0.1 * hour })
    }

    // docs.aws.amazon.com/whitepapers/latest/cost-optimization-reservation-models (size flexibility of regional
    // reservations), and docs.aws.amazon.com/awsaccountbilling, "Region Reserved Instance Line Items".
    @Test(
        "A reservation in a region covers other sizes of the family by their normalisation factors",
        arguments: [
            ("t2.medium", [("t2.small", 2)], [0]),
            ("t2.medium", [("t2.large", 1)], [hour / 2]),
            ("c4.8xlarge", [("c4.8xlarge", 1)], [0]),
            ("c4.8xlarge", [("c4.4xlarge", 2)], [0]),
            ("c4.8xlarge", [("c4.2xlarge", 4)], [0]),
            ("c4.8xlarge", [("c4.large", 16)], [0]),
            ("c4.8xlarge", [("c4.4xlarge", 1), ("c4.large", 8)], [0, 0]),
            ("m4.xlarge", [("m4.large", 2)], [0]),
            ("m4.large", [("m4.xlarge", 1)], [hour / 2]),
            // The smallest size first.
            ("m4.large", [("m4.xlarge", 1), ("m4.large", 1)], [hour, 0]),
            ("m4.large", [("m5.large", 1)], [hour]),
            // Not every family is flexible.
            ("g4dn.xlarge", [("g4dn.2xlarge", 1)], [hour]),
        ] as [(String, [(String, Int64)], [Int64])])
    func flexibility(reserved: String, running: [(String, Int64)], left: [Int64]) {
        let commitment = Commitment(
            name: "ri", scope: .reserved(type: reserved, count: 1, zone: nil), region: "us-east-1",
            recurring: usd("0.5"))
        let (lines, used) = machines(running)
        #expect(CommitmentRules([commitment]).apply(lines, used: used).onDemand == left)
    }

    // docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html: two c4.xlarge reserved in us-east-1a.
    @Test("A reservation of a zone covers its own type in its own zone")
    func zonal() {
        let commitment = Commitment(
            name: "ri", scope: .reserved(type: "c4.xlarge", count: 2, zone: "us-east-1a"), recurring: usd("0.2"))
        let lines = ["us-east-1a", "us-east-1b"].map {
            UsageLine(type: "c4.xlarge", zone: $0, hourly: usd("0.199"))
        }
        let rules = CommitmentRules([commitment])
        #expect(rules.apply(lines, used: [3 * hour, 3 * hour]).onDemand == [hour, 3 * hour])
        #expect(rules.apply([lines[1]], used: [hour]).unused == [usd("0.2")])
    }

    @Test("Four machines of a quarter of an hour use one reserved hour, as billing by seconds has it")
    func seconds() {
        let commitment = Commitment(
            name: "ri", scope: .reserved(type: "m5.large", count: 1, zone: nil), recurring: usd("0.06"))
        let outcome = CommitmentRules([commitment]).apply(
            [UsageLine(type: "m5.large", zone: "us-east-1a", hourly: usd("0.096"))], used: [4 * hour / 4])
        #expect(outcome.onDemand == [0] && outcome.unused == [.zero])
    }

    @Test("Reservations go before savings plans")
    func reservationsFirst() {
        let reserved = Commitment(
            name: "ri", scope: .reserved(type: "c5.9xlarge", count: 1, zone: nil), recurring: usd("1.5"))
        let outcome = CommitmentRules([plan(2), reserved]).apply([lines[0]], used: [hour])
        #expect(outcome.parts.map(\.commitment) == [1])
        #expect(outcome.unused == [.dollars(2), .zero])
    }

    @Test(
        "The amortised price does not depend on when it is paid",
        arguments: [("0", "0.5"), ("2190", "0.25"), ("4380", "0")])
    func amortised(upfront: String, recurring: String) {
        let commitment = Commitment(
            name: "plan", scope: .computeSavingsPlan, upfront: usd(upfront), recurring: usd(recurring), discount: 2_800)
        #expect(commitment.hourly == usd("0.5"))
    }

    // cloud.google.com/compute/docs/instances/committed-use-discounts-overview: resources of a series, whatever the
    // shape of the machines; what is beyond is paid on demand.
    @Test("Committed resources cover processors and memory apart, and a flexible commitment what they leave")
    func resources() {
        let part = { (part: UsageLine.Part, units: Int64, hourly: String) in
            UsageLine(type: "n2-standard-4", zone: "us-central1-a", part: part, hourly: usd(hourly), units: units)
        }
        let lines = [part(.processors, 4_000, "0.126444"), part(.memory, 16 << 10, "0.067792")]
        let committed = Commitment(
            name: "cud",
            scope: .resources(series: "n2", milliCPU: 8_000, mebibytes: 16 << 10, memoryFee: usd("0.042704")),
            region: "us-central1", recurring: usd("0.15932") + usd("0.042704"))
        let flexible = Commitment(name: "flex", scope: .flexible, recurring: usd("0.1"), discount: 2_800)
        let outcome = CommitmentRules([flexible, committed]).apply(lines, used: [2 * hour, 2 * hour])
        let own = outcome.parts.filter { $0.commitment == 1 }
        #expect(own.map(\.covered) == [2 * hour, hour])
        #expect(outcome.unused[1] == .zero)
        // The memory of the other machine, at 28 % off.
        #expect(outcome.parts.last?.fee == usd("0.067792").scaled(by: 72, over: 100))
        #expect(outcome.onDemand == [0, 0])
    }

    @Test(
        "What one provider promised says nothing of another's machines, unless it names them",
        arguments: [
            ("n2-standard-4", false, true), ("m6i.large", true, false), ("metal", true, true),
        ])
    func providers(type: String, isAmazon: Bool, isGoogle: Bool) {
        let line = UsageLine(type: type, zone: "a", hourly: usd("1"))
        func covers(_ scope: Commitment.Scope, rates: [String: NanoDollars] = [:]) -> Bool {
            let commitment = Commitment(
                name: "c", scope: scope, recurring: usd("1"), rates: rates, discount: rates.isEmpty ? 2_800 : nil)
            return CommitmentRules([commitment]).apply([line], used: [hour]).onDemand == [0]
        }
        #expect(covers(.computeSavingsPlan) == isAmazon)
        #expect(covers(.instanceSavingsPlan(family: InstanceSize.family(of: type))) == isAmazon)
        #expect(covers(.reserved(type: type, count: 1, zone: nil)) == isAmazon)
        #expect(covers(.reserved(type: type, count: 1, zone: "a")) == isAmazon)
        #expect(covers(.flexible) == isGoogle)
        #expect(covers(.computeSavingsPlan, rates: [type: usd("0.5")]))
    }

    @Test("Whatever runs, use and waste sum to the price, and nothing is covered twice", arguments: 1...50)
    func invariants(seed: Int) {
        var random = LCG(seed: UInt64(seed))
        let types = ["m5.large", "m5.xlarge", "m5.2xlarge", "c5.large", "c5.xlarge"]
        let lines = (0..<8).map { _ in
            UsageLine(
                type: types[Int(random.below(5))], zone: random.below(2) == 0 ? "us-east-1a" : "us-west-2b",
                hourly: NanoDollars(Int64(1 + random.below(5_000_000_000))))
        }
        let used = lines.map { _ in Int64(random.below(20_000_000_000_000)) }
        let rules = CommitmentRules([
            Commitment(
                name: "a", scope: .computeSavingsPlan, recurring: NanoDollars(Int64(random.below(3_000_000_000))),
                discount: 1_700),
            Commitment(
                name: "b", scope: .instanceSavingsPlan(family: "m5"), region: "us-east-1",
                recurring: NanoDollars(Int64(random.below(3_000_000_000))), discount: 3_100),
            Commitment(
                name: "c", scope: .reserved(type: "m5.xlarge", count: 3, zone: nil), region: "us-east-1",
                recurring: NanoDollars(Int64(random.below(500_000_000)))),
        ])
        let length = Duration(nanoseconds: Int64(1 + random.below(3_600_000_000_000)))
        let outcome = rules.apply(lines, used: used, length: length)
        for place in lines.indices {
            let covered = outcome.parts.filter { $0.line == place }.map(\.covered).reduce(0, +)
            #expect(covered + outcome.onDemand[place] == used[place])
            #expect(outcome.onDemand[place] >= 0)
        }
        for (place, commitment) in rules.commitments.enumerated() {
            let fees = outcome.parts.filter { $0.commitment == place }.map(\.fee).reduce(.zero, +)
            #expect(fees + outcome.unused[place] == commitment.hourly.perHour(over: length))
            #expect(outcome.unused[place] >= .zero)
        }
    }
}
