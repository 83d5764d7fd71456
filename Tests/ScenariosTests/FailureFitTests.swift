import Chronology
import Faults
import Foundation
import KubernetesAPI
import Observations
import Scenarios
import Simulation
import Statistics
import Testing
import VirtualTime

@Suite("Failure logs say how long machines live")
struct FailureFitTests {
    private func read(_ text: String) throws -> FailureLog {
        let diagnostics = Diagnostics()
        let log = FailureLog.read(LoadedFile(name: "log.csv", contents: Array(text.utf8)), diagnostics)
        #expect(diagnostics.all.map(\.description) == [])
        return try #require(log)
    }

    /// The lengths of a group in hours.
    private func hours(_ sample: LifetimeSample?) -> [[Double]] {
        guard let sample else { return [] }
        return [sample.ended.map { $0 / 3_600 }, sample.censored.map { $0 / 3_600 }]
    }

    private static let outages = """
        node,start,end,since,until,cause,rack
        b,1h,2h,,,disk,2
        a,3h,4h,1h,50h,power,10
        b,9h,11h,,,disk,2
        b,10h,12h,,,power,2
        a,8h,,1h,50h,disk,10
        b,20h,21h,,,power,2
        c,,,5h,,,10
        a,15h,16h,1h,50h,power,10

        """

    @Test("lifetimes count from a repair, or from when a machine was watched, and the last one is not seen to its end")
    func lengths() throws {
        let groups = try read(Self.outages).groups(by: nil)
        let group = try #require(groups.first)
        #expect(groups.count == 1 && group.machines == 3 && group.outages == 7 && group.overlaps == 1)
        // a: 1 to 3, 4 to 8, and after an end that nobody saw 16 to 50; b: 2 to 9, 12 to 20, 21 on; c: 5 on.
        #expect(hours(group.lifetimes) == [[2, 4, 7, 8], [29, 34, 45]])
        #expect(hours(group.repairs) == [[1, 1, 1, 1, 2, 2], [42]])
    }

    @Test("a window cuts off what was before and after")
    func window() throws {
        let window = FailureLog.Window(from: LogTime(parsing: "8h"), until: LogTime(parsing: "15h30m"))
        let group = try #require(try read(Self.outages).groups(by: nil, window: window).first)
        // a: 8 to 8; b: 8 to 9, 12 on; c: 8 on, as the window begins later than its own watch.
        #expect(hours(group.lifetimes) == [[0.5, 1], [3.5, 7.5]])
        #expect(group.lifetimes?.zeros == 1)
        #expect(hours(group.repairs) == [[2, 2], [0.5, 7.5]])
    }

    @Test("a column of machines has its machines, one of outages has them all")
    func columns() throws {
        let log = try read(Self.outages)
        let racks = log.groups(by: log.column("rack"))
        #expect(racks.map(\.value) == ["2", "10"])
        #expect(racks.map(\.machines) == [1, 2])
        #expect(hours(racks[0].lifetimes) == [[7, 8], [29]])
        let causes = log.groups(by: log.column("CAUSE"))
        #expect(causes.map(\.value) == ["disk", "power"])
        #expect(causes.map(\.machines) == [3, 3])
        // Of power: a from 1 to 3 and 4 to 15, then on; b from 12 to 20, then on; c never, from 5 on.
        #expect(hours(causes[1].lifetimes) == [[2, 8, 11], [29, 34, 45]])
    }

    @Test("a log that does not tell machines apart is about the whole, and lengths may be given as they are")
    func others() throws {
        let whole = try #require(try read("start,duration\n1h,1h\n5h,30m\n7h,0\n").groups(by: nil).first)
        #expect(!whole.isPerMachine)
        #expect(hours(whole.lifetimes) == [[1.5, 3], []])
        let given = try #require(
            try read("lifetime,censored,repair\n90m,,1h\n3600,yes,\n0.5h,no,2h\n,,3h\n").groups(by: nil).first)
        #expect(hours(given.lifetimes) == [[0.5, 1.5], [1]])
        #expect(hours(given.repairs) == [[1, 2, 3], []])
        #expect(given.isPerMachine && given.outages == 2)
    }

    @Test(
        "plain seconds may have more digits than there are nanoseconds, and an exponent",
        arguments: [("900.12345678901234", 0.250_034_293), ("1.8e3", 0.5), ("5400", 1.5)])
    func plainSeconds(text: String, expected: Double) throws {
        let group = try #require(try read("lifetime\n\(text)\n").groups(by: nil).first)
        let found = try #require(hours(group.lifetimes).first?.first)
        #expect(abs(found - expected) < 1e-8)
    }

    // MARK: - The text for a scenario

    private static let distributions: [Distribution] = [
        .constant(90), .uniform(low: 0, high: 1_234.5), .exponential(mean: 4_427_283.123),
        .normal(mean: 60, deviation: 0.25), .lognormal(mu: 8.25, sigma: 1.45), .weibull(scale: 8.6e6, shape: 0.436_904_2),
        .gompertz(hazard: 1e-7, growth: 3e-6), .gamma(shape: 2.5, scale: 1e-3), .pareto(minimum: 60, shape: 2.5),
        .empirical(EmpiricalTable(values: [1, 60.5, 7_200], weights: [1, 0.25, 3])!),
    ]

    @Test("a distribution's text is read as the distribution", arguments: distributions)
    func roundTrip(distribution: Distribution) throws {
        let text = try #require(DistributionText.text(distribution, beside: "perTarget: false"))
        let loaded = ScenarioFixtures.load(spec: "  faults: [{kind: NodeCrash, lifetime: \(text)}]")
        #expect(ScenarioFixtures.errors(loaded) == [])
        guard case .lifetime(let read, false)? = loaded.setup?.faults.first?.timing else {
            Issue.record("no lifetime in \(text)")
            return
        }
        #expect(abs(read.mean - distribution.mean) <= 2e-5 * distribution.mean)
        #expect(abs(read.variance - distribution.variance) <= 2e-4 * distribution.variance)
        #expect(DistributionText.text(read, beside: "perTarget: false") == text)
    }

    @Test(
        "a length that no file can say has no text",
        arguments: [
            .exponential(mean: 1e11), .lognormal(mu: 40, sigma: 1), .weibull(scale: 1e-12, shape: 1),
            .gompertz(hazard: 1e-9, growth: 0),
        ] as [Distribution])
    func unwritable(distribution: Distribution) {
        #expect(DistributionText.text(distribution) == nil)
    }

    @Test(
        "what is fitted can be pasted",
        arguments: [
            ("lifetime,censored,repair\n90m,,5m\n120m,yes,7m\n400m,no,2m\n7h,,2m\n1h,,3m\n", "failures", true, true),
            ("start,duration\n1h,1h\n5h,30m\n7h,10m\n20h,5m\n", "failures", false, true),
            ("lifetime\n1h\n1h\n1h\n", "failures", true, false),
        ])
    func pasted(text: String, name: String, isPerTarget: Bool, heals: Bool) throws {
        let group = try #require(try read(text).groups(by: nil).first)
        let fit = FailureFit(group, replicates: 9, seed: 1)
        let entry = try #require(fit.entry(column: nil)).map { "    \($0)\n" }.joined()
        let loaded = ScenarioFixtures.load(spec: "  faults:\n\(entry)")
        #expect(ScenarioFixtures.errors(loaded) == [], "\(entry)")
        let fault = try #require(loaded.setup?.faults.first)
        #expect(fault.name == name)
        guard case .lifetime(let lifetime, isPerTarget) = fault.timing else {
            Issue.record("\(fault.timing)")
            return
        }
        let best = try #require(fit.lifetimes?.distributions.first)
        #expect(abs(lifetime.mean - best.mean) <= 1e-4 * best.mean)
        #expect(fault.targets.choice == (isPerTarget ? .all : .count(1)))
        if case .lasting(let repair) = fault.duration {
            let best = try #require(fit.repairs?.distributions.first)
            #expect(heals && abs(repair.mean - best.mean) <= 1e-4 * best.mean)
        } else {
            #expect(!heals)
        }
    }

    @Test("names of groups become names of faults, and too few lifetimes make none")
    func names() throws {
        let log = try read("lifetime,cause\n1h,\"Disk \"\"1\"\": bad\"\n2h,\"Disk \"\"1\"\": bad\"\n4h,\"Disk \"\"1\"\": bad\"\n")
        let group = try #require(log.groups(by: 1).first)
        #expect(group.value == "Disk \"1\": bad")
        let fit = FailureFit(group, replicates: 0, seed: 1)
        #expect(try #require(fit.entry(column: "cause")).first == "- name: failures-cause-disk--1---bad")
        let few = FailureFit(
            try #require(try read("lifetime\n1h\n2h\n").groups(by: nil).first), replicates: 0, seed: 1)
        #expect(few.entry(column: nil) == nil)
    }

    @Test("where the best law lasts longer than a scenario can say, the next one is written with a remark")
    func centuries() throws {
        let text = "lifetime,censored\n1s,\n5m,\n20h,\n" + String(repeating: "900d,yes\n", count: 300)
        let fit = FailureFit(try #require(try read(text).groups(by: nil).first), replicates: 0, seed: 1)
        let best = try #require(fit.lifetimes?.distributions.first)
        #expect(DistributionText.text(best) == nil)
        let entry = try #require(fit.entry(column: nil))
        #expect(entry[2].hasPrefix("  lifetime: {exponential: {mean: ") && entry[2].contains("  # the best law"))
        let spec = "  faults:\n" + entry.map { "    \($0)\n" }.joined()
        #expect(ScenarioFixtures.errors(ScenarioFixtures.load(spec: spec)) == [])
    }

    // MARK: - Twins

    @Test("the log of a simulated cluster gives back what its faults were drawn from")
    func twin() throws {
        let spec = """
              duration: 2000d
              pools: [{name: m, machineType: m6i.large, count: 10}]
              faults:
                - {name: f, kind: NodeCrash, lifetime: {weibull: {scale: 100d, shape: 1.6}}, duration: {lognormal: {median: 2h, sigma: 0.8}}}
            """
        let rows = try faults(of: ScenarioFixtures.load(spec: spec, manifest: ""), checks: false)
        let healed = rows.filter { $0.to != .never }
        let lines = healed.map { "\($0.target),\($0.from.sinceStart),\($0.to.sinceStart)\n" }
        let window = FailureLog.Window(from: LogTime(parsing: "0"), until: LogTime(parsing: "2000d"))
        let group = try #require(try read("node,start,end\n" + lines.joined()).groups(by: nil, window: window).first)
        let fit = FailureFit(group, replicates: 19, seed: 1)
        let lifetimes = try #require(fit.lifetimes)
        let repairs = try #require(fit.repairs)
        #expect(lifetimes.sample.ended.count == healed.count && lifetimes.sample.censored.count == 10)
        let best = try #require(lifetimes.best)
        #expect(lifetimes.candidates[best].fit.family == .weibull)
        for (lengths, place, truth) in [(lifetimes, 1, [8_640_000, 1.6]), (repairs, 2, [log(7_200.0), 0.8])] {
            for (parameter, value) in zip(lengths.candidates[place].fit.parameters, truth) {
                #expect(abs(parameter.value - value) < 4 * (parameter.standardError ?? 0), "\(parameter)")
            }
            #expect((lengths.candidates[place].test.pValue ?? 0) > 0.05)
        }
    }

    /// Parameters and likelihoods that another program found.
    @Test(
        "repair times of Los Alamos are fitted as elsewhere",
        .enabled(if: FaultTraceScenarioTests.data != nil, "skipped: ../shared/data/traces/failures-lanl is missing"))
    func losAlamos() throws {
        let text = try String(contentsOfFile: try #require(FaultTraceScenarioTests.data), encoding: .utf8)
        let log = try read(text)
        let groups = log.groups(by: log.column("cause"))
        #expect(groups.map(\.value) == ["", "facilities", "hardware", "human", "network", "software", "undetermined"])
        #expect(groups.allSatisfy { $0.machines == 3_577 })
        for (value, expected) in [
            ("facilities", [-4_142.761_259, 31_280.864_158, 0.855_712_2, -4_133.747_888, 9.745_097_76, 1.216_893_65, -4_112.442_253]),
            ("network", [-4_469.274_107, 8_406.273_799, 0.597_553_7, -4_304.499_686, 8.223_756_18, 1.589_784_27, -4_254.749_369]),
        ] {
            let sample = try #require(groups.first { $0.value == value }?.repairs)
            let exponential = LifetimeFamily.exponential.fit(sample)
            let weibull = LifetimeFamily.weibull.fit(sample)
            let lognormal = LifetimeFamily.lognormal.fit(sample)
            let found =
                [exponential.logLikelihood] + weibull.parameters.map(\.value) + [weibull.logLikelihood]
                + lognormal.parameters.map(\.value) + [lognormal.logLikelihood]
            for (number, wanted) in zip(found, expected) {
                #expect(abs(number - wanted) <= 1e-6 * abs(wanted), "\(value): \(number), not \(wanted)")
            }
        }
    }
}
