// Kubernetes counterpart: `ValidatePodUpdate` in pkg/apis/core/validation (v1.36).

import ControlPlane
import KubernetesAPI

/// What may change in a pod once it is there: images, fewer gates, more tolerations and a shorter deadline.
enum PodUpdateCheck {
    /// Refuses the update of `old` to `new` that changes anything else.
    static func check(_ old: PodSpec, _ new: PodSpec) throws(ActionError) {
        for (field, before, after) in [
            ("containers", old.containers, new.containers), ("initContainers", old.initContainers, new.initContainers),
        ] where before.count != after.count {
            throw .invalid("spec.\(field): Forbidden: pod updates may not add or remove containers")
        }
        try checkDeadline(old.activeDeadlineSeconds, new.activeDeadlineSeconds)
        if !old.tolerations.allSatisfy(new.tolerations.contains) {
            throw .invalid(
                "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds")
        }
        if let gate = new.schedulingGates.firstIndex(where: { !old.schedulingGates.contains($0) }) {
            throw .invalid(
                "spec.schedulingGates[\(gate)]: Forbidden: only deletion is allowed, but found new scheduling gate "
                    + "'\(new.schedulingGates[gate])'")
        }
        var leveled = new
        for place in leveled.containers.indices { leveled.containers[place].image = old.containers[place].image }
        for place in leveled.initContainers.indices {
            leveled.initContainers[place].image = old.initContainers[place].image
        }
        leveled.activeDeadlineSeconds = old.activeDeadlineSeconds
        leveled.tolerations = old.tolerations
        leveled.schedulingGates = old.schedulingGates
        if !old.schedulingGates.isEmpty { try levelPlaces(&leveled, old) }
        if leveled == old { return }
        throw .invalid(
            "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
                + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
                + "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
                + "previously negative)")
    }

    private static func checkDeadline(_ old: Int64?, _ new: Int64?) throws(ActionError) {
        guard let old else { return }
        guard let new else {
            throw .invalid(
                "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value")
        }
        if new > old {
            throw .invalid(
                "spec.activeDeadlineSeconds: Invalid value: \(new): must be less than or equal to previous value")
        }
    }

    /// While gates hold a pod, it may be bound to fewer nodes than before.
    private static func levelPlaces(_ new: inout PodSpec, _ old: PodSpec) throws(ActionError) {
        for pair in old.nodeSelector.pairs where new.nodeSelector[pair.key] != pair.value {
            throw .invalid(
                "spec.nodeSelector: Invalid value: {...}: only additions to existing nodeSelector are allowed")
        }
        new.nodeSelector = old.nodeSelector
        let (before, after) = (old.affinity?.nodeAffinity?.required, new.affinity?.nodeAffinity?.required)
        if let before, before != after {
            let isNarrower =
                after.map { after in
                    after.terms.count == before.terms.count
                        && zip(before.terms, after.terms).allSatisfy { $0.isKept(in: $1) }
                } ?? false
            if !isNarrower {
                throw .invalid(
                    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution: Invalid value: {...}: "
                        + "only additions are allowed")
            }
        }
        let others = new.affinity?.podAffinity != nil || new.affinity?.podAntiAffinity != nil
        guard old.affinity != nil || others else {
            new.affinity = nil
            return
        }
        var affinity = new.affinity ?? Affinity()
        affinity.nodeAffinity = old.affinity?.nodeAffinity
        new.affinity = affinity
    }
}

extension NodeSelectorTerm {
    /// Whether all requirements of the term are still among those of `other`; an empty one allows nothing to be added.
    fileprivate func isKept(in other: NodeSelectorTerm) -> Bool {
        if matchExpressions.isEmpty, matchFields.isEmpty { return self == other }
        return other.matchExpressions.starts(with: matchExpressions) && other.matchFields.starts(with: matchFields)
    }
}
