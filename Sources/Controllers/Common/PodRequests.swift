import Chronology
import ControlPlane
import KubernetesAPI

/// What a controller of pods keeps in mind of its requests: what it expects to see of them, and the events that follow
/// from their answers and are told with its next step.
struct PodRequests {
    /// What an answer means for the controller.
    enum Answer {
        /// A pod was made.
        case created(ObjectKey)
        /// No pod could be made.
        case refused(ObjectKey, ActionError)
        /// Nothing that the controller need know.
        case other
    }

    var expectations = PodExpectations()
    private let kind: ObjectKind
    private var events: [ObjectKey: [EventRecord]] = [:]

    /// Keeps the requests of controllers of `kind`, as pods name it in their owner references.
    init(_ kind: ObjectKind) { self.kind = kind }

    /// Takes note of the answer to `action`.
    mutating func observe(_ action: Action, error: ActionError?) -> Answer {
        switch action {
        case .create(.pod(let pod)):
            guard let key = pod.metadata.controllerKey(kind) else { return .other }
            if let error {
                // What owns the pod goes with its namespace: upstream says nothing and does not try again.
                if case .namespaceTerminating = error { return .other }
                events[key, default: []].append(
                    EventRecord(key, .warning, reason: "FailedCreate", message: "Error creating: \(error)"))
                return .refused(key, error)
            }
            expectations.created(pod.metadata, for: key)
            if !pod.metadata.name.isEmpty {
                events[key, default: []].append(
                    EventRecord(key, reason: "SuccessfulCreate", message: "Created pod: \(pod.metadata.name)"))
            }
            return .created(key)
        case .delete(_, let uid?, _, _):
            expectations.deleted(uid, error: error)
            return .other
        case .create, .update, .updateStatus, .delete, .bind, .evict, .patchPodStatus, .patchMetadata, .patchNodeTaints,
            .patchNodeConditions:
            return .other
        }
    }

    /// Takes the events that waited for the next step of `key`.
    mutating func takeEvents(of key: ObjectKey) -> [EventRecord] { events.removeValue(forKey: key) ?? [] }

    /// Forgets a controller that is gone, but for what is still to be told of it.
    mutating func forget(_ key: ObjectKey) { expectations.forget(key) }
}
