import ControlPlane
import KubernetesAPI

// Counterpart: filters.go of k8s.io/kubectl/pkg/drain (v1.36).

/// Which pods of a node a drain takes along, and which keep it from beginning.
enum DrainFilter {
    enum Verdict: Equatable {
        case goes
        case stays
        /// The drain does not begin; the text says what kind of pod it is.
        case refuses(String)
    }

    static let daemonSet = "DaemonSet-managed Pods (use ignoreDaemonSets to ignore)"
    static let localStorage = "Pods with local storage (use deleteEmptyDirData to override)"
    static let unmanaged = "Pods that declare no controller (use force to override)"

    /// Returns what becomes of `pod`; `hasDaemonSet` says whether the DaemonSet that owns it is there.
    static func verdict(on pod: Pod, _ options: DrainOptions, hasDaemonSet: () -> Bool) -> Verdict {
        if pod.status.phase.isTerminal { return .goes }
        if pod.isMirror { return .stays }
        let controller = pod.metadata.controllerReference
        if let controller, controller.kind == "DaemonSet" {
            guard hasDaemonSet() else {
                if !options.force { return .refuses("daemonsets.apps \"\(controller.name)\" not found") }
                return hasLocalStorage(pod) && !options.deleteEmptyDirData ? .refuses(localStorage) : .goes
            }
            return options.ignoreDaemonSets ? .stays : .refuses(daemonSet)
        }
        if hasLocalStorage(pod), !options.deleteEmptyDirData { return .refuses(localStorage) }
        return controller == nil && !options.force ? .refuses(unmanaged) : .goes
    }

    private static func hasLocalStorage(_ pod: Pod) -> Bool {
        pod.spec.volumes.contains { volume in
            switch volume.source {
            case .emptyDir: true
            case .persistentVolumeClaim, .ephemeral, .hostPath, .gcePersistentDisk, .awsElasticBlockStore, .azureDisk,
                .cinder, .rbd, .iscsi, .csi, .other:
                false
            }
        }
    }
}
