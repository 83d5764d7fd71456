import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: k8s.io/kube-scheduler/extender/v1 (v1.36): Go's field names, no json tags.

/// Writes what extenders are sent.
struct ExtenderWire {
    /// Instants are written as dates from here on.
    let startDate: StartDate

    /// `ExtenderArgs`: the pod, and the nodes as objects or names.
    func arguments(_ pod: PodInfo, _ nodes: [NodeInfo], namesOnly: Bool) -> ManifestTree {
        let null = ManifestTree(.null)
        let list = ManifestTree.mapping([
            ("metadata", .mapping([])), ("items", .sequence(nodes.map { bare(.node($0.node)) })),
        ])
        return .mapping([
            ("Pod", bare(.pod(pod.pod))), ("Nodes", namesOnly ? null : list),
            ("NodeNames", namesOnly ? .sequence(nodes.map { .text($0.name) }) : null),
        ])
    }

    /// `ExtenderBindingArgs`.
    func binding(_ pod: PodInfo, to node: String) -> ManifestTree {
        .mapping([
            ("PodName", .text(pod.pod.metadata.name)), ("PodNamespace", .text(pod.pod.metadata.namespace)),
            ("PodUID", .text(pod.uid.description)), ("Node", .text(node)),
        ])
    }

    /// `ExtenderPreemptionArgs`: the candidates with their victims as objects or identities.
    func preemption(_ pod: PodInfo, _ candidates: [PreemptionCandidate], uidsOnly: Bool) -> ManifestTree {
        let null = ManifestTree(.null)
        let victims = ManifestTree.mapping(
            candidates.sorted { $0.node < $1.node }.map { candidate in
                let pods = candidate.victims.map { victim in
                    uidsOnly ? .mapping([("UID", .text(victim.uid.description))]) : bare(.pod(victim.pod))
                }
                return (
                    candidate.node,
                    .mapping([
                        ("Pods", .sequence(pods)), ("NumPDBViolations", .number(Int64(candidate.violations))),
                    ])
                )
            })
        return .mapping([
            ("Pod", bare(.pod(pod.pod))), ("NodeNameToVictims", uidsOnly ? null : victims),
            ("NodeNameToMetaVictims", uidsOnly ? victims : null),
        ])
    }

    /// The object without apiVersion and kind, which typed clients do not send.
    private func bare(_ object: KubernetesObject) -> ManifestTree {
        let entries = object.encoded(startDate: startDate).entries ?? []
        return ManifestTree(.mapping(entries.filter { $0.key != "apiVersion" && $0.key != "kind" }))
    }
}

extension ManifestTree {
    /// The value of a field as Go reads it: the exact name if it is there, else one that differs in case only.
    func member(_ name: String) -> ManifestTree? {
        if let exact = self[name] { return exact }
        let wanted = name.lowercased()
        return entries?.last { $0.key.lowercased() == wanted }?.value
    }

    /// The number when this is a whole one.
    var wholeNumber: Int64? {
        if case .scalar(.integer(let text)) = value { Int64(text) } else { nil }
    }
}
