import Chronology
import Foundation
import KubernetesAPI
package import RunDatabase
import Scenarios
import Simulation
import VirtualTime

/// The other side of `ReplicationProcess`: runs what standard input asks for, and prints what comes of it.
package enum ReplicationWorker {
    /// How long one run may take on the host's clock: one that never ends is told as crashed.
    private static let secondsLimit: UInt32 = 12 * 3_600

    /// Runs jobs until there are no more; `write` prints a line at once.
    package static func work(write: (String) -> Void) {
        while let line = readLine(), line != ReplicationProcess.farewell {
            guard let job = ReplicationJob(line: line) else {
                write("error: this is no job: \(line.prefix(200))")
                continue
            }
            alarm(secondsLimit)
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            guard let data = try? encoder.encode(outcome(of: job)) else { continue }
            write(ReplicationProcess.mark + String(decoding: data, as: UTF8.self))
        }
    }

    /// Runs one job here.
    package static func outcome(of job: ReplicationJob) -> ReplicationOutcome {
        var outcome = ReplicationOutcome()
        let loaded = ScenarioLoader.load(job.request, supplied: job.supplied)
        guard let setup = loaded.setup else {
            let first = loaded.diagnostics.first { $0.severity == .error }
            outcome.isRefused = true
            outcome.message = first?.description ?? "nothing was loaded"
            return outcome
        }
        // Days and months are those of UTC, where the bill is cut.
        let measure = ReplicationMeasure(wantsDays: job.wantsDays, dayOffset: setup.startDate.sinceMidnight)
        var world = World(setup, observer: measure)
        while world.run(events: 65_536) {}
        outcome.digest = world.digest.description
        outcome.events = world.events
        outcome.metrics = measure.metrics
        outcome.days = measure.dailyMetrics
        return outcome
    }
}
