// Kubernetes counterpart: `ValidateStatefulSetUpdate` in pkg/apis/apps/validation (v1.36).

import ControlPlane
import KubernetesAPI

/// What may not change in a stateful set once it is there.
enum StatefulSetUpdateCheck {
    /// Refuses the update of `old` to `new` that changes what is fixed: selector, claims, service and pod management.
    static func check(_ old: StatefulSet.Spec, _ new: StatefulSet.Spec) throws(ActionError) {
        if new.selector == old.selector, new.volumeClaimTemplates == old.volumeClaimTemplates,
            new.serviceName == old.serviceName, new.isParallel == old.isParallel
        {
            return
        }
        throw .invalid(
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
                + "'minReadySeconds' are forbidden")
    }
}
