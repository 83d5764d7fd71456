package import Chronology
import KubernetesAPI
import Scenarios
package import Simulation
import VirtualTime

/// Runs a case with all invariants, and looks whether the cluster settles once nothing disturbs it any more.
package struct SwarmCheck: Sendable {
    /// How long after the last disturbance the cluster must have settled: failing keys wait up to 1,000 s, and jobs as
    /// long as 600 s, before they try again.
    package static let bound = Duration.minutes(45)
    /// How long what began before the calm may go on: waves of upgrades, machines that the cloud takes back and replaces.
    package static let tail = Duration.minutes(45)
    /// From one look whether it has settled to the next: not in step with what happens once a minute, such as the looks of
    /// the VerticalPodAutoscaler, whose news would be on its way each time.
    private static let step = Duration.seconds(61)
    /// More events than any case of the swarm has; one that comes so far does not end.
    package static let eventLimit: Int64 = 400_000

    /// What came of a case.
    package struct Outcome: Hashable, Sendable {
        package var failure: SwarmFailure?
        package var events: Int64 = 0
        package var digest = ""
        /// When something was last done to the cluster from outside.
        package var lastDisturbance = Duration.zero
        /// How long it took from there to settle; nil when that was not asked, or did not happen.
        package var settling: Duration?
        /// Whether enough time was left to ask.
        package var isJudged = false
    }

    /// Something more that must hold at the end of a run, for tests.
    package var extra: (@Sendable (borrowing World) -> SwarmFailure?)?

    package init() {}

    /// Runs a case to its end, or to its first failure.
    package func outcome(of swarmCase: SwarmCase) -> Outcome {
        let loaded = swarmCase.load()
        guard let setup = loaded.setup else {
            let first = loaded.diagnostics.first { $0.severity == .error }
            let failure = SwarmFailure(.rejected, first?.path ?? "", first?.description ?? "nothing was loaded")
            return Outcome(failure: failure)
        }
        return outcome(of: setup)
    }

    /// Runs a setup to its end, or to its first failure.
    package func outcome(of setup: WorldSetup) -> Outcome {
        var world = World(setup)
        world.checksInvariants = true
        var outcome = Outcome()
        var settled: Instant?
        var found: Unsettled?
        // Before the last stretch nobody can ask; in it, about once a minute until the cluster has settled.
        var stop = max(.start, world.end - Self.bound)
        while true {
            let goesOn = Self.run(&world, until: stop)
            if let failure = Self.failure(of: world) {
                outcome.failure = failure
                break
            }
            guard goesOn, !world.isFinished else { break }
            if settled == nil || world.lastDisturbance > settled ?? .start {
                found = world.firstUnsettled()
                settled = found == nil ? world.now : nil
            }
            stop = settled == nil ? min(world.end, world.now + Self.step) : world.end
        }
        outcome.events = world.events
        outcome.digest = world.digest.description
        outcome.lastDisturbance = world.lastDisturbance.sinceStart
        outcome.isJudged = world.isFinished && !world.hasOpenFaults && world.end >= world.lastDisturbance + Self.bound
        if outcome.failure == nil, outcome.isJudged {
            if settled == nil || world.lastDisturbance > settled ?? .start {
                found = world.firstUnsettled()
            } else {
                found = nil
            }
            if let found {
                outcome.failure = SwarmFailure(
                    .unsettled, found.trouble, "\(found)", event: world.events, at: world.now.sinceStart)
            } else {
                outcome.settling = max(.zero, (settled ?? world.now) - world.lastDisturbance)
            }
        }
        if outcome.failure == nil { outcome.failure = extra?(world) }
        return outcome
    }

    private static func run(_ world: inout World, until stop: Instant) -> Bool {
        // In steps, so that a case that does not end is noticed.
        while world.events < eventLimit {
            guard world.run(until: stop, events: 4_096) else { return false }
            if world.now >= stop { return true }
        }
        return false
    }

    private static func failure(of world: World) -> SwarmFailure? {
        if let violation = world.violation {
            return SwarmFailure(
                .invariant, violation.invariant, violation.message, event: violation.event, at: violation.at.sinceStart)
        }
        guard world.events >= eventLimit else { return nil }
        return SwarmFailure(
            .endless, "events", "more than \(eventLimit) events", event: world.events, at: world.now.sinceStart)
    }
}
