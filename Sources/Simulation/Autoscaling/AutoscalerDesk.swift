import Autoscalers
import Chronology
import ControlPlane
import KubernetesAPI

/// The autoscalers of a run, and when each is called next.
struct AutoscalerDesk {
    /// An autoscaler and what it asked for last.
    struct Host {
        let name: String
        var component: any NodeAutoscaler
        /// When it is called next, as far as that is scheduled.
        var due = Instant.never
        /// How soon after a change it wants to be called.
        var afterChange: Duration?
    }

    var hosts: [Host] = []
    /// The market at the present spot prices; nil where prices stay as they are.
    var market: MachineMarket?
    /// Until when it is true.
    var marketUntil = Instant.start
    /// How many hold the autoscalers down.
    var outages = 0
    /// Which of them is acting now.
    var acting: String?

    /// Whether a change may give an autoscaler something to do.
    static func isConcerned(by change: WatchEvent) -> Bool {
        switch change {
        case .added(let object), .deleted(let object): concerns(object.kind)
        case .modified(.pod(let old), .pod(let new)):
            old.nodeName != new.nodeName || old.isTerminating != new.isTerminating
                || old.status.phase.isTerminal != new.status.phase.isTerminal
                || old.status.conditions.named(Condition.podScheduled)?.reason
                    != new.status.conditions.named(Condition.podScheduled)?.reason
        case .modified(_, let object): concerns(object.kind)
        }
    }

    private static func concerns(_ kind: ObjectKind) -> Bool {
        switch kind {
        case .pod, .node, .podDisruptionBudget, .daemonSet, .persistentVolumeClaim, .other: true
        case .namespace, .replicaSet, .deployment, .statefulSet, .job, .cronJob, .service, .priorityClass,
            .persistentVolume, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota,
            .limitRange,
            .replicationController, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode:
            false
        }
    }
}
