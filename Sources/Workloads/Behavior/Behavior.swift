package import Chronology
package import VirtualTime

/// What a container really does when it runs, with every aspect decided.
package struct Behavior: Hashable, Sendable {
    /// The aspects of a behaviour; used to say which of them nobody decided.
    package struct Aspects: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) { self.rawValue = rawValue }

        package static let runTime = Aspects(rawValue: 1)
        package static let outcome = Aspects(rawValue: 2)
        package static let startDelay = Aspects(rawValue: 4)
        package static let readyAfter = Aspects(rawValue: 8)
        package static let termination = Aspects(rawValue: 16)
        package static let cpu = Aspects(rawValue: 32)
        package static let memory = Aspects(rawValue: 64)
        package static let disk = Aspects(rawValue: 1 << 12)
    }

    /// How long something takes, if it ever happens.
    package enum Length: Hashable, Sendable {
        case never
        case after(Distribution)
    }

    /// How a run ends that ends by itself.
    package struct Outcome: Hashable, Sendable {
        /// The exit code of a run that does not fail.
        package var exitCode: Int32
        /// 0 to 1.
        package var failureProbability: Double
        /// The exit code of a run that fails.
        package var failureExitCode: Int32
        /// How many runs of a container fail, from the first, whatever the probability.
        package var failingRuns: Int32
        /// How long a run lasts that fails; nil for as long as others.
        package var failureAfter: Distribution?

        /// Creates an outcome.
        package init(
            exitCode: Int32 = 0, failureProbability: Double = 0, failureExitCode: Int32 = 1, failingRuns: Int32 = 0,
            failureAfter: Distribution? = nil
        ) {
            self.exitCode = exitCode
            self.failureProbability = failureProbability
            self.failureExitCode = failureExitCode
            self.failingRuns = failingRuns
            self.failureAfter = failureAfter
        }
    }

    /// How a container reacts to SIGTERM.
    package struct Termination: Hashable, Sendable {
        package var time: Distribution
        package var exitCode: Int32

        /// Creates a reaction.
        package init(time: Distribution, exitCode: Int32 = 143) {
            self.time = time
            self.exitCode = exitCode
        }
    }

    /// Spells in which a container is not ready.
    package struct Unreadiness: Hashable, Sendable {
        /// From the moment of being ready to be, to the beginning of a spell.
        package var after: Distribution
        package var lasts: Length

        /// Creates spells; without a length they never end.
        package init(after: Distribution, lasts: Length = .never) {
            self.after = after
            self.lasts = lasts
        }
    }

    /// From the process's start to its end by itself.
    package var runTime: Length
    package var outcome: Outcome
    /// From the kubelet's decision to the running process.
    package var startDelay: Distribution
    /// From the process's start to the moment from which probes would succeed.
    package var readyAfter: Length
    package var termination: Termination
    package var usage: UsageCurve
    /// The aspects that no rule decided.
    package var assumed: Aspects

    // What goes wrong or takes longer only when a rule says so.

    /// From the process's start to the moment from which it answers no probe and does not end by itself.
    package var hangsAfter: Length?
    /// From the process's start to the moment from which its liveness probe fails.
    package var livenessFailsAfter: Length?
    package var unready: Unreadiness?
    /// How long a postStart hook takes that is not a sleep.
    package var postStartTime: Distribution?
    /// 0 to 1.
    package var postStartFailure: Double?
    /// How long a preStop hook takes that is not a sleep.
    package var preStopTime: Distribution?
    /// How its work is saved; nil for a run that begins anew each time.
    package var checkpoint: CheckpointRule?
}

// MARK: - Drawing

/// What happens in one run of a container.
package struct ContainerRun: Hashable, Sendable {
    package var startDelay: Duration
    /// nil for a run that does not end by itself.
    package var runTime: Duration?
    package var exitCode: Int32
    /// nil for a run that never becomes ready.
    package var readyAfter: Duration?
    package var terminationTime: Duration
    package var stopExitCode: Int32
    /// nil for a run that never hangs.
    package var hangsAfter: Duration?
    /// nil for a run whose liveness probe never fails.
    package var livenessFailsAfter: Duration?
    /// nil when no rule says.
    package var postStartTime: Duration?
    package var postStartFails = false
    /// nil when no rule says.
    package var preStopTime: Duration?
}

extension Behavior {
    /// Draws one run, always the same for a seed, a pod ("namespace/name"), a container and a restart (0 for the first
    /// run).
    ///
    /// Each aspect has its own stream, so that another distribution for one leaves the draws of the others as they
    /// were.
    package func draw(seed: Seed, pod: String, container: String, restart: Int32) -> ContainerRun {
        draw(from: RandomStreamFamily(seed: seed, name: pod + "/" + container), restart: restart)
    }

    /// Draws one run from the streams that are called as the container is ("namespace/pod/container").
    package func draw(from family: RandomStreamFamily, restart: Int32) -> ContainerRun {
        let index = UInt64(max(0, restart))
        func sample(_ distribution: Distribution, _ purpose: String) -> Duration {
            // A constant needs no stream; making one costs more than the rest of the draw.
            if case .constant = distribution {
                var unused = RandomStream(seed: 0, name: "")
                return distribution.sample(&unused)
            }
            var stream = family.stream(purpose, index: index)
            return distribution.sample(&stream)
        }
        func sample(_ length: Length, _ purpose: String) -> Duration? {
            switch length {
            case .never: nil
            case .after(let distribution): sample(distribution, purpose)
            }
        }
        func chance(_ probability: Double, _ purpose: String) -> Bool {
            guard probability > 0 else { return false }
            var stream = family.stream(purpose, index: index)
            return stream.chance(probability)
        }
        let hasFailed =
            restart < outcome.failingRuns || chance(outcome.failureProbability, "container.outcome")
        var runTime = sample(self.runTime, "container.runTime")
        if hasFailed, let length = outcome.failureAfter { runTime = sample(length, "container.failureAfter") }
        var run = ContainerRun(
            startDelay: sample(startDelay, "container.startDelay"), runTime: runTime,
            exitCode: hasFailed ? outcome.failureExitCode : outcome.exitCode,
            readyAfter: sample(readyAfter, "container.readyAfter"),
            terminationTime: sample(termination.time, "container.termination"), stopExitCode: termination.exitCode)
        if !hasExtras { return run }
        run.hangsAfter = hangsAfter.flatMap { sample($0, "container.hangsAfter") }
        run.livenessFailsAfter = livenessFailsAfter.flatMap { sample($0, "container.livenessFailsAfter") }
        run.postStartTime = postStartTime.map { sample($0, "container.postStart") }
        run.postStartFails = chance(postStartFailure ?? 0, "container.postStartFailure")
        run.preStopTime = preStopTime.map { sample($0, "container.preStop") }
        return run
    }

    /// Whether a rule says anything of hooks or failing probes.
    package var hasExtras: Bool {
        hangsAfter != nil || livenessFailsAfter != nil || unready != nil || postStartTime != nil
            || postStartFailure != nil || preStopTime != nil
    }
}
