package import Chronology
import VirtualTime

/// What came of the seeds of a swarm.
package struct SwarmReport: Sendable {
    /// A seed that failed.
    package struct Failure: Hashable, Sendable {
        package let seed: UInt64
        package let failure: SwarmFailure
    }

    /// Seeds that were run.
    package private(set) var count = 0
    package private(set) var events: Int64 = 0
    /// Seeds whose cluster was asked whether it has settled, and has.
    package private(set) var settled = 0
    /// The longest time that one of them took to settle.
    package private(set) var slowest: (seed: UInt64, time: Duration)?
    private var found: [Failure] = []
    // A sum, so that the order in which workers are done does not matter.
    private var sum: UInt64 = 0

    package init() {}

    /// Takes in a result.
    package mutating func add(_ seed: UInt64, _ outcome: SwarmCheck.Outcome) {
        count += 1
        events += outcome.events
        if let failure = outcome.failure { found.append(Failure(seed: seed, failure: failure)) }
        if let settling = outcome.settling {
            settled += 1
            let isSlower = slowest.map { settling > $0.time || settling == $0.time && seed < $0.seed } ?? true
            if isSlower { slowest = (seed, settling) }
        }
        var digest = RunDigest()
        digest.absorb(seed)
        digest.absorb(outcome.digest)
        digest.absorb(outcome.failure.map { "\($0)" } ?? "")
        sum &+= digest.words.low
    }

    /// The seeds that failed, in order.
    package var failures: [Failure] { found.sorted { $0.seed < $1.seed } }

    /// A number that two runs of the same seeds have in common when every result is the same.
    package var digest: String {
        let text = String(sum, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
