import Chronology
import KubernetesAPI
import Observations
import Scheduler
import Simulation

/// Repeats a run up to one decision, to see what each plugin said about each node.
enum DecisionRerun {
    /// Returns what the attempt with a number decided about a pod between two instants; nil when the repeated run
    /// does not decide then.
    static func attempt(
        _ number: Int, about key: ObjectKey, within instants: ClosedRange<Instant>, setup: WorldSetup,
        checkpoints: [CheckpointRow]
    ) -> (at: Instant, attempt: SchedulingAttempt)? {
        var world = World(setup)
        // Capturing asks every plugin about every node, so it begins only after the last checkpoint before the decision.
        let skipped = checkpoints.last { $0.at < instants.lowerBound }?.events ?? 0
        while world.events < skipped, world.run(events: Int(min(skipped - world.events, 1 << 16))) {}
        world.captured = CapturedPod(key: key)
        func found() -> (at: Instant, attempt: SchedulingAttempt)? {
            world.captured?.attempts.last { $0.attempt.number == number && instants.contains($0.at) }
        }
        while found() == nil, world.now <= instants.upperBound, world.run(events: 64) {}
        return found()
    }
}
