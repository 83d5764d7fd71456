import Chronology
package import KubernetesAPI
import Scenarios
package import Scheduler

/// One recorded run of the real scheduler: a cluster, pods, and what was decided for each.
package struct GoldenCase: Sendable {
    package var name: String
    package var configuration: SchedulerConfiguration
    /// In name order.
    package var nodes: [Node]
    package var objects: [KubernetesObject]
    /// In input order; those with a node run from the beginning.
    package var pods: [Pod]
    package var expected: [GoldenDecision]
    /// What could not be read.
    package var problems: [String]

    /// Reads a case from the bytes of its file.
    package init(bytes: [UInt8], file: String) {
        let diagnostics = Diagnostics()
        let tree = JSONParser.parse(bytes, file: file, diagnostics: diagnostics).first
        let context = DecodingContext(file: file, diagnostics: diagnostics, startDate: StartDate(unixSeconds: 0))
        func decode(_ key: String) -> [KubernetesObject] {
            (tree?["input"]?[key]?.elements ?? []).compactMap { KubernetesObject.decode($0, context: context) }
        }
        name = tree?["name"]?.string ?? file
        nodes = decode("nodes").compactMap { if case .node(let node) = $0 { node } else { nil } }
        nodes.sort { $0.metadata.name < $1.metadata.name }
        objects = decode("objects")
        pods = decode("pods").compactMap { if case .pod(let pod) = $0 { pod } else { nil } }
        expected = (tree?["expected"]?.elements ?? []).map { GoldenDecision($0) }
        configuration = SchedulerConfigurationReader.read(tree?["input"]?["schedulerConfig"], context: context)
        configuration.mode = .upstream
        configuration.claims = .observed
        configuration.percentageOfNodesToScore = tree?["settings"]?["percentageOfNodesToScore"]?.integer ?? 0
        problems = diagnostics.all.filter { $0.severity == .error }.map(\.description)
        if tree == nil || expected.isEmpty { problems.append("\(file): nothing to replay") }
        admit()
    }

    /// Gives the objects what the API server and admission would have given them.
    private mutating func admit() {
        var classes: [String: PriorityClass] = [:]
        var fallback: PriorityClass?
        for case .priorityClass(let priorityClass) in objects {
            classes[priorityClass.metadata.name] = priorityClass
            if priorityClass.globalDefault { fallback = priorityClass }
        }
        for index in pods.indices {
            pods[index].metadata.uid = UID(high: 0x60_1D, low: UInt64(index) + 1)
            if pods[index].metadata.namespace.isEmpty { pods[index].metadata.namespace = "default" }
            var spec = pods[index].spec.mergingMatchLabelKeys(labels: pods[index].metadata.labels)
            let priorityClass = spec.priorityClassName.isEmpty ? fallback : classes[spec.priorityClassName]
            if spec.priority == nil { spec.priority = priorityClass?.value }
            if spec.preemptionPolicy == nil { spec.preemptionPolicy = priorityClass?.preemptionPolicy }
            if spec != pods[index].spec { pods[index].spec = spec }
        }
        objects = VolumeController.settled(objects)
    }
}

/// What the real scheduler decided for one pod; nil where nothing was recorded.
package struct GoldenDecision: Sendable {
    /// A refusal of one node.
    package struct Refusal: Hashable, Sendable {
        package var plugin: String
        package var code: String
        package var reasons: [String]
    }

    package struct Victim: Hashable, Sendable {
        /// namespace/name
        package var pod: String
        package var node: String
    }

    /// namespace/name
    package var pod: String
    package var status: String
    package var decision: String?
    package var feasible: [String]?
    package var infeasible: [String: Refusal]?
    package var scores: [String: [String: Int64]]?
    package var total: [String: Int64]?
    package var ties: [String]?
    package var message: String?
    package var firstMessage: String?
    package var nominatedNode: String?
    package var victims: [Victim]

    init(_ tree: ManifestTree) {
        func table<Value>(_ key: String, _ read: (ManifestTree) -> Value?) -> [String: Value]? {
            tree[key]?.entries.map { entries in
                var table: [String: Value] = [:]
                for entry in entries { table[entry.key] = read(entry.value) }
                return table
            }
        }
        pod = tree["pod"]?.string ?? ""
        status = tree["status"]?.string ?? ""
        decision = tree["decision"]?.string
        feasible = tree["feasible"].flatMap(\.elements).map { $0.compactMap(\.string) }
        infeasible = table("infeasible") { entry in
            Refusal(
                plugin: entry["plugin"]?.string ?? "", code: entry["code"]?.string ?? "",
                reasons: (entry["reasons"]?.strings ?? []).sorted())
        }
        scores = table("scores") { node in
            node.entries.map { entries in
                var scores: [String: Int64] = [:]
                for entry in entries { scores[entry.key] = entry.value.integer }
                return scores
            }
        }
        total = table("total") { $0.integer }
        ties = tree["ties"].flatMap(\.elements).map { $0.compactMap(\.string) }
        message = tree["message"]?.string
        firstMessage = tree["firstMessage"]?.string
        nominatedNode = tree["nominatedNodeName"]?.string
        victims = (tree["victims"]?.elements ?? []).map {
            Victim(pod: $0["pod"]?.string ?? "", node: $0["node"]?.string ?? "")
        }
    }
}
