import KubernetesAPI
import SchedulingFramework

// Counterpart: PluginConfig and its decoding, validatePluginConfig (v1.36). Policies of research have arguments of their
// own, of a kind named after the policy.

/// Reads `pluginConfig` of a profile.
enum PluginArgumentsReading {
    /// Returns the arguments of all plugins, with upstream's defaults.
    static func arguments(_ profile: FieldReader) -> PluginArguments {
        var arguments = PluginArguments()
        var seen: [PluginName] = []
        _ = profile.objects("pluginConfig") { entry in
            let name = PluginName(entry.requiredString("name"))
            if seen.contains(name) {
                entry.error("name", "the plugin \(name) has arguments already")
            } else if !name.text.isEmpty {
                seen.append(name)
            }
            read(entry, of: name, into: &arguments)
        }
        return arguments
    }

    private static func read(_ entry: FieldReader, of name: PluginName, into arguments: inout PluginArguments) {
        switch name {
        case "NodeAffinity":
            of(name, entry) { arguments.addedAffinity = $0.addedAffinity() }
        case "NodeResourcesFit":
            of(name, entry) { arguments.fit = $0.fitArguments() }
        case "NodeResourcesBalancedAllocation":
            of(name, entry) { arguments.balancedResources = $0.balancedResources() }
        case "DefaultPreemption":
            of(name, entry) { arguments.preemption = $0.preemptionArguments() }
        case "PodTopologySpread":
            of(name, entry) { arguments.topologySpread = $0.spreadArguments() }
        case "InterPodAffinity":
            of(name, entry) { arguments.interPodAffinity = $0.interPodAffinity() }
        case "VolumeBinding":
            of(name, entry) { arguments.volumeBindTimeout = $0.volumeBindTimeout() ?? arguments.volumeBindTimeout }
        case "DynamicResources":
            of(name, entry) { $0.dynamicResources() }
        case Random.name:
            of(name, entry) { arguments.random = Random.Arguments(reading: $0) }
        case FragmentationGradientDescent.name:
            of(name, entry) { arguments.fragmentation = FragmentationGradientDescent.Arguments(reading: $0) }
        default: passOver(entry, of: name)
        }
    }

    /// Reads `args`, whose kind must be that of the plugin.
    private static func of(_ name: PluginName, _ entry: FieldReader, _ body: (FieldReader) -> Void) {
        if !PluginCatalogue.isModelled(name) {
            entry.warn("args", "the plugin \(name) is not modelled: its arguments have no effect")
        }
        guard let tree = entry.value("args"),
            let reader = FieldReader(tree, path: entry.path.field("args"), context: entry.context)
        else { return }
        for (field, wanted) in [("apiVersion", SchedulerConfigurationReader.apiVersion), ("kind", name.text + "Args")] {
            guard let text = reader.string(field), !text.isEmpty, text != wanted else { continue }
            reader.error(
                field, "found the text \"\(ManifestTree.shortened(text))\" in the arguments of \(name)",
                expected: wanted)
            // Fields of another kind would all be reported as unknown.
            return
        }
        body(reader)
        reader.finish()
    }

    private static func passOver(_ entry: FieldReader, of name: PluginName) {
        _ = entry.value("args")
        guard !name.text.isEmpty else { return }
        if PluginCatalogue.names.contains(name.text) {
            entry.warn("args", "the plugin \(name) takes no arguments: they have no effect")
        } else if PluginCatalogue.removed.contains(name) {
            entry.error("name", "Kubernetes has no plugin \(name) any more", expected: "NodeVolumeLimits")
        } else {
            entry.error(
                "name", "there is no plugin \"\(ManifestTree.shortened(name.text))\"",
                expected: "a plugin of kube-scheduler or a policy of research",
                nearest: NearestName.of(name.text, among: PluginCatalogue.names))
        }
    }
}
