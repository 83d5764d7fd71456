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

        /// Creates an outcome.
        package init(exitCode: Int32 = 0, failureProbability: Double = 0, failureExitCode: Int32 = 1) {
            self.exitCode = exitCode
            self.failureProbability = failureProbability
            self.failureExitCode = failureExitCode
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
}

extension Behavior {
    /// Draws one run, always the same for a seed, a pod ("namespace/name"), a container and a restart (0 for the first
    /// run).
    ///
    /// Each aspect has its own stream, so that another distribution for one leaves the draws of the others as they
    /// were.
    package func draw(seed: Seed, pod: String, container: String, restart: Int32) -> ContainerRun {
        let name = pod + "/" + container
        let index = UInt64(max(0, restart))
        func sample(_ distribution: Distribution, _ purpose: String) -> Duration {
            // A constant needs no stream; making one costs more than the rest of the draw.
            if case .constant = distribution {
                var unused = RandomStream(seed: 0, name: "")
                return distribution.sample(&unused)
            }
            var stream = RandomStream(seed: seed, name: name, purpose: purpose, index: index)
            return distribution.sample(&stream)
        }
        func sample(_ length: Length, _ purpose: String) -> Duration? {
            switch length {
            case .never: nil
            case .after(let distribution): sample(distribution, purpose)
            }
        }
        var exitCode = outcome.exitCode
        if outcome.failureProbability > 0 {
            var stream = RandomStream(seed: seed, name: name, purpose: "container.outcome", index: index)
            if stream.chance(outcome.failureProbability) { exitCode = outcome.failureExitCode }
        }
        return ContainerRun(
            startDelay: sample(startDelay, "container.startDelay"), runTime: sample(runTime, "container.runTime"),
            exitCode: exitCode, readyAfter: sample(readyAfter, "container.readyAfter"),
            terminationTime: sample(termination.time, "container.termination"), stopExitCode: termination.exitCode)
    }
}
