// Kubernetes counterpart: `ValidateJobSpecUpdate` in pkg/apis/batch/validation (v1.36).
// Deliberate difference: the template of a suspended job may change in all its parts.

import ControlPlane
import KubernetesAPI

/// What may not change in a job once it is there.
enum JobUpdateCheck {
    /// Refuses the update of `old` to `new` that changes what is fixed.
    static func check(_ old: Job.Spec, _ new: Job.Spec) throws(ActionError) {
        if new.completions != old.completions {
            let value = new.completions.map { "\($0)" } ?? "null"
            if !new.indexed { throw immutable("completions", value) }
            if new.completions != new.parallelism {
                throw .invalid(
                    "spec.completions: Invalid value: \(value): can only be modified in tandem with spec.parallelism")
            }
        }
        if new.selector != old.selector { throw immutable("selector") }
        if new.template != old.template, !old.suspend { throw immutable("template") }
        if new.indexed != old.indexed {
            throw immutable("completionMode", "\"\(new.indexed ? "Indexed" : "NonIndexed")\"")
        }
        if new.podFailurePolicy != old.podFailurePolicy { throw immutable("podFailurePolicy") }
        if new.backoffLimitPerIndex != old.backoffLimitPerIndex {
            throw immutable("backoffLimitPerIndex", new.backoffLimitPerIndex.map { "\($0)" } ?? "null")
        }
        if new.managedBy != old.managedBy {
            throw immutable("managedBy", new.managedBy.map { "\"\($0)\"" } ?? "null")
        }
        if new.successPolicy != old.successPolicy { throw immutable("successPolicy") }
    }

    private static func immutable(_ field: String, _ value: String = "{...}") -> ActionError {
        .invalid("spec.\(field): Invalid value: \(value): field is immutable")
    }
}
