// Kubernetes counterpart: the updates of `ValidateDeploymentUpdate`, `ValidateReplicaSetUpdate` and
// `ValidateDaemonSetSpecUpdate` in pkg/apis/apps/validation (v1.36).

import ControlPlane
import KubernetesAPI

/// What may not change in a workload once it is there: which pods are its own.
enum SelectorUpdateCheck {
    /// Refuses an update of a deployment, replica set or daemon set that changes its selector.
    static func check(_ old: KubernetesObject, _ new: KubernetesObject) throws(ActionError) {
        let isSame =
            switch (old, new) {
            case (.deployment(let before), .deployment(let after)): before.spec.selector == after.spec.selector
            case (.replicaSet(let before), .replicaSet(let after)): before.spec.selector == after.spec.selector
            case (.daemonSet(let before), .daemonSet(let after)): before.spec.selector == after.spec.selector
            default: true
            }
        if !isSame { throw .invalid("spec.selector: Invalid value: field is immutable") }
    }
}
