import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler

/// Runs one golden case through the scheduler as it was recorded.
struct GoldenReplay {
    /// A pod whose decision differs, with every difference.
    struct Mismatch {
        var pod: String
        var differences: [String]
    }

    private let golden: GoldenCase
    private var scheduler: PodScheduler
    private var now = Instant.start
    private var started = Instant.start
    private var running: [String: Pod] = [:]
    private var objects: [ObjectKey: KubernetesObject] = [:]

    init(_ golden: GoldenCase) {
        self.golden = golden
        scheduler = PodScheduler(configuration: golden.configuration, now: .start)
    }

    /// Returns what differs; after a difference the replay goes on from the recorded decision.
    mutating func run() -> [Mismatch] {
        for object in golden.objects {
            objects[object.key] = object
            scheduler.observe(.added(object), now: now)
        }
        for node in golden.nodes { scheduler.observe(.added(.node(node)), now: now) }
        for pod in golden.pods {
            if let node = pod.nodeName { start(pod, on: node, old: nil) }
        }
        let waiting = golden.pods.filter { $0.nodeName == nil }
        var mismatches: [Mismatch] = []
        for (index, expected) in golden.expected.enumerated() {
            guard index < waiting.count else { break }
            let differences = decide(waiting[index], expected)
            if !differences.isEmpty { mismatches.append(Mismatch(pod: expected.pod, differences: differences)) }
        }
        return mismatches
    }

    // MARK: - One pod

    private mutating func decide(_ created: Pod, _ expected: GoldenDecision) -> [String] {
        var pod = created
        now = now + .seconds(1)
        scheduler.observe(.added(.pod(pod)), now: now)
        if expected.status == "gated" {
            let isGated = scheduler.counts.gated == 1 && !scheduler.hasReadyPods(now: now)
            scheduler.observe(.deleted(.pod(pod)), now: now)
            return isGated ? [] : ["was not gated"]
        }
        var differences: [String] = []
        guard var attempt = scheduler.attempt(now: now, capturing: .all) else {
            scheduler.observe(.deleted(.pod(pod)), now: now)
            return ["there was no attempt"]
        }
        if let message = expected.firstMessage {
            Comparison.text(attempt.message, message, "first message", &differences)
        }
        var first: SchedulingAttempt?
        if let nominated = expected.nominatedNode {
            first = attempt
            Comparison.nomination(attempt, expected, &differences)
            pod = evict(for: pod, expected, nominated)
            guard let second = retry() else {
                differences.append("was not tried again after the eviction")
                start(pod, on: expected.decision ?? nominated, old: pod)
                return differences
            }
            attempt = second
        }
        Comparison.attempt(attempt, before: first, expected, &differences)
        settle(pod, attempt, expected)
        return differences
    }

    /// Deletes the recorded victims and shows the nomination.
    private mutating func evict(for pod: Pod, _ expected: GoldenDecision, _ node: String) -> Pod {
        var nominated = pod
        nominated.status.nominatedNodeName = node
        scheduler.observe(.modified(old: .pod(pod), new: .pod(nominated)), now: now)
        for victim in expected.victims {
            guard let gone = running.removeValue(forKey: victim.pod) else { continue }
            scheduler.observe(.deleted(.pod(gone)), now: now)
        }
        return nominated
    }

    private mutating func retry() -> SchedulingAttempt? {
        if let attempt = scheduler.attempt(now: now, capturing: .all) { return attempt }
        // Nothing woke the pod: the flush does.
        guard let wakeup = scheduler.nextWakeup else { return nil }
        now = max(now, wakeup)
        scheduler.advance(to: now)
        return scheduler.attempt(now: now, capturing: .all)
    }

    /// Makes the recorded decision true.
    private mutating func settle(_ pod: Pod, _ attempt: SchedulingAttempt, _ expected: GoldenDecision) {
        if case .assumed(let node) = attempt.outcome {
            if node == expected.decision {
                bindVolumes(attempt)
            } else {
                scheduler.forget(pod: pod.metadata.uid, now: now)
            }
        }
        if let node = expected.decision {
            start(pod, on: node, old: pod)
        } else {
            scheduler.observe(.deleted(.pod(pod)), now: now)
        }
    }

    /// Does what was asked of the API server before the binding, and what the volume controller makes of it.
    private mutating func bindVolumes(_ attempt: SchedulingAttempt) {
        for update in attempt.updates {
            guard case .persistentVolume(let volume) = update, let name = volume.spec.claimName else { continue }
            let key = ObjectKey(
                .persistentVolumeClaim, namespace: volume.spec.claimNamespace ?? "", name: name)
            guard case .persistentVolumeClaim(let claim)? = objects[key] else { continue }
            let pair = VolumeController.bound(volume, claim)
            show(.persistentVolume(pair.volume))
            show(.persistentVolumeClaim(pair.claim))
        }
    }

    private mutating func show(_ object: KubernetesObject) {
        let old = objects.updateValue(object, forKey: object.key)
        scheduler.observe(old.map { .modified(old: $0, new: object) } ?? .added(object), now: now)
    }

    private mutating func start(_ pod: Pod, on node: String, old: Pod?) {
        var bound = pod
        bound.nodeName = node
        bound.status.phase = .running
        bound.status.nominatedNodeName = nil
        bound.status.startTime = started
        started = started + .seconds(1)
        running["\(pod.metadata.namespace)/\(pod.metadata.name)"] = bound
        scheduler.observe(old.map { .modified(old: .pod($0), new: .pod(bound)) } ?? .added(.pod(bound)), now: now)
    }
}
