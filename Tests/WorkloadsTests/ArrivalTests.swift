import Chronology
import KubernetesAPI
import Testing
import VirtualTime
import Workloads

@Suite("Arrivals")
struct ArrivalTests {
    private let clock = WallClock(startDate: StartDate(unixSeconds: 1_767_571_200))

    /// All arrivals of a process before `end`.
    private func arrivals(_ spec: ArrivalSpec, until end: Duration, seed: UInt64 = 1) -> [ArrivalClock.Arrival] {
        var process = ArrivalClock(spec, seed: Seed(seed))
        var found: [ArrivalClock.Arrival] = []
        while let next = process.next(before: .start + end, on: clock) { found.append(next) }
        return found
    }

    /// Counts per bin of `length`.
    private func counts(_ instants: [Instant], bins: Int, length: Duration) -> [Double] {
        var counts = [Double](repeating: 0, count: bins)
        for instant in instants { counts[Int(instant.nanoseconds / length.nanoseconds)] += 1 }
        return counts
    }

    private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
    }

    @Test("counts of a Poisson process have the mean of their rate, and an index of dispersion of one", arguments: [1, 2, 3] as [UInt64])
    func poisson(seed: UInt64) {
        // 12 an hour, counted in 4,000 hours.
        let spec = ArrivalSpec(name: "p", process: .poisson(.constant(12 * 24_000)))
        let found = arrivals(spec, until: .hours(4_000), seed: seed)
        let (mean, variance) = moments(counts(found.map(\.at), bins: 4_000, length: .hours(1)))
        // Four standard errors: sqrt(12 / 4000) of the mean, sqrt(2 / 3999) of the index.
        let (meanError, indexError): (Double, Double) = ((12.0 / 4_000).squareRoot(), (2.0 / 3_999).squareRoot())
        #expect(abs(mean - 12) < 4 * meanError)
        #expect(abs(variance / mean - 1) < 4 * indexError)
        #expect(found.map(\.number) == (1...Int64(found.count)).map { $0 })
    }

    @Test("gaps of a Poisson process are exponential: their share beyond the mean is 1/e")
    func gaps() {
        let spec = ArrivalSpec(name: "p", process: .poisson(.constant(ArrivalProcess.perSecond)))
        let times = arrivals(spec, until: .seconds(20_000)).map(\.at)
        let gaps = zip(times.dropFirst(), times).map { ($0 - $1).inSeconds }
        let beyond = Double(gaps.count { $0 > 1 }) / Double(gaps.count)
        let share = 0.367_879_441
        #expect(abs(beyond - share) < 4 * (share * (1 - share) / Double(gaps.count)).squareRoot())
    }

    @Test("where the rate changes, counts follow the integral of the rate")
    func inhomogeneous() throws {
        // A day of two rates and a pause: 6 h at 10, 6 h at 0, 12 h at 40 an hour.
        let points = [(0, 10), (6, 0), (12, 40)].map {
            SeriesShape.Point(at: .hours(Int64($0.0)), value: Int64($0.1) * 24_000)
        }
        let curve = Curve(.series(try #require(SeriesShape(points, period: .days(1)))))
        let days = 400
        let found = arrivals(ArrivalSpec(name: "p", process: .poisson(curve)), until: .days(Int64(days)))
        var parts = [0.0, 0, 0]
        for arrival in found {
            let hour = arrival.at.nanoseconds / Duration.hours(1).nanoseconds % 24
            parts[hour < 6 ? 0 : hour < 12 ? 1 : 2] += 1
        }
        #expect(parts[1] == 0)
        for (part, expected) in [(parts[0], 60.0 * Double(days)), (parts[2], 480 * Double(days))] {
            #expect(abs(part - expected) < 4 * expected.squareRoot())
        }
        let (mean, variance) = moments(counts(found.map(\.at), bins: days, length: .days(1)))
        #expect(abs(mean - 540) < 4 * (540 / Double(days)).squareRoot())
        #expect(abs(variance / mean - 1) < 4 * (2 / Double(days - 1)).squareRoot())
    }

    @Test("a steep diurnal rate is followed within each hour")
    func diurnal() {
        let shape = DiurnalShape(base: 0, peak: 60 * 24_000)
        let curve = Curve(.diurnal(shape))
        let found = arrivals(ArrivalSpec(name: "p", process: .poisson(curve)), until: .days(200))
        var expected = [Double](repeating: 0, count: 24)
        for quarter in 0..<96 {
            expected[quarter / 4] += Double(curve.value(at: .start + .minutes(Int64(quarter) * 15), on: clock)) / 96_000 * 200
        }
        var counted = [Double](repeating: 0, count: 24)
        for arrival in found { counted[Int(arrival.at.nanoseconds / Duration.hours(1).nanoseconds % 24)] += 1 }
        for hour in 0..<24 { #expect(abs(counted[hour] - expected[hour]) <= 4.5 * expected[hour].squareRoot() + 1) }
    }

    @Test(
        "the number of renewals has the mean and the variance of renewal theory",
        arguments: [
            (.gamma(shape: 4, scale: 15), 0.25),
            (.weibull(scale: 60, shape: 0.7), 2.138),
            (.lognormal(mean: 60, sigma: 0.5), 0.284_025),
        ] as [(Distribution, Double)])
    func renewal(distribution: Distribution, squaredVariation: Double) {
        // Over t, the mean tends to t/m + (c2 - 1)/2 and the variance to c2 t/m, c2 the squared coefficient of variation.
        let runs = 400
        let length = Duration.hours(20)
        let expected = length.inSeconds / distribution.mean
        let numbers = (0..<runs).map { run in
            Double(arrivals(ArrivalSpec(name: "r", process: .renewal(distribution)), until: length, seed: UInt64(run)).count)
        }
        let (mean, variance) = moments(numbers)
        let error = (squaredVariation * expected / Double(runs)).squareRoot()
        #expect(abs(mean - expected - (squaredVariation - 1) / 2) < 4 * error)
        let tolerance: Double = 4 * (2 / Double(runs - 1)).squareRoot() + 0.02
        #expect(abs(variance / (squaredVariation * expected) - 1) < tolerance)
    }

    @Test("a fixed interval, a beginning, an end and a limit")
    func bounds() {
        func hours(_ spec: ArrivalSpec) -> [Int64] { arrivals(spec, until: .hours(10)).map { $0.at.sinceStart.wholeSeconds / 3_600 } }
        let every = ArrivalProcess.every(.hours(2))
        #expect(hours(ArrivalSpec(name: "f", process: every)) == [2, 4, 6, 8])
        #expect(hours(ArrivalSpec(name: "f", process: every, from: .start + .hours(1))) == [3, 5, 7, 9])
        #expect(hours(ArrivalSpec(name: "f", process: every, until: .start + .hours(6))) == [2, 4])
        #expect(hours(ArrivalSpec(name: "f", process: every, limit: 3)) == [2, 4, 6])
    }

    @Test("a process has its own stream: the name decides, and nothing else")
    func streams() {
        func first(_ name: String, _ seed: UInt64) -> Instant? {
            arrivals(ArrivalSpec(name: name, process: .poisson(.constant(24_000)), limit: 1), until: .days(9), seed: seed).first?.at
        }
        #expect(first("a", 1) == first("a", 1))
        #expect(first("a", 1) != first("b", 1))
        #expect(first("a", 1) != first("a", 2))
    }

    @Test("a rate of nothing, and a rate that ends, bring no arrival and no endless search")
    func nothing() throws {
        #expect(arrivals(ArrivalSpec(name: "p", process: .poisson(.constant(0))), until: .days(3_650)).isEmpty)
        let curve = Curve(.series(try #require(SeriesShape([.init(at: .zero, value: 24_000_000), .init(at: .hours(1), value: 0)]))))
        let found = arrivals(ArrivalSpec(name: "p", process: .poisson(curve)), until: .days(30))
        #expect(!found.isEmpty && found.allSatisfy { $0.at <= .start + .hours(1) })
    }

    // MARK: - Traces

    @Test("a trace is read in the order of time, with what each line says")
    func trace() throws {
        let text = """
            # made by hand
            time,name,count,cpu,memory,gpu,runtime
            1h,late,,500m,,,90m
            60,early,2,,1Gi,1,3600
            2026-01-05T00:00:30Z,,,,,,

            """
        let (trace, problems) = ArrivalTrace.read(csv: text, clock: clock)
        #expect(problems.isEmpty)
        #expect(trace.rows.map { $0.at.sinceStart.wholeSeconds } == [30, 60, 3_600])
        #expect(trace.rows.map(\.name) == ["", "early", "late"])
        #expect(ArrivalTrace.read(csv: "\u{FEFF}time,name\n1h,a", clock: clock).problems.isEmpty)
        #expect(trace.rows[1].count == 2 && trace.rows[1].gpu == Quantity(1) && trace.rows[1].runTime == .hours(1))
        #expect(trace.rows[2].cpu == Quantity(milli: 500) && trace.rows[2].runTime == .minutes(90))
        let found = arrivals(ArrivalSpec(name: "t", process: .trace(trace), from: .start + .seconds(40)), until: .days(1))
        #expect(found.map { $0.at.sinceStart.wholeSeconds } == [60, 3_600])
    }

    @Test(
        "a line that is wrong is told with its number",
        arguments: [
            ("name\na", 1, "the column \"time\" is missing"),
            ("time,cpus\n", 1, "there is no column \"cpus\""),
            ("time,time\n", 1, "the column \"time\" stands twice"),
            ("time,cpu\n1h", 2, "the header names 2 columns, and this line has 1"),
            ("time,cpu\n1h,\n-3,", 3, "time: \"-3\" is no time"),
            ("time,cpu\n1h,many", 2, "cpu: \"many\" is no quantity"),
            ("time,name\n1h,A", 2, "name: \"A\" is no name"),
            ("time,name\n1h,a\n2h,a", 3, "the name \"a\" stands in line 2 already"),
            ("time,gpu\n1h,0.5", 2, "gpu: \"0.5\" is no whole number"),
            ("time,runtime\n1h,\"5m", 2, "a quote is not closed"),
            ("time\n", 1, "there is no arrival"),
        ] as [(String, Int, String)])
    func mistakes(text: String, line: Int, message: String) {
        let problems = ArrivalTrace.read(csv: text, clock: clock).problems
        #expect(problems.map(\.line) == [line])
        #expect(problems.first?.message.hasPrefix(message) == true, "\(problems)")
    }

    @Test("objects have names of their own, and ask for what the line says")
    func objects() throws {
        var container = Container(name: "main", image: "x:1")
        container.requests = [.cpu: Quantity(1), .memory: Quantity(1 << 30)]
        container.limits = [.cpu: Quantity(1)]
        var job = Job(metadata: ObjectMeta(name: "template", namespace: "batch"), spec: Job.Spec())
        job.spec.template.spec = PodSpec(containers: [container])
        let spec = ArrivalSpec(name: "train", process: .every(.hours(1)), count: 2)
        var row = ArrivalRow(at: .start)
        row.cpu = Quantity(4)
        row.gpu = Quantity(2)
        row.runTime = .minutes(90)
        row.count = 1
        row.name = "own"
        let plain = ArrivalClock.Arrival(at: .start, number: 5, row: nil)
        let told = ArrivalClock.Arrival(at: .start, number: 5, row: row)
        let copies = ArrivingObject.objects(of: plain, spec: spec, template: .job(job), first: 9)
        #expect(copies.map(\.metadata.name) == ["train-9", "train-10"])
        #expect(copies.allSatisfy { $0.metadata.labels[ArrivingObject.processLabel] == "train" && $0.metadata.namespace == "batch" })
        let own = ArrivingObject.objects(of: told, spec: spec, template: .job(job), first: 9)
        #expect(own.map(\.metadata.name) == ["own"])
        guard case .job(let changed)? = own.first else { throw Missing() }
        let asked = changed.spec.template.spec.containers[0]
        #expect(asked.requests == [.cpu: Quantity(4), .memory: Quantity(1 << 30), .nvidiaGPU: Quantity(2)])
        #expect(asked.limits == [.cpu: Quantity(4), .nvidiaGPU: Quantity(2)])
        #expect(changed.spec.template.annotations[ArrivingObject.runTimeAnnotation] == "1h30m")
    }

    private struct Missing: Error {}
}
