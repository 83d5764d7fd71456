import Chronology
import Testing

@testable import Autoscalers

@Suite struct VerticalRecommenderTests {
    private func minute(_ count: Int64) -> Instant { .start + .minutes(count) }

    @Test(
        "buckets begin where upstream's do, each a twentieth wider",
        arguments: [
            (0.0, 0.01), (0.009, 0.01), (0.0101, 0.0205), (0.02, 0.0205), (0.021, 0.031525), (0.1, 0.110266),
            // Above the last bucket there is no end: its beginning is told.
            (5_000, 1_021.304),
        ])
    func buckets(value: Double, end: Double) {
        var histogram = DecayingHistogram(.cores)
        histogram.add(value, weight: 1, at: .start)
        #expect(abs(histogram.percentile(0.9) - end) < 1e-3 * max(1, end))
    }

    @Test(
        "percentiles count weight, not samples",
        arguments: [
            (0.05, 0.0205), (0.1, 0.0205), (0.5, 0.110266), (0.9, 0.110266), (0.91, 1.016281), (1.0, 1.016281),
        ])
    func percentiles(share: Double, end: Double) {
        var histogram = DecayingHistogram(.cores)
        histogram.add(0.015, weight: 1, at: .start)
        for _ in 0..<4 { histogram.add(0.11, weight: 2, at: .start) }
        histogram.add(1, weight: 1, at: .start)
        #expect(abs(histogram.percentile(share) - end) < 0.001, "\(histogram.percentile(share))")
    }

    @Test("a sample of a day ago weighs half, whenever weights are scaled")
    func decay() {
        for days in [0, 1, 30, 99, 101, 250] as [Int64] {
            var histogram = DecayingHistogram(.cores)
            histogram.add(1, weight: 2, at: minute(days * 1_440))
            histogram.add(2, weight: 1.01, at: minute((days + 1) * 1_440))
            // Two halves to 1.01: the median is the later one.
            #expect(histogram.percentile(0.5) > 1.9, "\(days)")
            histogram.add(1, weight: 0.02, at: minute((days + 1) * 1_440))
            #expect(histogram.percentile(0.5) < 1.2, "\(days)")
        }
    }

    @Test("what is taken away leaves nothing behind")
    func subtraction() {
        var histogram = DecayingHistogram(.bytes)
        #expect(histogram.isEmpty && histogram.percentile(0.9) == 0)
        histogram.add(1e9, weight: 1, at: minute(5_000))
        histogram.subtract(1e9, weight: 1, at: minute(5_000))
        #expect(histogram.isEmpty && histogram.percentile(0.9) == 0)
    }

    /// A week of samples, one a minute, most of 100m and every twelfth of 400m.
    private var week: ContainerHistory {
        var history = ContainerHistory()
        for sample in 0..<(7 * 1_440) as Range<Int64> {
            history.addCPU(milli: sample % 12 == 11 ? 400 : 100, requestMilli: 1_000, at: minute(sample))
            history.addMemory(bytes: 512 << 20, pod: 1, at: minute(sample))
        }
        return history
    }

    @Test("the target is a percentile with a margin, the bounds come nearer with confidence")
    func recommendation() throws {
        let week = try #require(VerticalRecommender().recommendation(for: week))
        // 100m ends in the bucket to 110.3m, 400m in that to 414.3m; 15 % more.
        #expect(abs(week.target.cpuMilli - 126) <= 1)
        #expect(abs(week.lowerBound.cpuMilli - 126) <= 1)
        // One day in seven more.
        let upper = Double(week.upperBound.cpuMilli) / (1.15 * 8 / 7)
        #expect(abs(upper - 414) < 12)
        let memory = week.target.memoryBytes >> 20
        #expect(memory > 512 && memory < 650)

        var young = ContainerHistory()
        for sample in 0..<60 as Range<Int64> { young.addCPU(milli: 100, requestMilli: 100, at: minute(sample)) }
        let hour = try #require(VerticalRecommender().recommendation(for: young))
        #expect(hour.lowerBound.cpuMilli < hour.target.cpuMilli)
        #expect(hour.upperBound.cpuMilli > 20 * hour.target.cpuMilli)
    }

    @Test("confidence is the days of samples, by the calendar or by their number")
    func confidence() {
        #expect(abs(VerticalRecommender.confidence(in: week) - 7) < 0.01)
        var sparse = ContainerHistory()
        for day in 0...10 as ClosedRange<Int64> { sparse.addCPU(milli: 1, requestMilli: nil, at: minute(day * 1_440)) }
        #expect(VerticalRecommender.confidence(in: sparse) == 11.0 / 1_440)
        #expect(VerticalRecommender.confidence(in: ContainerHistory()) == 0)
    }

    @Test(
        "least amounts are shared by the containers of a pod", arguments: [(1, 25, 250 << 20), (2, 12, 125 << 20)] as [(Int, Int64, Int64)])
    func least(containers: Int, milli: Int64, bytes: Int64) throws {
        var history = ContainerHistory()
        history.addCPU(milli: 1, requestMilli: 10, at: .start)
        history.addMemory(bytes: 1 << 20, pod: 1, at: .start)
        let found = try #require(VerticalRecommender().recommendation(for: history, containers: containers))
        #expect(found.target == .init(cpuMilli: milli, memoryBytes: bytes))
        #expect(VerticalRecommender().recommendation(for: ContainerHistory()) == nil)
    }

    @Test("each step cuts parts of a thousandth off", arguments: [(25, 35), (100, 126), (1_000, 1_168)] as [(Int64, Int64)])
    func wholeAmounts(used: Int64, target: Int64) throws {
        var history = ContainerHistory()
        for sample in 0..<60 as Range<Int64> { history.addCPU(milli: used, requestMilli: used, at: minute(sample)) }
        let found = try #require(VerticalRecommender().recommendation(for: history))
        #expect(found.target.cpuMilli == target)
    }

    @Test("memory counts once a day and pod, with its peak")
    func peaks() {
        var history = ContainerHistory()
        for sample in 0..<1_440 as Range<Int64> {
            history.addMemory(bytes: sample == 700 ? 2 << 30 : 1 << 30, pod: 1, at: minute(sample))
        }
        // The first sample opens a window that ends at once; the day has one peak of 2 GiB.
        let high = Double(2 << 30 as Int64)
        #expect(history.bytes.percentile(0.01) > high)
        history.addMemory(bytes: 1 << 30, pod: 2, at: minute(1_439))
        #expect(history.bytes.percentile(0.3) < high)
    }

    @Test(
        "a kill for want of memory asks for a fifth more, and for 100 MiB at least",
        arguments: [
            (128 << 20, 0, 228 << 20), (2_048 << 20, 0, 2_457 << 20), (128 << 20, 1_024 << 20, 1_228 << 20),
        ] as [(Int64, Int64, Int64)])
    func outOfMemory(request: Int64, used: Int64, needed: Int64) {
        var history = ContainerHistory()
        if used > 0 { history.addMemory(bytes: used, pod: 1, at: minute(10)) }
        history.addOutOfMemory(requestBytes: request, pod: 1, at: minute(20))
        let peak = history.bytes.percentile(1)
        let least = Double(needed)
        #expect(peak >= least)
        #expect(peak < least * 1.06 + 1e7)
        // One that is told of after its window has passed says nothing.
        history.addMemory(bytes: used, pod: 1, at: minute(3 * 1_440))
        history.addOutOfMemory(requestBytes: 100 << 30, pod: 1, at: minute(30))
        let most = Double(50 << 30 as Int64)
        #expect(history.bytes.percentile(1) < most)
    }
}
