import Chronology
import KubernetesAPI
import Machines
import VirtualTime
import Workloads

/// Draws what really happens in the pods of one profile; a class, so that a new pod copies nothing of the behaviours.
final class PodPlanner: Sendable {
    /// One container and what it does.
    private final class Part: Sendable {
        let name: String
        let behavior: Behavior

        init(name: String, behavior: Behavior) {
            self.name = name
            self.behavior = behavior
        }
    }

    /// Init containers first.
    private let parts: [Part]
    private let needs: PodNeeds
    private let sandbox = SandboxModel()

    init(containers: [Container], behaviors: [Behavior], needs: PodNeeds) {
        parts = zip(containers, behaviors).map { Part(name: $0.name, behavior: $1) }
        self.needs = needs
    }

    /// Returns what the machines need to know of a new pod.
    func plan(for key: ObjectKey, seed: Seed, images: [Int32], isMeasured: Bool) -> PodPlan {
        let streams = RandomStreamFamily(seed: seed, path: (key.namespace, key.name))
        let runs =
            parts.count == 1
            ? [run(of: key, container: 0, restart: 0, seed: seed)]
            : Array(unsafeUninitializedCapacity: parts.count) { runs, count in
                for container in parts.indices {
                    let plan = run(of: key, container: container, restart: 0, seed: seed)
                    runs.initializeElement(at: container, to: plan)
                }
                count = parts.count
            }
        return PodPlan(
            sandboxTime: sandbox.startTime(streams), runs: runs, images: images, needs: needs, isMeasured: isMeasured)
    }

    /// Returns how one run of a container goes.
    func run(of key: ObjectKey, container: Int, restart: Int32, seed: Seed) -> RunPlan {
        let part = parts[container]
        let streams = RandomStreamFamily(seed: seed, path: (key.namespace, key.name), then: part.name)
        let drawn = part.behavior.draw(from: streams, restart: restart)
        var plan = RunPlan(
            startDelay: drawn.startDelay, runTime: drawn.runTime, exitCode: drawn.exitCode,
            readyAfter: drawn.readyAfter, terminationTime: drawn.terminationTime, stopExitCode: drawn.stopExitCode)
        guard part.behavior.hasExtras else { return plan }
        plan.extras = RunExtras(
            hangsAfter: drawn.hangsAfter, livenessFailsAfter: drawn.livenessFailsAfter,
            unready: part.behavior.unready.map { spells in
                let lasts: Distribution? = if case .after(let length) = spells.lasts { length } else { nil }
                return UnreadyPattern(
                    after: spells.after, lasts: lasts, seed: seed, name: "\(key.namespace)/\(key.name)/\(part.name)",
                    restart: restart)
            },
            postStartTime: drawn.postStartTime, postStartFails: drawn.postStartFails, preStopTime: drawn.preStopTime)
        return plan
    }
}
