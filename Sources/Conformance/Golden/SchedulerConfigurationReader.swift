import KubernetesAPI
import Scheduler
import SchedulingFramework

/// Reads a KubeSchedulerConfiguration into the scheduler's own terms.
enum SchedulerConfigurationReader {
    /// Returns the configuration that `tree` describes; the defaults when it is absent.
    static func read(_ tree: ManifestTree?, context: DecodingContext) -> SchedulerConfiguration {
        var configuration = SchedulerConfiguration()
        guard let profiles = tree?["profiles"]?.elements, !profiles.isEmpty else { return configuration }
        configuration.profiles = profiles.map { profile($0, context) }
        return configuration
    }

    private static func profile(_ tree: ManifestTree, _ context: DecodingContext) -> SchedulerProfile {
        var profile = SchedulerProfile(schedulerName: tree["schedulerName"]?.string ?? "default-scheduler")
        profile.percentageOfNodesToScore = tree["percentageOfNodesToScore"]?.integer
        for point in ExtensionPoint.allCases {
            guard let set = tree["plugins"]?[point.rawValue] else { continue }
            profile.plugins[point] = PluginSet(
                enabled: (set["enabled"]?.elements ?? []).map {
                    PluginSet.Entry(PluginName($0["name"]?.string ?? ""), weight: $0["weight"]?.integer ?? 0)
                },
                disabled: (set["disabled"]?.elements ?? []).map { PluginName($0["name"]?.string ?? "") })
        }
        for entry in tree["pluginConfig"]?.elements ?? [] {
            guard let name = entry["name"]?.string, let arguments = entry["args"] else { continue }
            read(arguments, of: name, into: &profile.arguments, context)
        }
        return profile
    }

    private static func read(
        _ tree: ManifestTree, of plugin: String, into arguments: inout PluginArguments, _ context: DecodingContext
    ) {
        switch PluginName(plugin) {
        case NodeResourcesFit.name: arguments.fit = fit(tree)
        case NodeResourcesBalancedAllocation.name:
            if let resources = weights(tree["resources"]) { arguments.balancedResources = resources }
        case PodTopologySpread.name: arguments.topologySpread = spread(tree, context)
        case NodeAffinity.name: arguments.addedAffinity = affinity(tree["addedAffinity"], context)
        case DefaultPreemption.name:
            if let share = tree["minCandidateNodesPercentage"]?.integer {
                arguments.preemption.minCandidateNodesPercentage = share
            }
            if let count = tree["minCandidateNodesAbsolute"]?.integer {
                arguments.preemption.minCandidateNodesAbsolute = count
            }
        case InterPodAffinity.name:
            if let weight = tree["hardPodAffinityWeight"]?.integer {
                arguments.interPodAffinity.hardPodAffinityWeight = weight
            }
            if case .scalar(.bool(let ignores))? = tree["ignorePreferredTermsOfExistingPods"]?.value {
                arguments.interPodAffinity.ignoresPreferredTermsOfExistingPods = ignores
            }
        default: break
        }
    }

    private static func fit(_ tree: ManifestTree) -> NodeResourcesFit.Arguments {
        var fit = NodeResourcesFit.Arguments()
        fit.ignoredResources = tree["ignoredResources"]?.strings ?? []
        fit.ignoredResourceGroups = tree["ignoredResourceGroups"]?.strings ?? []
        let strategy = tree["scoringStrategy"]
        if let resources = weights(strategy?["resources"]) { fit.resources = resources }
        switch strategy?["type"]?.string {
        case "MostAllocated": fit.strategy = .mostAllocated
        case "RequestedToCapacityRatio":
            let shape = strategy?["requestedToCapacityRatio"]?["shape"]?.elements ?? []
            fit.strategy = .requestedToCapacityRatio(
                shape.map {
                    UtilizationPoint(
                        utilization: $0["utilization"]?.integer ?? 0, score: $0["score"]?.integer ?? 0)
                })
        default: fit.strategy = .leastAllocated
        }
        return fit
    }

    private static func weights(_ tree: ManifestTree?) -> [ResourceWeight]? {
        guard let elements = tree?.elements, !elements.isEmpty else { return nil }
        return elements.map {
            ResourceWeight(ResourceName($0["name"]?.string ?? ""), weight: max(1, $0["weight"]?.integer ?? 1))
        }
    }

    private static func spread(_ tree: ManifestTree, _ context: DecodingContext) -> PodTopologySpread.Arguments {
        var spread = PodTopologySpread.Arguments()
        spread.defaultingType =
            PodTopologySpread.Arguments.Defaulting(
                rawValue: tree["defaultingType"]?.string ?? "") ?? .system
        if let list = tree["defaultConstraints"] {
            let spec = podSpec([("topologySpreadConstraints", list)], context)
            spread.defaultConstraints = spec?.topologySpreadConstraints ?? []
        }
        return spread
    }

    private static func affinity(_ tree: ManifestTree?, _ context: DecodingContext) -> NodeAffinityRules? {
        guard let tree else { return nil }
        return podSpec([("affinity", .mapping([("nodeAffinity", tree)]))], context)?.affinity?.nodeAffinity
    }

    /// Reads parts of pods by way of a pod that has them, so that there is one decoder.
    private static func podSpec(_ parts: [(String, ManifestTree)], _ context: DecodingContext) -> PodSpec? {
        let container = ManifestTree.mapping([("name", .text("none")), ("image", .text("none"))])
        let pod = ManifestTree.mapping([
            ("apiVersion", .text("v1")), ("kind", .text("Pod")),
            ("metadata", .mapping([("name", .text("none"))])),
            ("spec", .mapping([("containers", .sequence([container]))] + parts)),
        ])
        guard case .pod(let decoded)? = KubernetesObject.decode(pod, context: context) else { return nil }
        return decoded.spec
    }
}
