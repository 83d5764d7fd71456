import KubernetesAPI
import Scheduler
import SchedulingFramework

// Counterpart: KubeSchedulerProfile with its validation, validateCommonQueueSort, NewFramework (v1.36).

/// Reads `profiles`.
enum ProfileReading {
    private static let standardName = "default-scheduler"

    /// Returns the profiles; empty when there is none.
    static func profiles(_ reader: FieldReader) -> [SchedulerProfile] {
        let isOnly = reader.value("profiles")?.elements?.count == 1
        var places: [FieldReader] = []
        let profiles = reader.objects("profiles") { element in
            places.append(element)
            return profile(element, isOnly: isOnly)
        }
        for index in profiles.indices {
            let name = profiles[index].schedulerName
            if !name.isEmpty, let twin = profiles[..<index].firstIndex(where: { $0.schedulerName == name }) {
                let shown = ManifestTree.shortened(name)
                places[index].error(
                    "schedulerName", "\(places[twin].path.text) has the name \"\(shown)\" already",
                    expected: "a name of its own for each profile")
            }
            let first = profiles[0].plugins[.queueSort] ?? PluginSet()
            if profiles[index].plugins[.queueSort] ?? PluginSet() != first {
                places[index].error(
                    "plugins", "queueSort differs from that of \(places[0].path.text)",
                    expected: "the same plugins that sort the queue in all profiles")
            }
        }
        return profiles
    }

    private static func profile(_ reader: FieldReader, isOnly: Bool) -> SchedulerProfile {
        var profile = SchedulerProfile(schedulerName: standardName)
        if reader.has("schedulerName") {
            profile.schedulerName = reader.requiredString("schedulerName")
        } else if !isOnly {
            reader.error("schedulerName", "a value is required", expected: "a name for each of several profiles")
            profile.schedulerName = ""
        }
        profile.percentageOfNodesToScore = reader.int64("percentageOfNodesToScore", in: 0...100)
        reader.unmodelled(["percentageOfPlacementsToScore"])
        let before = reader.context.diagnostics.errorCount
        profile.plugins = reader.object("plugins") { PluginSetReading.plugins($0) } ?? [:]
        // A name that could not be read would only be reported once more, as missing.
        if reader.context.diagnostics.errorCount == before {
            checkEnds(profile, reader)
            checkPreparations(profile, reader)
        }
        profile.arguments = PluginArgumentsReading.arguments(reader)
        checkFragmentation(profile, reader)
        return profile
    }

    /// Looks whether FGD knows the pods by which it measures fragments: without them it prefers no node to another.
    private static func checkFragmentation(_ profile: SchedulerProfile, _ reader: FieldReader) {
        let name = FragmentationGradientDescent.name
        guard profile.arguments.fragmentation.typicalPods.isEmpty,
            plugins(of: profile, at: .score).contains(name) || plugins(of: profile, at: .reserve).contains(name)
        else { return }
        reader.warn(
            "plugins", "\(name) knows no pods by which to measure fragments: all nodes score alike",
            expected: "typicalPods among the arguments of \(name) in pluginConfig")
    }

    /// Looks whether pods get into the queue and out of it: one plugin sorts, at least one binds.
    private static func checkEnds(_ profile: SchedulerProfile, _ reader: FieldReader) {
        let sorting = plugins(of: profile, at: .queueSort)
        if sorting.count != 1 {
            let found = sorting.isEmpty ? "no plugin" : sorting.map(\.text).joined(separator: " and ")
            reader.error(
                "plugins", "\(found) would sort the queue", expected: "exactly one plugin at queueSort: PrioritySort")
        }
        if plugins(of: profile, at: .bind).isEmpty {
            reader.error("plugins", "no plugin would bind pods", expected: "at least one plugin at bind: DefaultBinder")
        }
    }

    /// Plugins that fail for every pod at one point when they were not asked at an earlier one; others do without.
    private static let preparations: [(point: ExtensionPoint, earlier: ExtensionPoint, plugins: Set<PluginName>)] = [
        (
            .filter, .preFilter,
            [
                "NodePorts", "NodeResourcesFit", "VolumeRestrictions", "VolumeBinding", "PodTopologySpread",
                "InterPodAffinity", "DynamicResources",
            ]
        ),
        (.score, .preScore, ["TaintToleration", "PodTopologySpread", "InterPodAffinity"]),
        (.reserve, .preFilter, ["VolumeBinding", "DynamicResources"]),
    ]

    /// Looks whether plugins are switched off where they prepare what they do later: kube-scheduler would start, and
    /// schedule nothing.
    private static func checkPreparations(_ profile: SchedulerProfile, _ reader: FieldReader) {
        for (point, earlier, names) in preparations {
            let prepared = plugins(of: profile, at: earlier)
            let bare = plugins(of: profile, at: point).filter { names.contains($0) && !prepared.contains($0) }
            guard !bare.isEmpty else { continue }
            reader.error(
                "plugins",
                "without \(earlier.rawValue), every pod would fail at \(point.rawValue) of "
                    + bare.map(\.text).joined(separator: ", "),
                expected: "the same plugins at \(earlier.rawValue), or none of them at \(point.rawValue)")
        }
    }

    private static func plugins(of profile: SchedulerProfile, at point: ExtensionPoint) -> [PluginName] {
        profile.enabled(at: point).map(\.name).filter { PluginCatalogue.points(of: $0).contains(point) }
    }
}
