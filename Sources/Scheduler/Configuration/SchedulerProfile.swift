package import SchedulingFramework

// Kubernetes counterpart: KubeSchedulerProfile, Plugins, PluginSet (v1.36).

/// The places where plugins take part, as in a profile's `plugins`.
package enum ExtensionPoint: String, Hashable, Sendable, CaseIterable {
    case multiPoint, preEnqueue, queueSort, preFilter, filter, postFilter, preScore, score
    case reserve, permit, preBind, bind, postBind
}

/// Plugins switched on and off at one extension point.
package struct PluginSet: Hashable, Sendable {
    /// A plugin with the weight of its score; 0 means none given.
    package struct Entry: Hashable, Sendable {
        package var name: PluginName
        package var weight: Int64

        package init(_ name: PluginName, weight: Int64 = 0) {
            self.name = name
            self.weight = weight
        }
    }

    package var enabled: [Entry]
    /// `*` stands for all defaults.
    package var disabled: [PluginName]

    package init(enabled: [Entry] = [], disabled: [PluginName] = []) {
        self.enabled = enabled
        self.disabled = disabled
    }

    static let everything: PluginName = "*"
}

/// One set of plugins under one scheduler name.
package struct SchedulerProfile: Sendable {
    package var schedulerName: String
    /// Overrides the configuration's percentage.
    package var percentageOfNodesToScore: Int64?
    /// Deviations from the default profile; the order of the keys decides nothing.
    package var plugins: [ExtensionPoint: PluginSet] = [:]
    package var arguments = PluginArguments()

    package init(schedulerName: String = "default-scheduler") { self.schedulerName = schedulerName }

    /// The plugins at `point` with their weights, in order, once the defaults and `multiPoint` are laid together.
    package func enabled(at point: ExtensionPoint) -> [PluginSet.Entry] {
        PluginLine.expand(PluginLine.multiPoint(plugins[.multiPoint]), plugins[point])
    }
}
