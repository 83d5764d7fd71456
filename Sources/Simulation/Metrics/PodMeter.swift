import Chronology
import KubernetesAPI
import Machines

/// What the containers of one pod have used of late; shared by the pod's track and the metrics server.
final class PodMeter {
    /// One run of a container; without an end it goes on.
    struct Run {
        let since: Instant
        var until: Instant?
    }

    struct Usage {
        let container: String
        /// The bytes that the kernel lets it hold; nil for as many as there are.
        let memoryLimit: Int64?
        var cpu: RecentValues
        var memory: GrowingAmount
        /// What it held before the latest change, and when that came.
        var memoryBefore: (amount: GrowingAmount, until: Instant)?
        /// When it ran of late, in order: its kubelet knows nothing of it between two runs.
        var runs: [Run] = []
    }

    /// When its containers began to run.
    let start: Instant
    /// The row of its node.
    let node: Int32
    var containers: [Usage]
    /// By custom metric: whether the pod is described.
    var metrics: [Bool]
    /// The services at whose endpoints it is, as of the look with this number.
    var services: [Int] = []
    var servicesLook: Int64 = -1

    init(start: Instant, node: Int32, containers: [Usage], metrics: [Bool]) {
        self.start = start
        self.node = node
        self.containers = containers
        self.metrics = metrics
    }
}

extension PodMeter.Usage {
    /// Since when it runs, or ran last; nil when it never did.
    var runningSince: Instant? { runs.last?.since }

    /// Returns the run that was under way at an instant, or nil.
    func run(at instant: Instant) -> PodMeter.Run? {
        runs.last { $0.since <= instant && $0.until.map { $0 > instant } ?? true }
    }

    /// Returns the bytes that it held at an instant at which it ran.
    func memory(at instant: Instant) -> Int64 {
        let amount = memoryBefore.flatMap { $0.until > instant ? $0.amount : nil } ?? memory
        return min(amount.value(at: instant), memoryLimit ?? .max)
    }

    /// Takes over what the pod's status says of it, forgetting runs that ended before `horizon`; returns whether it
    /// began or ceased to run.
    mutating func note(_ status: ContainerStatus?, at now: Instant, keeping horizon: Duration) -> Bool {
        var ended: Instant?
        if case .terminated(_, _, _, let finishedAt)? = status?.lastTermination { ended = finishedAt }
        switch status?.state {
        case .running(let startedAt):
            if let last = runs.last, last.since >= startedAt { return false }
            endRun(at: min(ended ?? startedAt, startedAt))
            runs.removeAll { ($0.until ?? now) < now - horizon }
            runs.append(PodMeter.Run(since: startedAt))
            return true
        case .terminated(_, _, _, let finishedAt): return endRun(at: finishedAt)
        case .waiting, nil: return endRun(at: ended ?? now)
        }
    }

    @discardableResult
    private mutating func endRun(at end: Instant) -> Bool {
        guard let last = runs.last, last.until == nil else { return false }
        runs[runs.count - 1].until = max(end, last.since)
        return true
    }
}
