package import Chronology
package import KubernetesAPI

/// What comes next for a pod that has a node.
package enum BindingStep: Sendable {
    /// Nothing for the host to do: a permit plugin holds the pod, or a pre-bind plugin waits for the cluster. The
    /// scheduler gives up at `until`; that, and when the plugin looks again, is part of `nextWakeup`.
    case wait(until: Instant)
    /// Send these objects as updates, in order; then call `writesFinished`. A conflict is a failure.
    case write([KubernetesObject])
    /// Send the binding; then call `bindFinished`.
    case bind
    /// The binding came to nothing: the node is free again, and the pod is back in the queue.
    case failed(BindingFailure)
}

/// Why a binding came to nothing, for the pod's condition and its FailedScheduling event.
package struct BindingFailure: Hashable, Sendable {
    /// Whether a plugin refused the pod (`Unschedulable`), in contrast to an error (`SchedulerError`).
    package var isRejection: Bool
    package var message: String
    /// Whether the pod's nomination is to be removed from its status.
    package var clearsNomination: Bool
}

/// A step of a binding that became due after the attempt that began it.
package struct BindingTask: Sendable {
    package var pod: ObjectKey
    package var uid: UID
    package var node: String
    package var step: BindingStep
}
