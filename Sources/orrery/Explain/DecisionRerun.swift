import Chronology
import KubernetesAPI
import Observations
import Scheduler
import Simulation

/// Repeats a run up to one decision, to see what each plugin said about each node.
enum DecisionRerun {
    /// Returns what was decided about a pod at an instant; nil when the repeated run does not decide then.
    static func attempt(
        about key: ObjectKey, at instant: Instant, setup: WorldSetup, checkpoints: [CheckpointRow]
    ) -> SchedulingAttempt? {
        var world = World(setup)
        // Capturing asks every plugin about every node, so it begins only after the last checkpoint before the decision.
        let skipped = checkpoints.last { $0.at < instant }?.events ?? 0
        while world.events < skipped, world.run(events: Int(min(skipped - world.events, 1 << 16))) {}
        world.captured = CapturedPod(key: key)
        while world.now <= instant, world.run(events: 64) {}
        return world.captured?.attempts.last { $0.at == instant }?.attempt
    }
}
