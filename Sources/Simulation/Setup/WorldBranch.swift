package import Chronology
package import KubernetesAPI

/// Another future of a run: what it is made of from an instant on.
///
/// In the lists of `setup` everything that was there before keeps its place, and what is new stands behind it.
package struct WorldBranch {
    /// The first instant whose events belong to the branch.
    package var at: Instant
    package var setup: WorldSetup
    /// Places of faults that strike no more; what has struck heals as it would have.
    package var endedFaults: [Int] = []
    /// New faults that take the place of others, by their places: they go on with the numbers of those.
    package var faultOrigins: [(fault: Int, origin: Int)] = []
    /// Places of changes that nobody makes any more.
    package var endedChanges: [Int] = []
    /// Places of arrival processes that follow other rules from now on, or end when the setup says so.
    package var revisedArrivals: [Int] = []
    /// Places of arrival processes of which nothing more comes.
    package var endedArrivals: [Int] = []
    /// Whether the scheduler starts again with another configuration.
    package var restartsScheduler = false
    /// Whether clients have other limits of requests.
    package var replacesLimits = false
    /// Whether other rules say what containers do.
    package var revisesWorkloads = false
    /// Whether services get or do something else.
    package var revisesServices = false
    /// Whether autoscalers of machines have other settings.
    package var revisesAutoscalers = false
    /// Objects of the platform that changes need and that were not there before.
    package var additions: [KubernetesObject] = []

    /// Creates a branch in which nothing is another.
    package init(at: Instant, setup: WorldSetup) {
        self.at = at
        self.setup = setup
    }
}
