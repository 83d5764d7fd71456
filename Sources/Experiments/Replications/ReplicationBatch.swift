package import RunDatabase
package import Scenarios
import Synchronization
import VirtualTime

/// Replications of an experiment, and the file in which they land.
///
/// What the file holds already is not run again; what was run is in it before the next outcome is heard.
package struct ReplicationBatch: Sendable {
    /// How far a batch is.
    package struct Progress: Sendable {
        /// Those that have an outcome, with those of earlier calls.
        package var done = 0
        package var count = 0
        /// Those without figures: refused or crashed, of this call.
        package var lost = 0
    }

    package let file: ExperimentFile
    package let runner: ReplicationRunner
    /// Whether figures are wanted day by day as well.
    package let wantsDays: Bool
    /// Files of the scenario that go to the workers with a request.
    package let supplied: @Sendable (RunRequest) -> [SuppliedInput]

    /// Prepares batches for a file.
    package init(
        file: ExperimentFile, runner: ReplicationRunner, wantsDays: Bool = false,
        supplied: @escaping @Sendable (RunRequest) -> [SuppliedInput] = { _ in [] }
    ) {
        self.file = file
        self.runner = runner
        self.wantsDays = wantsDays
        self.supplied = supplied
    }

    /// Runs those of the replications that have no outcome yet; `progress` is told after each, and stops the batch by
    /// returning false. Returns whether all have an outcome.
    package func run(
        _ replications: [ReplicationRow], progress: @escaping @Sendable (Progress) -> Bool
    ) throws -> Bool {
        let open = try file.plan(replications)
        let jobs = try open.map { row in
            guard let request = RunRequest(text: row.request) else {
                throw ExperimentError("the request of replication \(row.id) cannot be read")
            }
            return ReplicationJob(id: row.id, request: request, wantsDays: wantsDays, supplied: supplied(request))
        }
        let state = Mutex(Progress(done: replications.count - open.count, count: replications.count))
        guard !jobs.isEmpty else { return true }
        try runner.run(jobs) { [file] job, outcome in
            try file.record(outcome, of: job.id)
            return state.withLock { state in
                state.done += 1
                if outcome.digest == nil { state.lost += 1 }
                return progress(state)
            }
        }
        return state.withLock { $0.done == $0.count }
    }

    /// Returns the digest of replications with all that came of them: the same however they were run.
    package static func digest(of replications: [ReplicationRow]) -> String {
        var digest = RunDigest()
        for row in replications {
            for number in [row.id, row.variant, row.number, row.tie] { digest.absorb(Int64(number)) }
            digest.absorb(row.seed)
            digest.absorb(row.outcome?.status.rawValue ?? "")
            digest.absorb(row.outcome?.digest ?? "")
            for metric in row.outcome?.metrics ?? [] { absorb(metric, into: &digest) }
            for day in row.outcome?.days ?? [] {
                digest.absorb(Int64(day.day))
                absorb(day.metric, into: &digest)
            }
        }
        return digest.description
    }

    private static func absorb(_ metric: ReplicationOutcome.Metric, into digest: inout RunDigest) {
        digest.absorb(metric.name)
        digest.absorb(metric.value)
        digest.absorb(metric.unit)
    }

    /// Returns the digest of inputs, by which an experiment knows its file again.
    package static func plan(of inputs: [(name: String, text: String)]) -> String {
        var digest = RunDigest()
        for input in inputs {
            digest.absorb(input.name)
            digest.absorb(input.text)
        }
        return digest.description
    }
}
