import Chronology
import KubernetesAPI
import SchedulingFramework

// Counterpart: NodeAffinityArgs, DefaultPreemptionArgs, PodTopologySpreadArgs, InterPodAffinityArgs, VolumeBindingArgs and
// DynamicResourcesArgs with their defaults and validation (v1.36).

/// Reads the arguments of the plugins that look at labels, pods and volumes.
extension FieldReader {
    /// Returns `addedAffinity` of NodeAffinityArgs.
    func addedAffinity() -> NodeAffinityRules? {
        let before = context.diagnostics.errorCount
        guard let tree = value("addedAffinity"),
            let rules = object("addedAffinity", { NodeAffinityRules(reading: $0) })
        else { return nil }
        // A part that could not be read would only be reported once more, as missing.
        guard context.diagnostics.errorCount == before else { return rules }
        let place = path.field("addedAffinity")
        for finding in ObjectValidation.findings(in: rules, at: .root) {
            context.error(
                finding.message, path: place.appending(finding.path), at: tree.position(at: finding.path),
                expected: finding.expected)
        }
        return rules
    }

    /// Returns what DefaultPreemptionArgs say.
    func preemptionArguments() -> DefaultPreemption.Arguments {
        var arguments = DefaultPreemption.Arguments()
        let (share, count) = ("minCandidateNodesPercentage", "minCandidateNodesAbsolute")
        arguments.minCandidateNodesPercentage = int64(share, in: 0...100) ?? arguments.minCandidateNodesPercentage
        arguments.minCandidateNodesAbsolute = self.count(count) ?? arguments.minCandidateNodesAbsolute
        if arguments.minCandidateNodesPercentage == 0, arguments.minCandidateNodesAbsolute == 0 {
            error(share, "it is 0, and \(count) too: no node would be tried", expected: "one of the two above 0")
        }
        return arguments
    }

    /// Returns what PodTopologySpreadArgs say.
    func spreadArguments() -> PodTopologySpread.Arguments {
        var arguments = PodTopologySpread.Arguments()
        let isGiven = value("defaultingType").map { $0.string != "" } ?? false
        let type: PodTopologySpread.Arguments.Defaulting? = isGiven ? choice("defaultingType") : .system
        var seen: [String] = []
        arguments.defaultConstraints = objects("defaultConstraints") { entry in
            if entry.has("labelSelector") {
                entry.error(
                    "labelSelector", "it follows from the services and owners of each pod", expected: "no value")
            }
            guard let constraint = TopologySpreadConstraint(reading: entry) else { return nil }
            if !constraint.topologyKey.isEmpty, !NameRules.isQualifiedName(constraint.topologyKey) {
                entry.error(
                    "topologyKey", "not a valid key of a label", expected: "such as topology.kubernetes.io/zone")
            }
            let pair = "\(constraint.topologyKey) \(constraint.whenUnsatisfiable.rawValue)"
            if seen.contains(pair) {
                entry.error("topologyKey", "another constraint has the same topologyKey and whenUnsatisfiable")
            }
            seen.append(pair)
            return constraint
        }
        arguments.defaultingType = type ?? .list
        if arguments.defaultingType == .system, value("defaultConstraints")?.elements?.isEmpty == false {
            error("defaultConstraints", "they stand beside defaultingType System", expected: "defaultingType: List")
        }
        return arguments
    }

    /// Returns what InterPodAffinityArgs say.
    func interPodAffinity() -> InterPodAffinity.Arguments {
        var arguments = InterPodAffinity.Arguments()
        if let weight = int64("hardPodAffinityWeight", in: 0...100) { arguments.hardPodAffinityWeight = weight }
        arguments.ignoresPreferredTermsOfExistingPods = bool("ignorePreferredTermsOfExistingPods") ?? false
        return arguments
    }

    /// Returns `bindTimeoutSeconds` of VolumeBindingArgs.
    func volumeBindTimeout() -> Duration? {
        let timeout = int64("bindTimeoutSeconds", in: 0...Int64(Int32.max))
        if let timeout, timeout != 600 {
            warn("bindTimeoutSeconds", "it has no effect in a run: claims count as bound, and no pod waits for one")
        }
        if has("shape") {
            _ = value("shape")
            error(
                "shape", "it needs the feature gate StorageCapacityScoring, which is off in v1.36",
                expected: "no value")
        }
        return timeout.map { .seconds($0) }
    }

    /// Reads DynamicResourcesArgs.
    func dynamicResources() {
        for name in ["filterTimeout", "bindingTimeout"] {
            guard let timeout = goDuration(name) else { continue }
            if name == "bindingTimeout", timeout < .seconds(1) {
                error(name, "found \(timeout)", expected: "a length of time of at least 1s")
            } else {
                warn(name, "this field is not modelled; the real cluster may behave differently")
            }
        }
    }
}
