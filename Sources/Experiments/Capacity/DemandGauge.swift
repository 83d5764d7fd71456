import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

/// Measures what runs at an instant.
struct DemandGauge {
    let patience: Duration
    // A box is held, so that its identity is never used again for another.
    private var known: [ObjectIdentifier: (box: PodSpecBox, demand: Demand)] = [:]
    private let rules: DemandRules

    init(patience: Duration, rules: DemandRules) {
        self.patience = patience
        self.rules = rules
    }

    /// What pods take that run and were there a while ago: on any machines they would run by now.
    mutating func demand(in view: any ClusterView) -> Demand {
        var demand = Demand()
        var apart: [UID: Int64] = [:]
        let latest = view.now - patience
        for case .pod(let pod) in view.objects(of: .pod, namespace: nil) {
            guard pod.nodeName != nil, !pod.status.phase.isTerminal, pod.metadata.creationTimestamp <= latest,
                pod.metadata.controllerKind != "DaemonSet"
            else { continue }
            demand.add(self.demand(of: pod.specBox))
            if let owner = pod.metadata.controllerReference?.uid, Self.keepsApart(pod) {
                apart[owner, default: 0] += 1
                demand.apart = max(demand.apart, apart[owner] ?? 0)
            }
        }
        return demand
    }

    /// Whether no other pod with the same labels may be on its machine.
    private static func keepsApart(_ pod: Pod) -> Bool {
        let terms = pod.spec.affinity?.podAntiAffinity?.required ?? []
        return terms.contains { term in
            term.topologyKey == "kubernetes.io/hostname" && term.namespaces.isEmpty && term.namespaceSelector == nil
                && term.labelSelector?.matches(pod.metadata.labels) ?? false
        }
    }

    private mutating func demand(of box: PodSpecBox) -> Demand {
        if let known = known[ObjectIdentifier(box)] { return known.demand }
        let demand = rules.demand(of: PodShape(box))
        known[ObjectIdentifier(box)] = (box, demand)
        return demand
    }
}
