// Kubernetes counterpart: `ValidatePriorityClassUpdate` in pkg/apis/scheduling/validation (v1.36).

import ControlPlane
import KubernetesAPI

/// What may not change in a priority class once it is there.
enum PriorityClassUpdateCheck {
    /// Refuses an update that would give pods of one class two priorities.
    static func check(_ old: PriorityClass, _ new: PriorityClass) throws(ActionError) {
        if old.value != new.value { throw .invalid("value: Forbidden: may not be changed in an update.") }
        if old.preemptionPolicy != new.preemptionPolicy {
            throw .invalid(
                "preemptionPolicy: Invalid value: \"\(new.preemptionPolicy.rawValue)\": field is immutable")
        }
    }
}
