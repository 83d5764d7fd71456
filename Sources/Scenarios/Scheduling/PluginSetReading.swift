import KubernetesAPI
import Scheduler
import SchedulingFramework

// Counterpart: Plugins and PluginSet; updatePluginList and expandMultiPointPlugins in framework/runtime (v1.36).

/// Reads `plugins` of a profile.
enum PluginSetReading {
    /// Points of pod groups, which are alpha in v1.36.
    private static let groupPoints = [
        "placementGenerate", "placementScore", "placementFeasible", "podGroupPostFilter",
    ]

    /// Returns the sets of all extension points that are named.
    static func plugins(_ reader: FieldReader) -> [ExtensionPoint: PluginSet] {
        var sets: [ExtensionPoint: PluginSet] = [:]
        for point in ExtensionPoint.allCases {
            if let set = reader.object(point.rawValue, { Self.set($0, at: point) }) { sets[point] = set }
        }
        reader.unmodelled(groupPoints)
        return sets
    }

    private static func set(_ reader: FieldReader, at point: ExtensionPoint) -> PluginSet {
        var enabled: [PluginName] = []
        var disabled: [PluginName] = []
        return PluginSet(
            enabled: reader.objects("enabled") { entry in
                guard let found = Self.enabled(entry, at: point) else { return nil }
                if enabled.contains(found.name) {
                    entry.error("name", "the plugin \(found.name) is enabled twice at \(point.rawValue)")
                    return nil
                }
                enabled.append(found.name)
                return found
            },
            disabled: reader.objects("disabled") { entry in
                guard let name = Self.disabled(entry) else { return nil }
                if disabled.contains(name) {
                    entry.error("name", "the plugin \(name) is disabled twice at \(point.rawValue)")
                    return nil
                }
                disabled.append(name)
                return name
            })
    }

    private static func enabled(_ reader: FieldReader, at point: ExtensionPoint) -> PluginSet.Entry? {
        let name = PluginName(reader.requiredString("name"))
        var weight: Int64 = 0
        if point == .score || point == .multiPoint {
            weight = reader.int64("weight", in: 0...Int64(Int32.max)) ?? 0
        } else {
            reader.inert(["weight"])
        }
        guard !name.text.isEmpty else { return nil }
        let shown = ManifestTree.shortened(name.text)
        guard PluginCatalogue.names.contains(name.text) else {
            if name == "*" {
                reader.error("name", "only \"disabled\" knows \"*\"", expected: "the name of a plugin")
            } else if PluginCatalogue.removed.contains(name) {
                reader.error("name", "Kubernetes has no plugin \(name) any more", expected: "NodeVolumeLimits")
            } else {
                reader.error(
                    "name", "there is no plugin \"\(shown)\"",
                    expected: "a plugin of kube-scheduler or a policy of research",
                    nearest: NearestName.of(name.text, among: PluginCatalogue.names))
            }
            return nil
        }
        let points = PluginCatalogue.points(of: name)
        if point != .multiPoint, !points.contains(point) {
            let names = points.map(\.rawValue).joined(separator: ", ")
            reader.error(
                "name", "the plugin \(name) takes no part in \(point.rawValue)",
                expected: names.isEmpty ? nil : "one of \(names)")
            return nil
        }
        if !PluginCatalogue.isModelled(name) {
            reader.warn("name", "the plugin \(name) is not modelled: it does nothing")
        }
        return PluginSet.Entry(name, weight: weight)
    }

    private static func disabled(_ reader: FieldReader) -> PluginName? {
        let name = reader.requiredString("name")
        reader.inert(["weight"])
        guard !name.isEmpty else { return nil }
        let isKnown =
            name == "*" || PluginCatalogue.names.contains(name) || PluginCatalogue.removed.contains(PluginName(name))
        if !isKnown {
            // Switching off what does not exist is what upstream allows, and a mistake all the same.
            reader.warn(
                "name", "there is no plugin \"\(ManifestTree.shortened(name))\" to disable",
                nearest: NearestName.of(name, among: PluginCatalogue.names))
        }
        return PluginName(name)
    }
}

extension FieldReader {
    /// Records a warning about one field, at the field's place when it is present.
    func warn(_ name: String, _ message: String, expected: String? = nil, nearest: String? = nil) {
        context.warn(
            message, path: path.field(name), at: value(name)?.position ?? position, expected: expected,
            nearest: nearest)
    }
}
