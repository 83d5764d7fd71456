package import Chronology
import ControlPlane
import KubernetesAPI

// MARK: - Status

extension StatefulSetPlan {
    /// Counts the pods as they are before the step (`updateStatus`).
    mutating func count() {
        status.observedGeneration = set.metadata.generation
        status.currentRevision = revisions.current.metadata.name
        status.updateRevision = revisions.update.metadata.name
        status.collisionCount = revisions.collisions
        for pod in pods {
            status.replicas += 1
            if isReady(pod) {
                status.readyReplicas += 1
                if isAvailable(pod) { status.availableReplicas += 1 }
            }
            guard !pod.isTerminating else { continue }
            let revision = pod.revisionName
            if revision == status.currentRevision { status.currentReplicas += 1 }
            if revision == status.updateRevision { status.updatedReplicas += 1 }
        }
    }

    /// Ends an update all of whose pods are there and ready (`completeRollingUpdate`).
    mutating func complete() {
        guard case .rollingUpdate = set.spec.updateStrategy else { return }
        let wanted = set.spec.replicas
        if status.updatedReplicas == wanted, status.readyReplicas == wanted, status.replicas == wanted {
            status.currentReplicas = status.updatedReplicas
            status.currentRevision = status.updateRevision
        }
    }

    /// Whether the status has to be written (`inconsistentStatus`); the API server refuses one with negative numbers.
    package var changesStatus: Bool {
        let old = set.status
        guard status.currentReplicas >= 0 else { return false }
        return status.observedGeneration > old.observedGeneration || status.replicas != old.replicas
            || status.currentReplicas != old.currentReplicas || status.readyReplicas != old.readyReplicas
            || status.updatedReplicas != old.updatedReplicas || status.availableReplicas != old.availableReplicas
            || status.currentRevision != old.currentRevision || status.updateRevision != old.updateRevision
    }
}
