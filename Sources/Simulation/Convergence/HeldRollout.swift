import Controllers
import KubernetesAPI

/// Why the rollout of a Deployment stands still for ever, although its controller works and nothing is in its way.
///
/// Upstream takes an active replica set with another size in its annotation than the Deployment has for a scaling to be
/// done, and does no rollout before it is (`isScalingEvent` of pkg/controller/deployment/sync.go). There are two states in
/// which `scale` of the same file finds nothing to do, so that the annotation stays; both are open in v1.36. Told from the
/// objects alone, not by asking the controller: a scaling that it forgets in any other state is a mistake of ours.
enum HeldRollout: Hashable, Sendable, CaseIterable {
    /// The only active replica set is an old one and has the size already: github.com/kubernetes/kubernetes/issues/102551.
    /// The next scaling frees it.
    case sizeReached
    /// Several replica sets are active under the strategy Recreate, for which there is no proportional scaling:
    /// github.com/kubernetes/kubernetes/issues/125568. A rolling strategy, or the size before, frees it.
    case recreateOfSeveral

    /// Returns what holds a Deployment that owns `sets`, or nil.
    init?(_ deployment: Deployment, _ sets: [ReplicaSet]) {
        let size = deployment.spec.replicas
        let active = sets.filter { $0.spec.replicas > 0 }
        guard !deployment.spec.paused, deployment.metadata.deletionTimestamp == nil,
            active.contains(where: { DeploymentRevisions.recordedSize(of: $0) ?? size != size })
        else { return nil }
        let current = sets.sorted(by: DeploymentScaling.isOlder).first {
            DeploymentRevisions.sameTemplate($0.spec.template, deployment.spec.template)
        }
        if active.count == 1 {
            // With the current template there is nothing left to roll out.
            guard active[0].spec.replicas == size, active[0].metadata.uid != current?.metadata.uid else { return nil }
            self = .sizeReached
        } else {
            guard case .recreate = deployment.spec.strategy else { return nil }
            // Once a current one that was scaled for this size is available, the others are scaled to nothing.
            if let current, current.spec.replicas == size, DeploymentRevisions.recordedSize(of: current) == size {
                return nil
            }
            self = .recreateOfSeveral
        }
    }

    /// Does what people do to free the rollout.
    func free(_ deployment: inout Deployment) {
        switch self {
        case .sizeReached: deployment.spec.replicas += 1
        case .recreateOfSeveral:
            deployment.spec.strategy = .rollingUpdate(maxUnavailable: .percent(25), maxSurge: .percent(25))
        }
    }
}
