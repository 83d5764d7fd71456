import KubernetesAPI
import SchedulingFramework

/// A node of Alibaba's openb trace (cluster-trace-gpu-v2023).
package struct OpenbNode: Hashable, Sendable {
    package var name: String
    /// Thousandths of a CPU.
    package var milliCPU: Int64
    /// MiB.
    package var memory: Int64
    package var gpus: Int64
    package var model: String

    /// Reads the list of nodes.
    static func read(path: String) throws(ExperimentError) -> [OpenbNode] {
        let table = try CSVTable(path: path, required: ["sn", "cpu_milli", "memory_mib", "gpu", "model"])
        let names = table.texts("sn")
        let cpus = try table.numbers("cpu_milli")
        let memories = try table.numbers("memory_mib")
        let gpus = try table.numbers("gpu")
        let models = table.texts("model")
        return names.indices.map {
            OpenbNode(name: names[$0], milliCPU: cpus[$0], memory: memories[$0], gpus: gpus[$0], model: models[$0])
        }
    }

    /// Returns the node as the API shows it; its name begins with its rank, so that name order is rank order.
    func object(rank: Int) -> Node {
        let digits = String(rank)
        let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "-" + self.name
        var node = Node(metadata: ObjectMeta(name: name, labels: [GpuRequest.modelKey: model]))
        node.status.allocatable = [
            .cpu: Quantity(milli: milliCPU), .memory: Quantity(memory << 20, format: .binarySI), .pods: Quantity(1001),
            GpuRequest.countName: Quantity(gpus), GpuRequest.milliName: Quantity(Int64(NodeGpus.whole)),
        ]
        node.status.capacity = node.status.allocatable
        return node
    }
}
