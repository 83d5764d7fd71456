import Chronology
import KubernetesAPI
import Scenarios

/// Makes a failing case smaller, as long as it fails in the same way.
///
/// Parts are taken out of the scenario and its manifests, large ones first and many at a time (hierarchical delta
/// debugging: Misherghi and Su, ICSE 2006); then numbers become smaller, times rounder, and the end comes earlier.
package struct Shrinker {
    /// What came of it.
    package struct Result {
        package var swarmCase: SwarmCase
        package var failure: SwarmFailure
        /// Cases that were run.
        package var tries: Int
        /// Whether nothing more can be taken out; false when the tries were used up.
        package var isMinimal: Bool
    }

    private let judge: (SwarmCase) throws -> SwarmCheck.Outcome
    private let progress: (Int, Int) -> Bool
    private let limit: Int
    private var tree: CaseTree
    private var failure: SwarmFailure
    private var outcome: SwarmCheck.Outcome
    private var tries = 0
    private var isStopped = false
    // Texts that were tried before, so that no case is run twice.
    private var known: Set<SwarmCase> = []

    /// Prepares to shrink a case; nil when it does not fail, or cannot be parsed.
    ///
    /// `judge` runs a case, at most `limit` times; `progress` is told the number of tries and of bytes after each, and
    /// ends the shrinking by returning false.
    package init?(
        _ swarmCase: SwarmCase, limit: Int = 5_000, progress: @escaping (Int, Int) -> Bool = { _, _ in true },
        judge: @escaping (SwarmCase) throws -> SwarmCheck.Outcome
    ) rethrows {
        let outcome = try judge(swarmCase)
        guard let failure = outcome.failure, failure.kind != .rejected, let tree = CaseTree(swarmCase) else {
            return nil
        }
        self.judge = judge
        self.progress = progress
        self.limit = limit
        self.tree = tree
        self.failure = failure
        self.outcome = outcome
    }

    /// Takes out all that is not needed for the failure.
    package mutating func shrink() throws -> Result {
        var before = ""
        while !isStopped, before != fingerprint {
            before = fingerprint
            try cutHorizon()
            try removeMended()
            try removeParts()
            try removeFiles()
            try reduceNumbers()
            try roundTimes()
        }
        return Result(swarmCase: tree.swarmCase, failure: failure, tries: tries, isMinimal: !isStopped)
    }

    private var fingerprint: String { tree.swarmCase.files.map { $0.name + "\n" + $0.text }.joined() }

    // MARK: - One step

    /// Keeps a smaller case when it fails in the same way.
    private mutating func keep(_ candidate: CaseTree) throws -> Bool {
        let swarmCase = candidate.swarmCase
        guard !isStopped, known.insert(swarmCase).inserted else { return false }
        // What cannot be loaded needs no process.
        guard swarmCase.load().setup != nil, let horizon = Self.horizon(of: candidate),
            Self.horizon(of: tree).map({ horizon <= $0 }) ?? true
        else { return false }
        tries += 1
        let found = try judge(swarmCase)
        if tries >= limit || !progress(tries, swarmCase.files.reduce(0) { $0 + $1.text.utf8.count }) {
            isStopped = true
        }
        guard let failed = found.failure, failed.isSame(as: failure) else { return false }
        tree = candidate
        failure = failed
        outcome = found
        return true
    }

    private static func horizon(of tree: CaseTree) -> Duration? {
        tree.place(["spec", "duration"]).flatMap { tree[$0]?.string }.flatMap { try? Duration(parsing: $0) }
    }

    // MARK: - Steps

    private mutating func cutHorizon() throws {
        guard let place = tree.place(["spec", "duration"]) else { return }
        let end: Duration
        switch failure.kind {
        case .invariant: end = failure.at
        // As much time as there must be to settle.
        case .unsettled: end = outcome.lastDisturbance + SwarmCheck.bound
        case .endless, .crash, .rejected: return try halveHorizon(place)
        }
        for unit in [Duration.minutes(1), .seconds(1)] {
            var candidate = tree
            let count = end.nanoseconds / unit.nanoseconds + 1
            if let now = Self.horizon(of: tree), now <= unit * count { return }
            candidate.replace(place, by: .text((unit * count).description))
            if try keep(candidate) { return }
        }
    }

    private mutating func halveHorizon(_ place: CaseTree.Path) throws {
        while let now = Self.horizon(of: tree), now > .seconds(2) {
            var candidate = tree
            candidate.replace(place, by: .text(Duration.seconds(now.wholeSeconds / 2).description))
            guard try keep(candidate) else { return }
        }
    }

    /// Takes out what is mended in the end together with what mends it: alone, neither can go.
    private mutating func removeMended() throws {
        guard failure.kind == .unsettled else { return }
        var index = 0
        while let pairs = Optional(MendedParts.pairs(in: tree)), index < pairs.count {
            var candidate = tree
            candidate.remove(pairs[index])
            if try !keep(candidate) { index += 1 }
        }
    }

    private mutating func removeParts() throws {
        var depth = 0
        while !tree.containers(at: depth).isEmpty {
            var index = 0
            while let places = Optional(tree.containers(at: depth)), index < places.count {
                try removeChildren(of: places[index])
                index += 1
            }
            depth += 1
        }
    }

    private mutating func removeChildren(of place: CaseTree.Path) throws {
        var size = tree[place]?.childCount ?? 0
        while size >= 1 {
            var start = 0
            while let count = tree[place]?.childCount, start < count {
                let range = start..<min(start + size, count)
                var candidate = tree
                candidate.remove(range, of: place)
                if try isProtected(range, of: place) || !keep(candidate) { start += size }
            }
            size /= 2
        }
    }

    /// Whether a part mends the cluster: without it, it would rightly not settle.
    private func isProtected(_ range: Range<Int>, of place: CaseTree.Path) -> Bool {
        guard failure.kind == .unsettled else { return false }
        let parts = range.map { place.child($0) }
        return MendedParts.mending(in: tree).contains { mending in
            parts.contains { part in
                part.file == mending.file && part.document == mending.document
                    && (mending.children.starts(with: part.children) || part.children.starts(with: mending.children))
            }
        }
    }

    private mutating func removeFiles() throws {
        var size = tree.files.count
        while size >= 1 {
            var start = 0
            while start < tree.files.count {
                let range = start..<min(start + size, tree.files.count)
                var candidate = tree
                candidate.removeFiles(range)
                let holdsScenario = tree.scenarioFile.map(range.contains) ?? false
                if try holdsScenario || !keep(candidate) { start += size }
            }
            size /= 2
        }
    }

    private mutating func reduceNumbers() throws {
        for place in tree.scalars() {
            guard case .scalar(.integer(let text))? = tree[place]?.value, let number = Int64(text), number > 0 else {
                continue
            }
            var smaller = [0, 1, number / 2, number - 1].filter { $0 < number }
            while let next = smaller.first {
                smaller.removeFirst()
                var candidate = tree
                candidate.replace(place, by: .number(next))
                if try keep(candidate) {
                    // The smallest came first, but by ones it may go on.
                    smaller = next > 1 ? [next - 1] : []
                }
            }
        }
    }

    private mutating func roundTimes() throws {
        let mending = MendedParts.mending(in: tree)
        for place in tree.scalars() where place != tree.place(["spec", "duration"]) {
            guard let text = tree[place]?.string, let time = try? Duration(parsing: text), time > .zero else {
                continue
            }
            if isProtected(0..<1, of: place) { continue }
            for unit in [Duration.hours(1), .minutes(10), .minutes(1), .seconds(10), .seconds(1), .milliseconds(100)] {
                let whole = time.nanoseconds / unit.nanoseconds
                // Up as well as down: what happens between two things may matter.
                let rounded = [unit * whole, unit * (whole + 1)].filter { $0 > .zero && $0 != time }
                if unit * whole == time { break }
                var isKept = false
                for value in rounded where !isKept {
                    var candidate = tree
                    candidate.replace(place, by: .text(value.description))
                    // What mends the cluster comes last.
                    guard failure.kind != .unsettled || MendedParts.mending(in: candidate) == mending else { continue }
                    isKept = try keep(candidate)
                }
                if isKept { break }
            }
        }
    }
}
