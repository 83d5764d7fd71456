package import ControlPlane
package import KubernetesAPI
package import SchedulingFramework

// Kubernetes counterpart: simulator/nodes.go and utils/daemonset (cluster-autoscaler).

/// The pods that daemon sets would put on a node that is not there yet.
package struct DaemonPods {
    private struct Source {
        let metadata: ObjectMeta
        let placement: DaemonSetPlacement
        let template: PodTemplateSpec
        let shape: PodShape
    }

    private let sources: [Source]

    /// Whether there are no daemon sets.
    package var isEmpty: Bool { sources.isEmpty }
    /// Whether any of them runs on some nodes only, by their labels.
    package let looksAtLabels: Bool

    /// Reads the daemon sets of `view`.
    package init(_ view: any ClusterView, kinds: inout PodKinds) {
        var sources: [Source] = []
        for case .daemonSet(let set) in view.objects(of: .daemonSet, namespace: nil)
        where set.metadata.deletionTimestamp == nil {
            let placement = DaemonSetPlacement(set.spec.template)
            var template = set.spec.template
            template.spec.tolerations = placement.tolerations
            let pod = Pod(metadata: ObjectMeta(), specBox: template.specBox)
            sources.append(
                Source(
                    metadata: set.metadata, placement: placement, template: template, shape: kinds.info(pod).shape))
        }
        self.sources = sources
        looksAtLabels = sources.contains { source in
            !source.template.spec.nodeSelector.isEmpty || source.shape.requiredNodes != nil
        }
    }

    /// Returns the pods that would run on `node`, named after it.
    package func pods(on node: Node) -> [PodInfo] {
        var pods: [PodInfo] = []
        for source in sources where source.placement.verdict(node) == .runs {
            let name = source.metadata.name + "-" + node.metadata.name
            var metadata = ObjectMeta(
                name: name, namespace: source.metadata.namespace, labels: source.template.labels)
            metadata.uid = UID(text: source.metadata.namespace + "/" + name)
            metadata.annotations = source.template.annotations
            metadata.ownerReferences = [
                OwnerReference(
                    apiVersion: "apps/v1", kind: "DaemonSet", name: source.metadata.name, uid: source.metadata.uid)
            ]
            let pod = Pod(
                metadata: metadata, specBox: source.template.specBox, nodeName: node.metadata.name)
            pods.append(PodInfo(pod, shape: source.shape))
        }
        return pods
    }
}
