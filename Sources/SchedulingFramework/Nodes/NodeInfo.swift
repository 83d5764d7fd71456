package import KubernetesAPI

// Kubernetes counterpart: framework.NodeInfo.

/// A node as the scheduler sees it: the object, its pods, and the sums over them.
package final class NodeInfo {
    package private(set) var node: Node
    package private(set) var name: String
    package private(set) var labels: StringMap
    package private(set) var taints: [Taint]
    package private(set) var isUnschedulable: Bool
    package private(set) var pods: [PodInfo] = []
    /// Of the same pods, in the same order: to search among them costs no reference counting.
    private var uids: [UID] = []
    /// What namespace and labels the same pods may have, in the same order.
    package private(set) var labelMarks: [LabelMarks] = []
    /// The sums, read millions of times a second: behind a pointer, reading costs no check for exclusive access.
    private let usage: UnsafeMutablePointer<Usage>
    /// The lowest priority among the pods; the highest number there is when there are none.
    package private(set) var lowestPriority = Int32.max
    /// How many pods have it.
    private var lowestCount = 0
    /// Each once, however many pods have it: the first of them to leave frees it, as upstream.
    package private(set) var usedPorts: [HostPort] = []
    /// Those of the pods that have terms of pod affinity or anti-affinity, in no particular order.
    package private(set) var podsWithAffinity: [PodInfo] = []
    /// Those of the pods that have required anti-affinity, in no particular order.
    package private(set) var podsWithRequiredAntiAffinity: [PodInfo] = []
    /// Images present on the node, by every name they go by.
    package var images: [NameKey: ImageState] = [:]
    /// The graphics processors; nil on a node without any.
    package private(set) var gpus: NodeGpus?
    private struct Usage {
        var allocatable = ResourceAmounts()
        var requested = ResourceAmounts()
        var nonZeroRequested = ResourceAmounts()
        var allowedPods: Int64 = 0
        var podCount: Int64 = 0
    }

    package init(_ node: Node) {
        usage = .allocate(capacity: 1)
        usage.initialize(to: Usage())
        self.node = node
        name = node.metadata.name
        labels = StringMap()
        taints = []
        isUnschedulable = false
        update(node)
    }

    deinit {
        usage.deinitialize(count: 1)
        usage.deallocate()
    }

    package var allocatable: ResourceAmounts { usage.pointee.allocatable }
    package var requested: ResourceAmounts { usage.pointee.requested }
    package var nonZeroRequested: ResourceAmounts { usage.pointee.nonZeroRequested }
    package var allowedPods: Int64 { usage.pointee.allowedPods }
    package var podCount: Int64 { usage.pointee.podCount }
    /// The sums as plain numbers, without scalar resources.
    package var figures: NodeUsage {
        NodeUsage(
            allocatable: usage.pointee.allocatable, requested: usage.pointee.requested,
            nonZeroRequested: usage.pointee.nonZeroRequested, allowedPods: usage.pointee.allowedPods,
            podCount: usage.pointee.podCount)
    }

    /// Takes over a newer version of the node object.
    package func update(_ node: Node) {
        self.node = node
        name = node.metadata.name
        labels = node.metadata.labels
        taints = node.spec.taints
        isUnschedulable = node.spec.unschedulable
        usage.pointee.allocatable = ResourceAmounts(node.status.allocatable)
        usage.pointee.allowedPods = node.status.allocatable[.pods]?.value ?? 0
        updateGpus()
    }

    private func updateGpus() {
        let count = GpuRequest.deviceCount(of: usage.pointee.allocatable)
        guard count > 0 else { return gpus = nil }
        let model = GpuRequest.model(of: labels)
        if let gpus, gpus.count == count {
            gpus.model = model
            gpus.note = nil
            return
        }
        let new = NodeGpus(count: count, model: model)
        for pod in pods {
            guard let request = pod.shape.gpu else { continue }
            let known = gpus?.devices(of: pod.uid).flatMap { $0.leadingZeroBitCount >= 64 - count ? $0 : nil }
            new.take(pod.uid, request, devices: known)
        }
        gpus = new
    }

    /// Counts `pod` among the node's pods; `devices` are the graphics processors chosen for it, a bit each, and `marks`
    /// those of its labels, if they are known.
    package func add(_ pod: PodInfo, devices: UInt64? = nil, marks: LabelMarks? = nil) {
        pods.append(pod)
        uids.append(pod.uid)
        labelMarks.append(marks ?? LabelMarks(of: pod.pod.metadata))
        if pod.priority < lowestPriority || lowestCount == 0 {
            lowestPriority = pod.priority
            lowestCount = 1
        } else if pod.priority == lowestPriority {
            lowestCount += 1
        }
        count(pod, sign: 1)
        if let gpus, let request = pod.shape.gpu { gpus.take(pod.uid, request, devices: devices) }
        if !pod.shape.hostPorts.isEmpty { takePorts(of: pod) }
        if pod.shape.hasPodAffinity {
            podsWithAffinity.append(pod)
            if !pod.shape.podAffinity.requiredAntiAffinity.isEmpty { podsWithRequiredAntiAffinity.append(pod) }
        }
    }

    /// Takes `pod` away; returns whether it was there.
    @discardableResult
    package func remove(_ uid: UID) -> Bool {
        guard let place = uids.firstIndex(of: uid) else { return false }
        let pod = pods[place]
        // The order of pods on a node decides nothing that is not sorted first; the last one fills the gap, as upstream.
        pods.swapAt(place, pods.count - 1)
        pods.removeLast()
        uids.swapAt(place, uids.count - 1)
        uids.removeLast()
        labelMarks.swapAt(place, labelMarks.count - 1)
        labelMarks.removeLast()
        if pod.priority == lowestPriority {
            lowestCount -= 1
            if lowestCount == 0 { findLowest() }
        }
        count(pod, sign: -1)
        if pod.shape.gpu != nil { gpus?.free(uid) }
        for port in pod.shape.hostPorts { usedPorts.removeAll { $0 == port } }
        if pod.shape.hasPodAffinity {
            podsWithAffinity.removeAll { $0.uid == uid }
            podsWithRequiredAntiAffinity.removeAll { $0.uid == uid }
        }
        return true
    }

    /// Takes over a newer version of a pod of the same shape; returns whether it took ports that were free.
    @discardableResult
    package func replace(_ pod: PodInfo) -> Bool {
        guard let place = uids.firstIndex(of: pod.uid) else { return false }
        let isSame = pods[place].priority == pod.priority
        // Nearly every newer version has the labels of the one before.
        if !pods[place].pod.metadata.sharesParts(with: pod.pod.metadata) {
            labelMarks[place] = LabelMarks(of: pod.pod.metadata)
        }
        pods[place] = pod
        // Upstream takes the old version away and adds the new one: ports that another pod freed are taken again.
        let takesPorts = !pod.shape.hostPorts.isEmpty && takePorts(of: pod)
        guard pod.shape.hasPodAffinity else {
            if !isSame { findLowest() }
            return takesPorts
        }
        if let place = podsWithAffinity.firstIndex(where: { $0.uid == pod.uid }) { podsWithAffinity[place] = pod }
        if let place = podsWithRequiredAntiAffinity.firstIndex(where: { $0.uid == pod.uid }) {
            podsWithRequiredAntiAffinity[place] = pod
        }
        if !isSame { findLowest() }
        return takesPorts
    }

    @discardableResult
    private func takePorts(of pod: PodInfo) -> Bool {
        let before = usedPorts.count
        for port in pod.shape.hostPorts where !usedPorts.contains(port) { usedPorts.append(port) }
        return usedPorts.count != before
    }

    private func findLowest() {
        lowestPriority = pods.map(\.priority).min() ?? Int32.max
        lowestCount = pods.count { $0.priority == lowestPriority }
    }

    /// Returns a copy, for a dry run unless it is said otherwise.
    package func copied(isDryRun: Bool = true) -> NodeInfo {
        let copy = NodeInfo(node)
        copy.usage.pointee = usage.pointee
        copy.pods = pods
        copy.uids = uids
        copy.labelMarks = labelMarks
        copy.lowestPriority = lowestPriority
        copy.lowestCount = lowestCount
        copy.usedPorts = usedPorts
        copy.podsWithAffinity = podsWithAffinity
        copy.podsWithRequiredAntiAffinity = podsWithRequiredAntiAffinity
        copy.images = images
        copy.gpus = gpus?.copied(isDryRun: isDryRun)
        return copy
    }

    private func count(_ pod: PodInfo, sign: Int64) {
        usage.pointee.requested.add(pod.shape.requests, sign: sign)
        usage.pointee.nonZeroRequested.milliCPU += sign * pod.shape.nonZeroRequests.milliCPU
        usage.pointee.nonZeroRequested.memory += sign * pod.shape.nonZeroRequests.memory
        usage.pointee.podCount += sign
        gpus?.note = nil
    }
}
