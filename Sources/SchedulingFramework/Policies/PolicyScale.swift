/// What is left of a node, and what a pod asks for, as the research policies compare them.
///
/// The largest node of the FGD paper's cluster is the unit of all: 128 CPUs, 8 devices.
struct PolicyScale {
    /// The CPU that counts as 1, in thousandths.
    static let milliCPU = 128_000.0
    /// The devices that count as 1, in thousandths of a device.
    static let gpuMilli = 8_000.0

    /// Thousandths of a CPU that no pod on the node asked for.
    let freeCPU: Int64
    /// Thousandths of a device, over all devices of the node.
    let freeGpu: Int64
    /// Thousandths of a CPU that the pod asks for.
    let wantedCPU: Int64
    /// Thousandths of a device that the pod asks for.
    let wantedGpu: Int64

    init(_ pod: PodInfo, on node: NodeInfo) {
        freeCPU = node.allocatable.milliCPU - node.requested.milliCPU
        freeGpu = node.gpus?.totalLeft ?? 0
        wantedCPU = pod.shape.requests.milliCPU
        wantedGpu = pod.shape.gpu?.total ?? 0
    }
}
