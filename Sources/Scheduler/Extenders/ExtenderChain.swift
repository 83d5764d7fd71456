import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: buildExtenders, findNodesThatPassExtenders, prioritizeNodes, extendersBinding in
// schedule_one.go and scheduler.go; callExtenders in framework/preemption (v1.36).
// Deliberate difference: nodes that an extender scored share ties like all others; upstream breaks theirs at random.

/// The extenders of a scheduler, in the order in which they are asked: those that may fail come last.
struct ExtenderChain {
    /// What all of them left.
    struct FilterAnswer {
        /// In the order of the last extender that said something.
        var nodes: [NodeInfo]
        /// By node name.
        var verdicts: [String: Verdict] = [:]
    }

    /// A bind call was made: its error, or nil when the extender took the pod.
    struct BindAnswer {
        var message: String?
    }

    private let extenders: [HTTPExtender]
    /// Scores from 0 to 10 become scores from 0 to 100.
    private static let scale = NodeScore.max / 10

    init(_ settings: [ExtenderSettings], transport: any ExtenderTransport, startDate: StartDate) {
        let wire = ExtenderWire(startDate: startDate)
        extenders = (settings.filter { !$0.ignorable } + settings.filter(\.ignorable)).map {
            HTTPExtender(settings: $0, transport: transport, wire: wire)
        }
    }

    private init(_ extenders: [HTTPExtender]) { self.extenders = extenders }

    /// Those whose business the pod is, or nil when it is nobody's.
    func interested(in pod: PodInfo) -> ExtenderChain? {
        let interested = extenders.filter { $0.isInterested(in: pod) }
        return interested.isEmpty ? nil : ExtenderChain(interested)
    }

    /// Asks one after the other about the nodes that the ones before left.
    func filter(_ pod: PodInfo, _ nodes: [NodeInfo]) throws(ExtenderFailure) -> FilterAnswer {
        var answer = FilterAnswer(nodes: nodes)
        for extender in extenders {
            if answer.nodes.isEmpty { break }
            do throws(ExtenderFailure) {
                let result = try extender.filter(pod, answer.nodes)
                for (node, verdict) in result.failed { answer.verdicts[node] = verdict }
                answer.nodes = result.nodes
            } catch {
                if !extender.settings.ignorable { throw error }
            }
        }
        return answer
    }

    /// Returns the weighted scores of each extender that scores; one that fails has no say.
    func prioritize(_ pod: PodInfo, _ nodes: [NodeInfo]) -> [(name: PluginName, scores: [Int64])] {
        var all: [(name: PluginName, scores: [Int64])] = []
        for extender in extenders {
            do throws(ExtenderFailure) {
                guard let given = try extender.prioritize(pod, nodes) else { continue }
                let factor = extender.settings.weight * Self.scale
                let scores = nodes.map { (given[$0.name] ?? 0) &* factor }
                all.append((PluginName(extender.settings.urlPrefix), scores))
            } catch {
                continue
            }
        }
        return all
    }

    /// Asks the first that binds and is interested; nil when there is none.
    func bind(_ pod: PodInfo, to node: String) -> BindAnswer? {
        for extender in extenders where !extender.settings.bindVerb.isEmpty && extender.isInterested(in: pod) {
            do throws(ExtenderFailure) {
                try extender.bind(pod, to: node)
                return BindAnswer()
            } catch {
                if !extender.settings.ignorable { return BindAnswer(message: error.message) }
            }
        }
        return nil
    }

    /// Returns the candidates that those with a say in preemption leave.
    func approved(
        _ candidates: [PreemptionCandidate], for pod: PodInfo, in snapshot: Snapshot
    ) throws(ExtenderFailure) -> [PreemptionCandidate] {
        var left = candidates
        for extender in extenders where !extender.settings.preemptVerb.isEmpty {
            var answer: [PreemptionCandidate]
            do throws(ExtenderFailure) {
                answer = try extender.preempt(left, for: pod, in: snapshot)
            } catch {
                if extender.settings.ignorable { continue }
                throw error
            }
            if extender.settings.ignorable {
                answer.removeAll { $0.victims.isEmpty }
            } else if let empty = answer.first(where: { $0.victims.isEmpty }) {
                throw ExtenderFailure("expected at least one victim pod on node \"\(empty.node)\"")
            }
            left = answer
            if left.isEmpty { break }
        }
        return left
    }
}
