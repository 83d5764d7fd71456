import Experiments
import Foundation

/// A folder like the trace's, with three nodes and a few pods.
struct SmallFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "openb-" + UUID().uuidString
        for folder in ["csv", "arrivals", "published"] {
            try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
        }
        try write(
            """
            sn,cpu_milli,memory_mib,gpu,model
            openb-node-0000,16000,65536,2,T4
            openb-node-0001,16000,65536,2,P100
            openb-node-0002,32000,65536,4,T4

            """, to: "csv/openb_node_list_gpu_node.csv")
        try write(Self.pods, to: "csv/openb_pod_list_tiny.csv")
        try write("7,0000,0001,0002,0003,0000,0001\n8,0003,0002,0001,0000\n", to: "arrivals/openb_pod_list_tiny.pods.csv")
        try write("7,0002,0000,0001\n8,0001,0000,0002\n", to: "arrivals/openb_pod_list_tiny.nodes.csv")
    }

    static let pods = """
        name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec
        openb-pod-0000,4000,1024,1,500,
        openb-pod-0001,4000,2048,1,500,
        openb-pod-0002,8000,1024,2,1000,P100
        openb-pod-0003,2000,1024,0,300,T4

        """

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    func discard() { try? FileManager.default.removeItem(atPath: path) }

    /// Plans an experiment in this folder.
    func experiment(
        traces: [String] = [], seeds: [Int] = [], policies: [FragmentationPolicy] = FragmentationPolicy.allCases
    ) throws -> FragmentationExperiment {
        try FragmentationExperiment(
            folder: OpenbFolder(path: path), traces: traces, seeds: seeds, policies: policies, randomDraws: 1)
    }
}
