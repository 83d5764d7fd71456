import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: pkg/scheduler/extender.go (v1.36).
// Deliberate differences: changes that an extender makes to the node objects it hands back are not read, and it cannot
// hand back nodes that it was not given.

/// One process outside of the scheduler, and how its four verbs are called.
struct HTTPExtender {
    /// What is left of a list of nodes.
    struct FilterResult {
        /// In the extender's order.
        var nodes: [NodeInfo] = []
        var failed: [(node: String, verdict: Verdict)] = []
    }

    let settings: ExtenderSettings
    let transport: any ExtenderTransport
    let wire: ExtenderWire

    /// Whether the pod asks for one of the resources that the extender manages; without such, every pod counts.
    func isInterested(in pod: PodInfo) -> Bool {
        if settings.managedResources.isEmpty { return true }
        for container in pod.spec.containers + pod.spec.initContainers {
            for entry in container.requests.entries + container.limits.entries
            where settings.managedResources.contains(where: { $0.name == entry.name.text }) {
                return true
            }
        }
        return false
    }

    private func send(_ verb: String, _ body: ManifestTree) throws(ExtenderFailure) -> ManifestTree {
        var prefix = settings.urlPrefix
        while prefix.hasSuffix("/") { prefix.removeLast() }
        let url = prefix + "/" + verb
        switch transport.post(body, to: url, settings: settings) {
        case .failed(let message): throw ExtenderFailure(message)
        case .answered(let status, let answer):
            guard status == 200 else {
                throw ExtenderFailure("failed \(verb) with extender at URL \(url), code \(status)")
            }
            guard let answer else { throw ExtenderFailure("the answer of \(url) is not JSON") }
            return answer
        }
    }

    // MARK: - Verbs

    /// Asks which of `nodes` the pod may run on.
    func filter(_ pod: PodInfo, _ nodes: [NodeInfo]) throws(ExtenderFailure) -> FilterResult {
        if settings.filterVerb.isEmpty { return FilterResult(nodes: nodes) }
        let answer = try send(settings.filterVerb, wire.arguments(pod, nodes, namesOnly: settings.nodeCacheCapable))
        if let error = answer.member("Error")?.string, !error.isEmpty { throw ExtenderFailure(error) }
        var result = FilterResult()
        if settings.nodeCacheCapable, let names = answer.member("NodeNames")?.elements {
            result.nodes = try pick(names.map { $0.string ?? "" }, among: nodes)
        } else if let items = answer.member("Nodes")?.member("items")?.elements {
            let names = items.map { $0.member("metadata")?.member("name")?.string ?? "" }
            // As upstream hands them on: bare objects, without the pods on them, which is what the scores then see.
            result.nodes = try pick(names, among: nodes).map { NodeInfo($0.node) }
        }
        let hopeless = answer.member("FailedAndUnresolvableNodes")?.entries ?? []
        for entry in hopeless {
            result.failed.append((entry.key, .unresolvable(entry.value.string ?? "")))
        }
        for entry in answer.member("FailedNodes")?.entries ?? []
        where !hopeless.contains(where: { $0.key == entry.key }) {
            result.failed.append((entry.key, .unschedulable(entry.value.string ?? "")))
        }
        return result
    }

    private func pick(_ names: [String], among nodes: [NodeInfo]) throws(ExtenderFailure) -> [NodeInfo] {
        var byName: [String: NodeInfo] = [:]
        for node in nodes { byName[node.name] = node }
        var picked: [NodeInfo] = []
        var taken: Set<String> = []
        for name in names {
            guard let node = byName[name] else {
                throw ExtenderFailure(
                    "extender \"\(settings.urlPrefix)\" claims a filtered node \"\(name)\""
                        + " which is not found in the input node list")
            }
            if taken.insert(name).inserted { picked.append(node) }
        }
        return picked
    }

    /// Asks for a score from 0 to 10 for each of `nodes`; nil when the extender does not score.
    func prioritize(_ pod: PodInfo, _ nodes: [NodeInfo]) throws(ExtenderFailure) -> [String: Int64]? {
        if settings.prioritizeVerb.isEmpty { return nil }
        let answer = try send(
            settings.prioritizeVerb, wire.arguments(pod, nodes, namesOnly: settings.nodeCacheCapable))
        guard let list = answer.elements else { throw ExtenderFailure("a list of host priorities is expected") }
        var scores: [String: Int64] = [:]
        for element in list {
            guard let host = element.member("Host")?.string else { continue }
            scores[host, default: 0] += element.member("Score")?.wholeNumber ?? 0
        }
        return scores
    }

    /// Asks the extender to bind the pod.
    func bind(_ pod: PodInfo, to node: String) throws(ExtenderFailure) {
        let answer = try send(settings.bindVerb, wire.binding(pod, to: node))
        if let error = answer.member("Error")?.string, !error.isEmpty { throw ExtenderFailure(error) }
    }

    /// Asks which candidates may be made room on, and at whose cost.
    func preempt(
        _ candidates: [PreemptionCandidate], for pod: PodInfo, in snapshot: Snapshot
    ) throws(ExtenderFailure) -> [PreemptionCandidate] {
        let answer = try send(
            settings.preemptVerb, wire.preemption(pod, candidates, uidsOnly: settings.nodeCacheCapable))
        var victims: [String: PreemptionCandidate] = [:]
        for entry in answer.member("NodeNameToMetaVictims")?.entries ?? [] {
            victims[entry.key] = try victimsNamed(in: entry, snapshot)
        }
        // In the order in which they were found; upstream's order is that of a Go map.
        return candidates.compactMap { victims.removeValue(forKey: $0.node) }
            + victims.keys.sorted().compactMap { victims[$0] }
    }

    private func victimsNamed(
        in entry: ManifestTree.Entry, _ snapshot: Snapshot
    ) throws(ExtenderFailure) -> PreemptionCandidate {
        guard let node = snapshot.nodes.first(where: { $0.name == entry.key }) else {
            throw ExtenderFailure("nodeinfo not found for node name \"\(entry.key)\"")
        }
        var victims: [PodInfo] = []
        for element in entry.value.member("Pods")?.elements ?? [] {
            let uid = element.member("UID")?.string ?? ""
            guard let victim = node.pods.first(where: { $0.uid.description == uid }) else {
                throw ExtenderFailure(
                    "extender: \(settings.urlPrefix) claims to preempt pod (UID: &{\(uid)}) on node: \(entry.key),"
                        + " but the pod is not found on that node")
            }
            victims.append(victim)
        }
        let violations = entry.value.member("NumPDBViolations")?.wholeNumber ?? 0
        return PreemptionCandidate(node: entry.key, victims: victims, violations: Int(violations))
    }
}
