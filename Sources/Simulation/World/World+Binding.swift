import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Scheduler

/// What a pod's binding needs written first, with what has not been sent yet.
struct BindingPreparation {
    let uid: UID
    var left: ArraySlice<KubernetesObject>
}

// Kubernetes counterpart: the binding goroutines of schedule_one.go, handleSchedulingFailure (v1.36).

extension World {
    /// Takes the steps of bindings that became due by what the scheduler was told.
    mutating func continueBindings() {
        for task in scheduler.takeBindingTasks() { take(task.step, pod: task.pod, task.uid, node: task.node) }
    }

    /// Sends what a binding needs next, if it needs anything.
    mutating func take(_ step: BindingStep, pod: ObjectKey, _ uid: UID, node: String) {
        switch step {
        case .wait: break
        case .write(let objects): send(BindingPreparation(uid: uid, left: objects[...]))
        case .bind:
            send(
                .bind(pod: pod, uid: uid, node: node), from: .scheduler(uid: uid, node: node),
                at: schedulerLimiter.reserve(now: now) + delays.schedulerBind(setup.parameters))
        case .failed(let failure): tell(failure, of: pod, uid)
        }
    }

    private mutating func send(_ preparation: BindingPreparation) {
        var preparation = preparation
        guard let object = preparation.left.popFirst() else { return }
        send(.update(object), from: .preparation(preparation), at: schedulerWrite())
    }

    /// When a write that the scheduler asks for now arrives: it waits for a token, and then it is on its way.
    mutating func schedulerWrite() -> Instant {
        schedulerLimiter.reserve(now: now) + delays.apiWrite(setup.parameters)
    }

    /// The API server answered one of the writes: the next goes out, or the scheduler hears how they went.
    mutating func writeIsAnswered(_ preparation: BindingPreparation, of key: ObjectKey, _ error: ActionError?) {
        if error == nil, !preparation.left.isEmpty {
            return send(preparation)
        }
        let message = error.map { Self.text($0, of: key) } ?? ""
        scheduler.writesFinished(pod: preparation.uid, succeeded: error == nil, message: message, now: now)
    }

    /// The API server answered the binding of a pod.
    mutating func bindIsAnswered(_ pod: ObjectKey, _ uid: UID, _ node: String, _ error: ActionError?) {
        let message = error.map { "running Bind plugin \"DefaultBinder\": " + Self.text($0, of: pod) } ?? ""
        let failure = scheduler.bindFinished(
            pod: uid, node: node, succeeded: error == nil, message: message, now: now)
        if let failure { tell(failure, of: pod, uid) }
    }

    // MARK: - What the pod's status is told

    /// Writes the node that a pod is on its way to into its status: the binding takes a while.
    mutating func nominate(_ pod: ObjectKey, _ uid: UID, to node: String) {
        var patch = PodStatusPatch()
        patch.nominatedNodeName = .some(node)
        send(.patchPodStatus(pod, uid: uid, patch), from: .other, at: schedulerWrite())
    }

    /// Tells a pod, and who looks at its events, that its binding came to nothing.
    private mutating func tell(_ failure: BindingFailure, of pod: ObjectKey, _ uid: UID) {
        tellFailure(
            of: pod, uid, reason: failure.isRejection ? "Unschedulable" : "SchedulerError", failure.message,
            nomination: failure.clearsNomination ? .some(nil) : nil)
    }

    /// Records the event, and sets the pod's condition, and its nomination if one is given, unless that is how the
    /// scheduler knows them. Returns when the request arrives, if there is one.
    @discardableResult
    mutating func tellFailure(
        of pod: ObjectKey, _ uid: UID, reason: String, _ message: String, nomination: String??
    ) -> Instant? {
        record(
            EventRecord(pod, .warning, reason: "FailedScheduling", message: Self.note(message)),
            source: schedulerName(of: pod))
        guard scheduler.isNews(of: uid, reason: reason, message: message, nomination: nomination) else { return nil }
        var patch = PodStatusPatch(conditions: [
            Condition(Condition.podScheduled, .false, reason: reason, message: message, at: now)
        ])
        patch.nominatedNodeName = nomination
        let arrives = schedulerWrite()
        send(.patchPodStatus(pod, uid: uid, patch), from: .other, at: arrives)
        return arrives
    }

    /// Tells that a pod had its turn which is being deleted.
    mutating func tellDeparture(of pod: ObjectKey) {
        let message = "skip schedule deleting pod: \(pod.namespace)/\(pod.name)"
        record(EventRecord(pod, .warning, reason: "FailedScheduling", message: message), source: schedulerName(of: pod))
    }

    /// As much of `message` as an event may carry (`truncateMessage`).
    static func note(_ message: String) -> String {
        if message.utf8.count <= noteLengthMax { return message }
        let tail = " ..."
        return String(decoding: message.utf8.prefix(noteLengthMax - tail.utf8.count), as: UTF8.self) + tail
    }

    private static let noteLengthMax = 1024

    /// The API server's words.
    private static func text(_ error: ActionError, of key: ObjectKey) -> String {
        let resource = "\(KubernetesObject.plural(ofKind: key.kind.name)) \"\(key.name)\""
        return switch error {
        case .notFound: "\(resource) not found"
        case .alreadyExists: "\(resource) already exists"
        case .conflict:
            "Operation cannot be fulfilled on \(resource): the object has been modified; please apply your changes to "
                + "the latest version and try again"
        case .disruptionBudget(let name): "the disruption budget \(name) forbids it"
        case .invalid(let text): "\(resource) is invalid: \(text)"
        case .forbidden(let text): "\(resource) is forbidden: \(text)"
        case .namespaceTerminating: "\(resource) is forbidden: \(error)"
        case .unavailable: "the server is currently unable to handle the request"
        }
    }
}
