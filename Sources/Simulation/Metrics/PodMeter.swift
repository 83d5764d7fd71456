import Chronology
import Machines

/// What the containers of one pod have used of late; shared by the pod's track and the metrics server.
final class PodMeter {
    struct Usage {
        let container: String
        var cpu: RecentValues
        var memory: GrowingAmount
        /// What it held before the latest change, and when that came.
        var memoryBefore: (amount: GrowingAmount, until: Instant)?
    }

    /// When its containers began to run.
    let start: Instant
    var containers: [Usage]
    /// By custom metric: whether the pod is described.
    var metrics: [Bool]
    /// The services at whose endpoints it is, as of the look with this number.
    var services: [Int] = []
    var servicesLook: Int64 = -1

    init(start: Instant, containers: [Usage], metrics: [Bool]) {
        self.start = start
        self.containers = containers
        self.metrics = metrics
    }
}
