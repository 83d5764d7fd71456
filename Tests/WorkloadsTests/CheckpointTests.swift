import Chronology
import Testing
import VirtualTime
import Workloads

@Suite("Checkpoints")
struct CheckpointTests {
    private static let rule = CheckpointRule(every: .minutes(10), cost: .seconds(20), restore: .seconds(30))

    @Test(
        "the length of a run: the work, a checkpoint after each stretch but the last, and the way back",
        arguments: [(60, 0, 3_600 + 5 * 20), (65, 0, 3_900 + 6 * 20), (60, 40, 30 + 1_200 + 20), (5, 0, 300), (60, 60, 30)]
            as [(Int64, Int64, Int64)])
    func length(total: Int64, saved: Int64, seconds: Int64) {
        #expect(Self.rule.length(total: .minutes(total), saved: .minutes(saved)) == .seconds(seconds))
    }

    @Test(
        "how far a run of an hour got",
        arguments: [
            // seconds since the start, saved before; then work, saved, lost, overhead in seconds
            (0, 0, 0, 0, 0, 0),
            (599, 0, 599, 0, 599, 0),
            (610, 0, 600, 0, 600, 10),
            (620, 0, 600, 600, 0, 20),
            (700, 0, 680, 600, 80, 20),
            (25, 1_200, 0, 1_200, 0, 25),
            (40, 1_200, 10, 1_200, 10, 30),
            (660, 1_200, 610, 1_800, 10, 50),
            (3_700, 0, 3_600, 3_000, 600, 100),
        ] as [(Int64, Int64, Int64, Int64, Int64, Int64)])
    func progress(elapsed: Int64, before: Int64, work: Int64, saved: Int64, lost: Int64, overhead: Int64) {
        let found = Self.rule.progress(after: .seconds(elapsed), total: .hours(1), saved: .seconds(before))
        #expect(
            found
                == CheckpointRule.Progress(
                    work: .seconds(work), saved: .seconds(saved), lost: .seconds(lost), overhead: .seconds(overhead)))
    }

    /// The time that work takes when failures come at exponential times and repair takes none.
    private func completion(
        _ rule: CheckpointRule, work total: Duration, meanTimeBetweenFailures mean: Double, _ stream: inout RandomStream
    ) -> Double {
        var saved = Duration.zero
        var time = 0.0
        while true {
            let length = rule.length(total: total, saved: saved)
            let failure = Distribution.exponential(mean: mean).sample(&stream)
            if failure >= length { return time + length.inSeconds }
            let progress = rule.progress(after: failure, total: total, saved: saved)
            #expect(progress.work == progress.saved - saved + progress.lost)
            saved = progress.saved
            time += failure.inSeconds
        }
    }

    /// Daly's closed form, stretch by stretch: with the mean M, a stretch of length L takes M e^(R/M) (e^(L/M) - 1) on
    /// average, where R is the way back to a checkpoint; there is none in the first stretch, and the last writes none.
    private func expected(_ rule: CheckpointRule, stretches: Int, mean: Double) -> Double {
        func exponential(_ x: Double) -> Double {
            var (sum, term) = (1.0, 1.0)
            for n in 1...60 {
                term *= x / Double(n)
                sum += term
            }
            return sum
        }
        return (1...stretches).reduce(0.0) { sum, stretch in
            let length = rule.every.inSeconds + (stretch == stretches ? 0 : rule.cost.inSeconds)
            let back = stretch == 1 ? 0 : rule.restore.inSeconds
            return sum + mean * exponential(back / mean) * (exponential(length / mean) - 1)
        }
    }

    @Test(
        "the mean time to completion is that of Young and Daly",
        arguments: [(10, 20, 30, 12, 3_600), (30, 60, 120, 8, 3_600), (60, 300, 600, 4, 7_200), (120, 0, 0, 1, 7_200)]
            as [(Int64, Int64, Int64, Int, Double)])
    func daly(every: Int64, cost: Int64, restore: Int64, stretches: Int, mean: Double) {
        let rule = CheckpointRule(every: .minutes(every), cost: .seconds(cost), restore: .seconds(restore))
        var stream = RandomStream(seed: Seed(7), name: "daly", index: UInt64(every))
        let runs = 6_000
        let times = (0..<runs).map { _ in
            completion(rule, work: rule.every * Int64(stretches), meanTimeBetweenFailures: mean, &stream)
        }
        let average = times.reduce(0, +) / Double(runs)
        let variance = times.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(runs - 1)
        let error = (variance / Double(runs)).squareRoot()
        #expect(abs(average - expected(rule, stretches: stretches, mean: mean)) < 4 * error)
    }

    @Test("Young's interval beats half of it and twice of it")
    func young() {
        // sqrt(2 C M) with C = 60 s and M = 2 h is 15.5 minutes.
        let means = [5, 15, 60].map { every in
            expected(CheckpointRule(every: .minutes(every), cost: .seconds(60)), stretches: 600 / Int(every), mean: 7_200)
        }
        #expect(means[1] < means[0] && means[1] < means[2])
    }
}
