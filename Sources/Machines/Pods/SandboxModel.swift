package import Chronology
package import VirtualTime

/// How long a pod's sandbox takes to stand: its cgroups, network and volumes (parameter `sandbox.start`).
package struct SandboxModel: Hashable, Sendable {
    /// The distribution of sandbox times; by default lognormal with the median 0.5 s and the 95th percentile 1.2 s.
    package var start: Distribution

    /// Creates a model.
    package init(start: Distribution = .lognormal(median: 0.5, p95: 1.2)) {
        self.start = start
    }

    /// Returns the sandbox time of the pod called `name` ("namespace/name"), drawn from its own stream.
    package func startTime(of name: String, seed: Seed) -> Duration {
        startTime(RandomStreamFamily(seed: seed, name: name))
    }

    /// Returns the sandbox time of a pod, drawn from its own stream among those that are called as the pod is.
    package func startTime(_ streams: RandomStreamFamily) -> Duration {
        var stream = streams.stream("sandbox.start")
        return start.sample(&stream)
    }
}
