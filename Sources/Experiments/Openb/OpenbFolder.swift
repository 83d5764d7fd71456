import Foundation
import KubernetesAPI

/// A folder with the openb trace: lists of nodes and pods, orders of arrival, published results.
///
///     csv/openb_node_list_gpu_node.csv, csv/openb_pod_list_<trace>.csv
///     arrivals/openb_pod_list_<trace>.{pods,nodes}.csv.gz      or without .gz
///     published/analysis_{allo,frag,frag_ratio}_discrete.csv
package struct OpenbFolder: Sendable {
    package static let prefix = "openb_pod_list_"
    private static let nodeFile = "openb_node_list_gpu_node.csv"

    package let path: String
    /// The nodes with devices, as listed.
    package let nodes: [OpenbNode]
    /// The traces that have a list of pods, in name order.
    package let traceNames: [String]

    /// Opens the folder at `path`.
    package init(path: String) throws(ExperimentError) {
        self.path = path
        let files: [String]
        do {
            files = try FileManager.default.contentsOfDirectory(atPath: path + "/csv")
        } catch {
            throw ExperimentError("\(path) is no folder with the openb trace: it has no readable folder csv")
        }
        nodes = try OpenbNode.read(path: "\(path)/csv/\(Self.nodeFile)")
        traceNames = files.filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(".csv") }
            .map { String($0.dropFirst(Self.prefix.count).dropLast(4)) }.sorted()
        if traceNames.isEmpty { throw ExperimentError("\(path)/csv has no file \(Self.prefix)….csv") }
    }

    /// Returns the traces that have orders of arrival as well.
    package var runnableTraceNames: [String] {
        traceNames.filter { name in
            ["pods", "nodes"].allSatisfy { arrivalFile(name, $0) != nil }
        }
    }

    /// Reads one trace with all its orders of arrival.
    package func trace(_ name: String) throws(ExperimentError) -> OpenbTrace {
        guard traceNames.contains(name) else {
            throw ExperimentError(
                "there is no trace \"\(name)\" (there are: \(traceNames.joined(separator: ", ")))",
                nearest: NearestName.of(name, among: traceNames))
        }
        let columns = ["name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli"]
        let table = try CSVTable(path: "\(path)/csv/\(Self.prefix)\(name).csv", required: columns)
        let (cpus, memories) = (try table.numbers("cpu_milli"), try table.numbers("memory_mib"))
        let (counts, millis) = (try table.numbers("num_gpu"), try table.numbers("gpu_milli"))
        let models = table.texts("gpu_spec")
        let pods = cpus.indices.map {
            OpenbPod(
                milliCPU: cpus[$0], memory: memories[$0], gpus: counts[$0], gpuMilli: millis[$0], models: models[$0])
        }
        var kinds: [OpenbPod] = []
        var known: [OpenbPod: Int32] = [:]
        var kindByName: [String: Int32] = [:]
        for (name, pod) in zip(table.texts("name"), pods) {
            let kind = known[pod] ?? Int32(kinds.count)
            if known.updateValue(kind, forKey: pod) == nil { kinds.append(pod) }
            kindByName[name] = kind
        }
        let nodeByName = Dictionary(
            nodes.enumerated().map { ($1.name, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        let podLines = try lines(name, "pods", prefix: "openb-pod-", of: kindByName)
        let nodeLines = try lines(name, "nodes", prefix: "openb-node-", of: nodeByName)
        var arrivals: [OpenbArrival] = []
        for line in podLines {
            guard let ranks = nodeLines.first(where: { $0.seed == line.seed }) else {
                throw ExperimentError("trace \(name), seed \(line.seed): there is no line with the order of the nodes")
            }
            guard ranks.places.count == nodes.count else {
                throw ExperimentError(
                    "trace \(name), seed \(line.seed): \(ranks.places.count) nodes are ranked, not \(nodes.count)")
            }
            arrivals.append(OpenbArrival(seed: line.seed, pods: line.places, nodes: ranks.places))
        }
        arrivals.sort { $0.seed < $1.seed }
        return OpenbTrace(
            name: name, kinds: kinds, typicalPods: OpenbTrace.typical(of: pods), arrivals: arrivals)
    }

    // MARK: - Arrivals

    private func arrivalFile(_ trace: String, _ kind: String) -> String? {
        let plain = "\(path)/arrivals/\(Self.prefix)\(trace).\(kind).csv"
        return [plain, plain + ".gz"].first { FileManager.default.fileExists(atPath: $0) }
    }

    /// Reads lines of `seed,id,id,…`; `places` says what each id, with `prefix` before it, stands for.
    private func lines(
        _ trace: String, _ kind: String, prefix: String, of places: [String: Int32]
    ) throws(ExperimentError) -> [(seed: Int, places: [Int32])] {
        guard let file = arrivalFile(trace, kind) else {
            let expected = "\(path)/arrivals/\(Self.prefix)\(trace).\(kind).csv.gz"
            throw ExperimentError("trace \(trace) has no orders of arrival: there is no \(expected)")
        }
        var found: [(seed: Int, places: [Int32])] = []
        for line in try PackedText.read(file).split(whereSeparator: \.isNewline) {
            var cells = line.split(separator: ",").makeIterator()
            guard let seed = cells.next().flatMap({ Int($0) }) else {
                throw ExperimentError("\(file): line \(found.count + 1) does not begin with a seed")
            }
            if found.contains(where: { $0.seed == seed }) {
                throw ExperimentError("\(file) has seed \(seed) more than once")
            }
            var list: [Int32] = []
            while let id = cells.next() {
                guard let place = places[prefix + id] else {
                    throw ExperimentError("\(file), seed \(seed): there is no \(prefix)\(id)")
                }
                list.append(place)
            }
            found.append((seed, list))
        }
        return found
    }
}
