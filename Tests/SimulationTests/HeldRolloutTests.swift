import Chronology
import ControlPlane
import Controllers
import KubernetesAPI
import Testing

@testable import Simulation

@Suite("Rollouts that upstream holds for ever")
struct HeldRolloutTests {
    private typealias Part = (size: Int64, recorded: Int64)

    private static let parts: [Part] = [0, 1, 2, 4].flatMap { size in [Int64(1), 2, 4].map { (Int64(size), $0) } }
    private static let strategies: [Deployment.Strategy] = [
        .recreate, .rollingUpdate(maxUnavailable: .number(0), maxSurge: .number(1)),
        .rollingUpdate(maxUnavailable: .number(1), maxSurge: .number(0)),
        .rollingUpdate(maxUnavailable: .percent(25), maxSurge: .percent(25)),
    ]

    /// A deployment of version 3 with replica sets of versions 1 and 2, and one of its own if `current` is given, all with
    /// as many available pods as they ask for: nothing is left to wait for.
    private static func state(
        _ strategy: Deployment.Strategy, _ size: Int64, old: [Part], current: Part?
    ) -> (Deployment, [ReplicaSet]) {
        var spec = Deployment.Spec()
        spec.replicas = size
        spec.strategy = strategy
        spec.selector = LabelSelector(matchLabels: ["app": "web"])
        spec.template = TrialWorkloads.template("web", version: 3)
        var deployment = Deployment(metadata: ObjectMeta(name: "web", namespace: "default"), spec: spec)
        deployment.metadata.uid = UID(high: 1, low: 0)
        var sets: [ReplicaSet] = []
        for (index, part) in (old + (current.map { [$0] } ?? [])).enumerated() {
            let version = index < old.count ? index + 1 : 3
            var set = ReplicaSet(
                metadata: ObjectMeta(name: "web-\(version)", namespace: "default"), spec: ReplicaSet.Spec())
            set.metadata.uid = UID(high: 2, low: UInt64(version))
            set.metadata.creationTimestamp = .start + .seconds(Int64(version))
            set.metadata.annotations[DeploymentRevisions.revision] = String(index + 1)
            set.metadata.annotations[DeploymentRevisions.desiredReplicas] = String(part.recorded)
            set.metadata.annotations[DeploymentRevisions.maxReplicas] = String(part.recorded + 1)
            set.spec.replicas = part.size
            set.spec.template = TrialWorkloads.template("web", version: version)
            set.status.replicas = part.size
            set.status.readyReplicas = part.size
            set.status.availableReplicas = part.size
            sets.append(set)
        }
        deployment.metadata.annotations[DeploymentRevisions.revision] = String(sets.count)
        return (deployment, sets)
    }

    /// Whether the controller's next step changes a replica set.
    private static func acts(_ deployment: Deployment, _ sets: [ReplicaSet]) -> Bool {
        var rollout = DeploymentRollout(deployment, replicaSets: sets, hash: "h", now: .start + .minutes(1))
        rollout.run(runningPods: { _ in false }, existing: { _ in false })
        return rollout.result.actions.contains { action in
            switch action {
            case .create(.replicaSet), .update(.replicaSet): true
            default: false
            }
        }
    }

    @Test("are all states in which the controller leaves a rollout unfinished, and no others", arguments: strategies)
    func twin(strategy: Deployment.Strategy) {
        var counts: [HeldRollout: Int] = [:]
        for size in [Int64(0), 1, 2, 4] {
            for first in Self.parts {
                for current in [nil] + Self.parts.map({ Part?.some($0) }) {
                    for second in [nil] + Self.parts.map({ Part?.some($0) }) {
                        let old = [first] + (second.map { [$0] } ?? [])
                        let (deployment, sets) = Self.state(strategy, size, old: old, current: current)
                        let held = HeldRollout(deployment, sets)
                        let isDone = current?.size == size && !old.contains { $0.size > 0 }
                        let isStuck = !isDone && !Self.acts(deployment, sets)
                        #expect((held != nil) == isStuck, "\(size) of \(old), \(current.map { "\($0)" } ?? "none")")
                        if let held {
                            counts[held, default: 0] += 1
                            var freed = deployment
                            held.free(&freed)
                            #expect(HeldRollout(freed, sets) == nil && Self.acts(freed, sets))
                        }
                    }
                }
            }
        }
        #expect(counts[.sizeReached] ?? 0 > 0)
        #expect((counts[.recreateOfSeveral] ?? 0 > 0) == (strategy == .recreate))
    }

    @Test("are none while a deployment is paused, or as long as pods of the current template become available")
    func others() {
        let (deployment, sets) = Self.state(.recreate, 2, old: [(4, 1)], current: (1, 2))
        #expect(HeldRollout(deployment, sets) == .recreateOfSeveral)
        var paused = deployment
        paused.spec.paused = true
        #expect(HeldRollout(paused, sets) == nil)
        var (almost, parts) = Self.state(.recreate, 2, old: [(4, 1)], current: (2, 2))
        parts[1].status.availableReplicas = 1
        #expect(HeldRollout(almost, parts) == nil)
        // With the template that the only active replica set has, there is nothing to roll out.
        almost.spec.template = parts[0].spec.template
        parts[0].spec.replicas = 2
        parts[1].spec.replicas = 0
        #expect(HeldRollout(almost, parts) == nil)
        almost.spec.template = TrialWorkloads.template("web", version: 5)
        #expect(HeldRollout(almost, parts) == .sizeReached)
    }

    @Test("leave their controller at rest, past every deadline")
    func rest() throws {
        var (deployment, sets) = Self.state(.recreate, 2, old: [(4, 1)], current: (1, 2))
        deployment.spec.progressDeadlineSeconds = 60
        deployment.status.conditions = [Condition("Progressing", .true, reason: "ReplicaSetUpdated", at: .start)]
        var rollout = DeploymentRollout(deployment, replicaSets: sets, hash: "h", now: .start + .hours(1))
        rollout.run(runningPods: { _ in false }, existing: { _ in false })
        guard case .updateStatus(.deployment(let written))? = rollout.result.actions.first else {
            Issue.record("no status was written")
            return
        }
        var next = DeploymentRollout(written, replicaSets: sets, hash: "h", now: .start + .hours(1))
        next.run(runningPods: { _ in false }, existing: { _ in false })
        #expect(next.result.actions.isEmpty && next.result.recheckAfter == nil)
    }

    @Test("end the trials that once found them, and do not stay once somebody frees them", arguments: [1003, 1072, 1216])
    func trials(seed: Int) {
        var trial = Trial(seed: seed)
        #expect(trial.run() == nil)
        #expect(trial.log.contains { $0.hasSuffix("web0 is held: recreateOfSeveral") })
    }
}
