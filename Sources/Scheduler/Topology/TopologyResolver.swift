import KubernetesAPI
import SchedulingFramework

/// Works out what other pods mean for one pod.
struct TopologyResolver {
    let profile: TopologyProfile
    let cache: NodeCache
    let keys: TopologyKeys
    let now: UInt64

    /// Returns the rules for `pod`; makes the counters that they need.
    func rules(for pod: PodInfo) -> TopologyRules {
        var rules = TopologyRules()
        if let spread = profile.spread { add(spread, pod, &rules) }
        if let affinity = profile.affinity { add(affinity, pod, &rules) }
        return rules
    }

    // MARK: - Spreading

    private func add(_ plugin: PodTopologySpread, _ pod: PodInfo, _ rules: inout TopologyRules) {
        let hard = plugin.hardConstraints(of: pod, in: cache.snapshot)
        let soft = plugin.softConstraints(of: pod, in: cache.snapshot)
        rules.hard = hard.map { spread($0, pod) }
        rules.soft = soft.map { spread($0, pod) }
        rules.requiresAll = !soft.isEmpty && plugin.requiresAllTopologies(pod.shape)
    }

    private func spread(_ constraint: PodTopologySpread.Constraint, _ pod: PodInfo) -> TopologyRules.Spread {
        var counter: Int32 = -1
        if !constraint.countsNobody, let selector = constraint.selector {
            counter = self.counter(.spread(namespace: pod.pod.metadata.namespace, selector: selector))
        }
        return TopologyRules.Spread(
            counter: counter, key: keys.id(of: constraint.topologyKey), maxSkew: constraint.maxSkew,
            minDomains: constraint.minDomains, selfMatch: constraint.selects(pod.pod.metadata.labels) ? 1 : 0,
            honorsNodeAffinity: constraint.honorsNodeAffinity, honorsTaints: constraint.honorsTaints,
            isHostname: constraint.isHostname)
    }

    // MARK: - Affinity

    private func add(_ plugin: InterPodAffinity, _ pod: PodInfo, _ rules: inout TopologyRules) {
        let metadata = pod.pod.metadata
        let terms = pod.shape.podAffinity
        if pod.shape.hasPodAffinity {
            addOwn(terms, metadata, &rules)
        }
        let ignoresOthers = plugin.arguments.ignoresPreferredTermsOfExistingPods && !terms.hasPreferred
        if !cache.index.holders.isEmpty {
            let labels = cache.snapshot.namespaceLabels(metadata.namespace) ?? StringMap()
            for holder in cache.index.holders {
                guard case .holding(let term, let role, let carrier) = cache.index.counters[Int(holder)].rule,
                    role == .requiredAntiAffinity || !ignoresOthers, term.selects(metadata.labels),
                    term.covers(metadata.namespace, labels: labels, carrier: carrier)
                else { continue }
                let weight: Int64 =
                    switch role {
                    case .requiredAntiAffinity: 1
                    case .requiredAffinity: plugin.arguments.hardPodAffinityWeight
                    case .preferredAffinity: term.weight
                    case .preferredAntiAffinity: -term.weight
                    }
                let sum = TopologyRules.Sum(key: keys.id(of: term.topologyKey), counter: holder, weight: Int32(weight))
                if role == .requiredAntiAffinity {
                    rules.existing.append(sum)
                } else if weight != 0 {
                    rules.weights.append(sum)
                }
            }
        }
        rules.antiAffinity.sort()
        rules.existing.sort()
        rules.weights.sort()
    }

    private func addOwn(_ terms: PodAffinityTerms, _ metadata: ObjectMeta, _ rules: inout TopologyRules) {
        let carrier = metadata.namespace
        func sum(_ term: AffinityTerm, _ weight: Int64) -> TopologyRules.Sum {
            TopologyRules.Sum(
                key: keys.id(of: term.topologyKey), counter: counter(.meant(by: [term], carrier: carrier)),
                weight: Int32(weight))
        }
        if !terms.requiredAffinity.isEmpty {
            let counter = self.counter(.meant(by: terms.requiredAffinity, carrier: carrier))
            rules.affinity = terms.requiredAffinity.map {
                TopologyRules.Sum(key: keys.id(of: $0.topologyKey), counter: counter, weight: 1)
            }
            rules.affinityMeansItself = terms.requiredAffinity.allSatisfy {
                SlotCounter.isMeant(carrier, metadata.labels, by: $0, carrier: carrier, in: cache.snapshot)
            }
        }
        rules.antiAffinity = terms.requiredAntiAffinity.map { sum($0, 1) }
        rules.weights = terms.preferredAffinity.map { sum($0, $0.weight) }
        rules.weights += terms.preferredAntiAffinity.map { sum($0, -$0.weight) }
    }

    private func counter(_ rule: SlotCounter.Rule) -> Int32 { cache.counter(rule, now: now) }
}
