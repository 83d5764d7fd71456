import Chronology
import ControlPlane
import KubernetesAPI

/// What a replay did, told in the lines of the recorded traces.
struct ControllerTrace {
    enum Group {
        case object, replicaSet, pod, readiness, owner, condition, jobStatus, jobCounts, node, nodeCondition
    }

    struct Line {
        var time: Instant
        /// Steps of the script done before.
        var step: Int
        var group: Group
        var text: String
    }

    var names: TraceNames
    private(set) var lines: [Line] = []
    /// Distinct successive states by track.
    private(set) var tracks: [String: [String]] = [:]
    private(set) var podDeletes: [ManifestTree] = []
    private(set) var deleteOrder: [String] = []
    private(set) var events = EventLog()
    /// The times of the start and of each step.
    var stepTimes: [Instant] = []
    var bounds = TraceBounds()
    /// Answers of the script's steps.
    var answers: [ManifestTree] = []
    /// Whether the case has begun.
    var isOn = false
    private var lastConditions: [String: String] = [:]
    private var deletingPods: [UID] = []

    init(minute: Int64) { names = TraceNames(minute: minute) }

    /// Tells of a change; `view` shows the state after it.
    mutating func note(_ change: WatchEvent, now: Instant, in view: any ClusterView) {
        guard isOn else { return }
        switch change {
        case .added(let object):
            names.register(object)
            noteCreation(object, now)
        case .modified(let old, let new): noteModification(old, new, now)
        case .deleted(let object):
            if case .pod(let pod) = object { noteDeletion(pod, before: pod, now) }
            add(.init(object), "\(title(object)) gone", now)
        }
        noteState(change, now)
        bounds.note(change, in: view)
    }

    /// Tells of a Kubernetes Event.
    mutating func note(_ event: EventRecord, source: String) { if isOn { events.note(event, source: source) } }

    func title(_ object: KubernetesObject) -> String {
        var kind = object.kind.name
        if case .other(let other) = object { kind = other.kind }
        return "\(kind) \(names.name(of: object.key))"
    }

    private mutating func add(_ group: Group?, _ text: String, _ now: Instant) {
        guard let group else { return }
        lines.append(Line(time: now, step: stepTimes.count - 1, group: group, text: text))
    }

    // MARK: - Life

    private mutating func noteCreation(_ object: KubernetesObject, _ now: Instant) {
        var text = "\(title(object)) created"
        switch object {
        case .replicaSet(let set): text += " replicas=\(set.spec.replicas) revision=\(set.revision)"
        case .job(let job):
            let completions = job.spec.completions.map(String.init) ?? "None"
            text += " parallelism=\(job.spec.parallelism) completions=\(completions)"
        case .controllerRevision(let revision): text += " revision=\(revision.revision)"
        default: break
        }
        add(.init(object), text, now)
    }

    private mutating func noteModification(_ old: KubernetesObject, _ new: KubernetesObject, _ now: Instant) {
        noteOwners(old, new, now)
        switch (old, new) {
        case (.pod(let before), .pod(let after)): return notePod(before, after, now)
        case (.node(let before), .node(let after)): return noteNode(before, after, now)
        case (.replicaSet(let before), .replicaSet(let after)):
            if before.spec.replicas != after.spec.replicas {
                add(.replicaSet, "\(title(new)) scaled \(before.spec.replicas)->\(after.spec.replicas)", now)
            }
            if before.revision != after.revision {
                add(.replicaSet, "\(title(new)) revision \(before.revision)->\(after.revision)", now)
            }
        case (.persistentVolumeClaim(let before), .persistentVolumeClaim(let after)):
            if before.phase != after.phase { add(.object, "\(title(new)) phase \(after.phase)", now) }
        default: break
        }
        if old.metadata.deletionTimestamp == nil, new.metadata.deletionTimestamp != nil {
            add(
                .init(new), "\(title(new)) deleting finalizers=" + new.metadata.finalizers.joined(separator: ","), now)
        }
    }

    private mutating func noteOwners(_ old: KubernetesObject, _ new: KubernetesObject, _ now: Instant) {
        var isOfPod = false
        if case .pod = new { isOfPod = true }
        func text(_ metadata: ObjectMeta) -> String {
            let owners = isOfPod ? metadata.ownerReferences.filter(\.controller) : metadata.ownerReferences
            return owners.isEmpty ? "-" : owners.map { ownerText($0, metadata.namespace) }.joined(separator: ",")
        }
        let (before, after) = (text(old.metadata), text(new.metadata))
        if before != after { add(.owner, "\(title(new)) owners \(before) -> \(after)", now) }
    }

    func ownerText(_ owner: OwnerReference, _ namespace: String) -> String {
        guard let kind = ObjectKind(name: owner.kind) else { return "\(owner.kind)/\(owner.name)" }
        return "\(owner.kind)/\(names.name(of: ObjectKey(kind, namespace: namespace, name: owner.name)))"
    }

    // MARK: - Pods

    private mutating func notePod(_ old: Pod, _ new: Pod, _ now: Instant) {
        let title = "Pod \(names.name(of: new.key))"
        let phase = new.status.phase
        let ends = old.status.phase != phase && phase.isTerminal
        let wasDeleting = old.metadata.deletionTimestamp != nil
        if !old.isReady, new.isReady { add(.readiness, "\(title) ready", now) }
        if old.isReady, !new.isReady, !ends, new.metadata.deletionTimestamp == nil {
            add(.readiness, "\(title) notready", now)
        }
        if ends, !wasDeleting { add(.pod, "\(title) phase \(phase.rawValue)", now) }
        if let target = new.status.conditions.named(Condition.disruptionTarget), target.status == .true,
            target.reason != old.status.conditions.named(Condition.disruptionTarget)?.reason
        {
            add(.pod, "\(title) DisruptionTarget=True/\(target.reason)", now)
        }
        if !wasDeleting, new.metadata.deletionTimestamp != nil { noteDeletion(new, before: old, now) }
    }

    private mutating func noteDeletion(_ pod: Pod, before: Pod, _ now: Instant) {
        guard !deletingPods.contains(pod.metadata.uid) else { return }
        deletingPods.append(pod.metadata.uid)
        let name = names.name(of: pod.key)
        add(.pod, "Pod \(name) deleting", now)
        deleteOrder.append(name)
        let cost = pod.metadata.annotations["controller.kubernetes.io/pod-deletion-cost"]
        podDeletes.append(
            .mapping([
                ("pod", .text(name)), ("phase", .text(before.status.phase.rawValue)),
                ("ready", .bool(before.isReady)), ("restarts", .number(Int64(before.restarts))),
                ("deletionCost", cost.map { .text($0) }),
                ("node", before.nodeName.map { .text($0) }),
            ]))
    }

    // MARK: - Nodes

    private mutating func noteNode(_ old: Node, _ new: Node, _ now: Instant) {
        let title = "Node \(new.metadata.name)"
        if old.spec.taints != new.spec.taints {
            let taints = new.taintTexts.joined(separator: " ")
            add(.node, "\(title) taints [\(taints)]", now)
        }
        for condition in new.status.conditions {
            let before = old.status.conditions.named(condition.type)
            if before?.status != condition.status || before?.reason != condition.reason {
                let text = "\(condition.type)=\(condition.status.rawValue)/\(condition.reason)"
                add(.nodeCondition, "\(title) \(text)", now)
            }
        }
    }

    // MARK: - States

    private mutating func noteState(_ change: WatchEvent, _ now: Instant) {
        if case .deleted = change { return }
        let object = change.object
        let name = names.name(of: object.key)
        let track = "\(object.kind.name)/\(name)"
        if let status = StatusText.line(object, names: names) {
            let isUsage = object.kind == .resourceQuota
            if push(track + (isUsage ? "/used" : "/status"), status), object.kind == .job {
                add(.jobStatus, "Job \(name) status \(status)", now)
            }
        }
        if case .job(let job) = object {
            let counts = StatusText.finishedCounts(job.status)
            if push(track + "/finished-counts", counts) { add(.jobCounts, "Job \(name) \(counts)", now) }
        }
        for condition in StatusText.conditions(of: object) {
            let text = "\(condition.type)=\(condition.status.rawValue)/\(condition.reason)"
            let message = "\(text): \(names.text(condition.message, namespace: object.metadata.namespace))"
            let place = "\(track)/\(object.metadata.uid)/\(condition.type)"
            if lastConditions[place] != text {
                lastConditions[place] = text
                tracks[track + "/conditions", default: []].append(text)
                add(.condition, "\(object.kind.name) \(name) \(text)", now)
            }
            if lastConditions[place + " message"] != message {
                lastConditions[place + " message"] = message
                tracks[track + "/condition-messages", default: []].append(message)
            }
        }
    }

    private mutating func push(_ track: String, _ state: String) -> Bool {
        if state.isEmpty || tracks[track]?.last == state { return false }
        tracks[track, default: []].append(state)
        return true
    }
}

extension ControllerTrace.Group {
    /// The group of an object's life; nil for kinds that the traces leave out.
    init?(_ object: KubernetesObject) {
        switch object {
        case .pod: self = .pod
        case .node: self = .node
        case .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .service, .podDisruptionBudget,
            .persistentVolumeClaim, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota, .limitRange,
            .replicationController,
            .controllerRevision, .other:
            self = .object
        case .namespace, .priorityClass, .persistentVolume, .storageClass, .lease, .endpoints, .endpointSlice, .csiNode:
            return nil
        }
    }
}

extension ReplicaSet {
    /// The revision that the deployment gave, or None.
    var revision: String { metadata.annotations["deployment.kubernetes.io/revision"] ?? "None" }
}

extension Pod {
    /// The restarts of all containers.
    var restarts: Int32 { status.containerStatuses.reduce(0) { $0 + $1.restartCount } }
}

extension Node {
    /// The taints as the traces write them, sorted.
    var taintTexts: [String] {
        spec.taints.map { taint in
            let value = taint.value.isEmpty ? "" : "=\(taint.value)"
            return "\(taint.key)\(value):\(taint.effect.rawValue)"
        }.sorted()
    }

    /// The taints as final states write them: without values, sorted.
    var taintNames: [String] { spec.taints.map { "\($0.key):\($0.effect.rawValue)" }.sorted() }
}
