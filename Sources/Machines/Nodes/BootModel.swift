package import Chronology
package import VirtualTime

/// How long a machine takes from the cloud's yes to a registered node (parameter `cloud.launch`).
package struct BootModel: Hashable, Sendable {
    /// The distribution of launch times; by default lognormal with the median 35 s and the 95th percentile 60 s.
    package var launch: Distribution

    /// Creates a model.
    package init(launch: Distribution = .lognormal(median: 35, p95: 60)) {
        self.launch = launch
    }

    /// Returns the launch time of a machine, drawn from its own stream.
    package func launchTime(of node: String, seed: Seed) -> Duration {
        var stream = RandomStream(seed: seed, name: node, purpose: "cloud.launch")
        return launch.sample(&stream)
    }
}
