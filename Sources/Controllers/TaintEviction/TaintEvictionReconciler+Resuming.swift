package import ControlPlane
package import KubernetesAPI
import Chronology

// What has no counterpart: upstream's controller begins anew when it is restarted, but here it never was.

extension TaintEvictionReconciler {
    /// Takes over the evictions that were under way in a running cluster: a pod's toleration counts from when the first
    /// of its node's NoExecute taints was set. Nodes whose taints tell no time begin when they are looked at.
    package mutating func resume(in view: any ClusterView) {
        for node in view.nodes() {
            let taints = node.spec.taints.filter { $0.effect == .noExecute }
            guard let since = taints.compactMap(\.timeAdded).min() else { continue }
            for pod in view.pods(onNode: node.metadata.name) where !Self.isHandled(pod) {
                guard case .until(let wait) = Self.tolerance(of: pod.spec.tolerations, taints: taints) else { continue }
                remember(pod, since: since, due: since + wait)
            }
        }
    }
}
