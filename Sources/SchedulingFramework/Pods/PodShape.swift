package import KubernetesAPI

/// Everything that follows from a pod's spec alone, worked out once for all pods of a template.
package final class PodShape: Sendable {
    package let specBox: PodSpecBox
    /// What the pod takes from a node.
    package let requests: ResourceAmounts
    /// The same with small amounts for containers that ask for no CPU or memory; what a placed pod counts as in scores.
    package let nonZeroRequests: ResourceAmounts
    /// The same without pod-level requests, which upstream's score of free room does not see in the pod to be placed.
    package let scoredRequests: ResourceAmounts
    package let hostPorts: [HostPort]
    /// Normalised image names of all containers, init containers first; names may repeat.
    package let images: [String]
    /// Tolerations that bear on PreferNoSchedule taints.
    package let softTolerations: [Toleration]
    package let requiredNodes: NodeSelector?
    package let preferredNodes: [PreferredSchedulingTerm]
    /// Whether the node selector or the required affinity rule out any node.
    let restrictsNodes: Bool
    package let volumes: VolumeNeeds
    /// Which pods the pod wants to be near to, or far from.
    package let podAffinity: PodAffinityTerms
    /// Whether there is such a wish at all.
    package let hasPodAffinity: Bool
    /// Whether the pod has topology spread constraints of its own, so that default ones do not count.
    package let hasSpreadConstraints: Bool
    /// Its constraints that must be met.
    let hardSpread: [PodTopologySpread.Constraint]
    /// Its constraints that rank nodes.
    let softSpread: [PodTopologySpread.Constraint]
    /// What the pod asks of graphics processors; nil for most.
    package let gpu: GpuRequest?

    /// Works out the shape; `gpu` is what the pod's annotations ask for, nil to take the spec's word.
    package init(_ specBox: PodSpecBox, gpu: GpuRequest? = nil) {
        let spec = specBox.value
        self.specBox = specBox
        requests = ResourceAmounts(PodRequests.total(of: spec))
        nonZeroRequests = ResourceAmounts(PodRequests.total(of: spec, fillingMissing: true))
        scoredRequests =
            spec.requests.isEmpty
            ? nonZeroRequests : ResourceAmounts(PodRequests.total(of: spec, fillingMissing: true, podLevel: false))
        hostPorts = HostPort.all(of: spec)
        images = (spec.initContainers + spec.containers).map { Self.normalized($0.image) }
        softTolerations = spec.tolerations.filter { $0.effect == nil || $0.effect == .preferNoSchedule }
        requiredNodes = spec.affinity?.nodeAffinity?.required
        preferredNodes = spec.affinity?.nodeAffinity?.preferred ?? []
        restrictsNodes = !spec.nodeSelector.isEmpty || requiredNodes != nil
        volumes = VolumeNeeds(spec)
        podAffinity = PodAffinityTerms(spec.affinity)
        hasPodAffinity = !podAffinity.isEmpty
        hasSpreadConstraints = !spec.topologySpreadConstraints.isEmpty
        hardSpread = PodTopologySpread.Constraint.all(of: spec.topologySpreadConstraints, .doNotSchedule)
        softSpread = PodTopologySpread.Constraint.all(of: spec.topologySpreadConstraints, .scheduleAnyway)
        self.gpu = gpu ?? GpuRequest(requests)
    }

    package var spec: PodSpec { specBox.value }

    /// Returns `image` with the tag that a runtime would add.
    static func normalized(_ image: String) -> String {
        let bytes = Array(image.utf8)
        let colon = bytes.lastIndex(of: 0x3A) ?? -1
        let slash = bytes.lastIndex(of: 0x2F) ?? -1
        return colon <= slash ? image + ":latest" : image
    }
}
