package import Chronology
package import KubernetesAPI

/// A usage history in equal steps of time.
package struct UsageGrid: Sendable {
    /// How the values of a step become one.
    package enum Merging: String, Sendable, CaseIterable {
        case mean
        case sum
        case max
    }

    /// Nanoseconds since 1970 at which the first step begins.
    package let start: Int64
    package let step: Duration
    /// NaN where there is none.
    package private(set) var values: [Double]
    /// What a reader of the forecast should know of how the grid came about.
    package private(set) var notes: [String] = []

    /// Steps that are offered when a history is too fine, in seconds.
    private static let ladder: [Int64] = [
        1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 86_400,
    ]
    /// More steps than this make a back-test long and no better.
    private static let stepsMax: Int64 = 12_000
    private static let horizonMax: Int64 = 500

    /// Brings a history on a grid; nil, and what is wrong, when it cannot be.
    ///
    /// - Parameters:
    ///   - every: The step; nil for that of the file, or a longer one when there are too many.
    ///   - horizon: How far ahead will be looked.
    package init?(
        _ history: UsageHistory, every: Duration?, merging: Merging, horizon: Duration, _ diagnostics: Diagnostics
    ) {
        let samples = history.samples
        func fail(_ line: Int, _ message: String, expected: String? = nil) {
            diagnostics.add(
                Diagnostic(
                    .error, file: history.file, position: Position(line: line, column: 1), message: message,
                    expected: expected))
        }
        guard let first = samples.first, let last = samples.last else { return nil }
        let steps = zip(samples.dropFirst(), samples).map { $0.at - $1.at }
        if every == nil, let twice = steps.firstIndex(of: 0) {
            fail(
                samples[twice + 1].line, "the time of line \(samples[twice].line) stands here again",
                expected: "one line for each time, or --every and --merge to say how they become one")
            return nil
        }
        let usual = Self.usual(steps)
        let span = last.at - first.at
        var step = every?.nanoseconds ?? usual
        if every == nil {
            let least = max(span / Self.stepsMax, horizon.nanoseconds / Self.horizonMax)
            if step < least {
                step = (Self.ladder.first { $0 * 1_000_000_000 >= least } ?? 86_400) * 1_000_000_000
                let told = (Duration(nanoseconds: usual), Duration(nanoseconds: step))
                notes.append("steps of \(told.0) were put together to \(told.1) (--every says otherwise)")
            }
        }
        guard step > 0, span / step < 1_000_000 else {
            fail(samples[0].line, "the history has \(span / max(1, step)) steps", expected: "a longer --every")
            return nil
        }
        if step < usual {
            fail(
                samples[0].line, "the lines are \(Duration(nanoseconds: usual)) apart",
                expected: "--every of at least that")
            return nil
        }
        self.step = Duration(nanoseconds: step)
        // Where steps are put together they begin at whole multiples, as days and hours do.
        let isMerged = step != usual
        start = isMerged ? first.at - ((first.at % step) + step) % step : first.at
        (values, notes) = Self.values(
            samples, start: start, step: step, shift: isMerged ? 0 : step / 2, merging: merging, notes: notes)
        dropPartialEdges(samples, isMerged: isMerged)
        tellGaps()
        guard 2 * values.count(where: \.isNaN) < values.count else {
            fail(
                samples[0].line, "most steps of \(self.step) have no value: the lines are not regular",
                expected: "a longer --every")
            return nil
        }
    }

    /// The most frequent distance between lines, the shortest of them.
    private static func usual(_ steps: [Int64]) -> Int64 {
        let sorted = steps.filter { $0 > 0 }.sorted()
        var (best, most, from) = (sorted.first ?? 1, 0, 0)
        while from < sorted.count {
            var to = from
            while to < sorted.count, sorted[to] == sorted[from] { to += 1 }
            if to - from > most { (best, most) = (sorted[from], to - from) }
            from = to
        }
        return best
    }

    private static func values(
        _ samples: [UsageHistory.Sample], start: Int64, step: Int64, shift: Int64, merging: Merging, notes: [String]
    ) -> ([Double], [String]) {
        let count = Int((samples[samples.count - 1].at - start + shift) / step) + 1
        var sums = Array(repeating: 0.0, count: count)
        var counts = Array(repeating: 0, count: count)
        for sample in samples where !sample.value.isNaN {
            let place = Int((sample.at - start + shift) / step)
            sums[place] =
                merging == .max && counts[place] > 0 ? max(sums[place], sample.value) : sums[place] + sample.value
            if merging == .max, counts[place] == 0 { sums[place] = sample.value }
            counts[place] += 1
        }
        let values = sums.indices.map { place -> Double in
            guard counts[place] > 0 else { return .nan }
            return merging == .mean ? sums[place] / Double(counts[place]) : sums[place]
        }
        return (values, notes)
    }

    /// Leaves out a first and a last step that the history covers only in part: their sums would be too small.
    private mutating func dropPartialEdges(_ samples: [UsageHistory.Sample], isMerged: Bool) {
        guard isMerged, values.count > 2, let last = samples.last else { return }
        let usual = Self.usual(zip(samples.dropFirst(), samples).map { $0.at - $1.at })
        let end = start + Int64(values.count) * step.nanoseconds
        if last.at + usual < end {
            values.removeLast()
            notes.append("the last step is not complete, and was left out")
        }
        // A first step that is not complete counts as missing: where the grid begins must stay.
        if samples[0].at - start >= usual {
            values[0] = .nan
            notes.append("the first step is not complete, and counts as missing")
        }
    }

    private mutating func tellGaps() {
        let missing = values.count(where: \.isNaN)
        guard missing > 0 else { return }
        var (longest, run) = (0, 0)
        for value in values {
            run = value.isNaN ? run + 1 : 0
            longest = max(longest, run)
        }
        let gap = Duration(nanoseconds: Int64(longest) * step.nanoseconds)
        notes.append("\(missing) of \(values.count) steps have no value (the longest gap: \(gap)); none was made up")
    }
}
