import KubernetesAPI

// Counterpart: Open-Gpu-Share of the FGD paper's simulator (USENIX ATC'23).
// Deliberate differences: devices are counted by the node itself, so the plugin is only the filter.

/// Keeps pods off nodes without enough left of each graphics processor that they ask for.
///
/// `GpuRequest` says how pods ask. Which devices a pod gets is up to the `DevicePlugin`s of the profile; without any,
/// those that fit most tightly.
package struct GpuShare: SchedulerPlugin {
    package static let name: PluginName = "GpuShare"
    private static let shortage = Verdict.unschedulable("Insufficient GPU on one device")
    private static let noDevices = Verdict.unresolvable("node(s) didn't have enough GPU devices")
    private static let wrongModel = Verdict.unresolvable("node(s) didn't have the GPU model")

    package init() {}
}

// MARK: - PreFilter

extension GpuShare: PreFilterPlugin {
    package var preFilterScope: PluginScope { .nodeObject }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        pod.shape.gpu == nil ? .skip : .success
    }
}

// MARK: - Filter

extension GpuShare: FilterPlugin {
    package var filterScope: PluginScope { .nodeUsage }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        guard let request = pod.shape.gpu else { return .success }
        guard let gpus = node.gpus, Int(request.count) <= gpus.count, request.milli <= NodeGpus.whole else {
            return Self.noDevices
        }
        guard request.models.isEmpty || request.models.contains(gpus.model) else { return Self.wrongModel }
        return gpus.fits(request) ? .success : Self.shortage
    }
}

// MARK: - Requeue

extension GpuShare: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.assignedPod, .delete), EventInterest(.node, [.add, .nodeAllocatable, .nodeLabel]),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        switch change.resource {
        case .node:
            guard let node = change.newNode else { return .skip }
            return filter(pod, on: NodeInfo(node), state: CycleState()).isSuccess ? .queue : .skip
        case .assignedPod:
            guard let old = change.oldPod else { return .skip }
            return PodInfo(old).shape.gpu == nil ? .skip : .queue
        case .unscheduledPod, .persistentVolume, .persistentVolumeClaim, .storageClass, .csiNode, .namespace, .service:
            return .skip
        }
    }
}
