import Foundation
import SchedulingFramework
import Testing

@testable import Experiments

@Suite("The trace is read as it is written")
struct TraceTests {
    @Test("pods of one kind are one, devices that are not asked for do not count, orders come by seed")
    func reading() throws {
        let small = try SmallFolder()
        defer { small.discard() }
        let folder = try OpenbFolder(path: small.path)
        #expect(folder.nodes.count == 3)
        #expect(folder.traceNames == ["tiny"])
        let trace = try folder.trace("tiny")
        #expect(trace.seeds == [7, 8])
        #expect(trace.kinds.count == 4)
        #expect(trace.kinds[3].gpu == nil && trace.kinds[3].models.isEmpty)
        #expect(trace.arrivals[0].pods == [0, 1, 2, 3, 0, 1])
        #expect(trace.arrivals[0].nodes == [2, 0, 1])
        // Memory apart there are three kinds, the first of them twice; equals go by size, the larger first.
        #expect(trace.typicalPods.map(\.milliCPU) == [4000, 8000, 2000])
        #expect(trace.typicalPods.map(\.share) == [0.5, 0.25, 0.25])
        #expect(trace.typicalPods[1].gpu == GpuRequest(count: 2, milli: 1000, models: ["P100"]))
    }

    @Test("rare kinds are left out once 95 % are covered, and the shares sum to one")
    func typical() {
        let common = OpenbPod(milliCPU: 1000, memory: 1, gpus: 1, gpuMilli: 500, models: "")
        let rare = OpenbPod(milliCPU: 2000, memory: 1, gpus: 1, gpuMilli: 500, models: "")
        let classes = OpenbTrace.typical(of: Array(repeating: common, count: 95) + Array(repeating: rare, count: 5))
        #expect(classes.map(\.milliCPU) == [1000])
        #expect(classes.map(\.share) == [1])
        #expect(OpenbTrace.typical(of: Array(repeating: common, count: 94) + Array(repeating: rare, count: 6)).count == 2)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var file: String
        var text: String?
        var message: String
    }

    @Test(
        "bad input is said, not suffered",
        arguments: [
            Mistake(
                testDescription: "no arrivals", file: "arrivals/openb_pod_list_tiny.pods.csv",
                message: "trace tiny has no orders of arrival"),
            Mistake(
                testDescription: "a pod that is not there", file: "arrivals/openb_pod_list_tiny.pods.csv",
                text: "7,0009\n", message: "there is no openb-pod-0009"),
            Mistake(
                testDescription: "nodes of another seed", file: "arrivals/openb_pod_list_tiny.nodes.csv",
                text: "9,0000,0001,0002\n", message: "there is no line with the order of the nodes"),
            Mistake(
                testDescription: "too few nodes", file: "arrivals/openb_pod_list_tiny.nodes.csv",
                text: "7,0000,0001\n8,0000,0001,0002\n", message: "2 nodes are ranked, not 3"),
            Mistake(
                testDescription: "no seed", file: "arrivals/openb_pod_list_tiny.pods.csv", text: "x,0000\n",
                message: "does not begin with a seed"),
            Mistake(
                testDescription: "a short row", file: "csv/openb_pod_list_tiny.csv",
                text: "name,cpu_milli,memory_mib,num_gpu,gpu_milli\na,1,2\n", message: "has 3 cells, not 5"),
            Mistake(
                testDescription: "a word for a number", file: "csv/openb_pod_list_tiny.csv",
                text: "name,cpu_milli,memory_mib,num_gpu,gpu_milli\na,one,2,0,0\n", message: "\"one\" in column cpu_milli"),
            Mistake(
                testDescription: "a column too few", file: "csv/openb_pod_list_tiny.csv", text: "name,cpu_milli\n",
                message: "has no column \"memory_mib\""),
        ])
    func mistakes(mistake: Mistake) throws {
        let small = try SmallFolder()
        defer { small.discard() }
        if let text = mistake.text { try small.write(text, to: mistake.file) } else { try small.remove(mistake.file) }
        let error = #expect(throws: ExperimentError.self) { try small.experiment(traces: ["tiny"]) }
        #expect(error?.message.contains(mistake.message) == true, "\(error.map(\.description) ?? "")")
    }

    @Test("names that are not there are named, with the nearest one")
    func unknownNames() throws {
        let small = try SmallFolder()
        defer { small.discard() }
        let trace = #expect(throws: ExperimentError.self) { try small.experiment(traces: ["tniy"]) }
        #expect(trace?.nearest == "tiny")
        let seed = #expect(throws: ExperimentError.self) { try small.experiment(seeds: [7, 9]) }
        #expect(seed?.message == "trace tiny has no line of arrivals for seed 9 (there are: 7, 8)")
    }

    @Test("packed orders are read like plain ones")
    func packed() throws {
        let small = try SmallFolder()
        defer { small.discard() }
        let plain = try OpenbFolder(path: small.path).trace("tiny").arrivals[1].pods
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "\(small.path)/arrivals/openb_pod_list_tiny.pods.csv"]
        try gzip.run()
        gzip.waitUntilExit()
        #expect(try OpenbFolder(path: small.path).trace("tiny").arrivals[1].pods == plain)
    }
}
