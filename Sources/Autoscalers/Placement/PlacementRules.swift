import KubernetesAPI
package import SchedulingFramework

/// The rules by which the scheduler says where a pod may run: pre-filters and filters, in the order of the default profile.
package final class PlacementRules: Sendable {
    struct PreFilterEntry: Sendable {
        let name: PluginName
        let plugin: any PreFilterPlugin
    }

    struct FilterEntry: Sendable {
        let name: PluginName
        let plugin: any FilterPlugin
    }

    let preFilters: [PreFilterEntry]
    let filters: [FilterEntry]
    /// Whether a claim that nobody binds counts as bound, as in `StorageCatalog`.
    package let countsClaimsAsBound: Bool

    /// Creates the rules of the plugins that every scheduler has, with `arguments`.
    package init(_ arguments: PluginArguments = PluginArguments(), countsClaimsAsBound: Bool = false) {
        self.countsClaimsAsBound = countsClaimsAsBound
        var preFilters: [PreFilterEntry] = []
        var filters: [FilterEntry] = []
        for descriptor in PluginRegistry.inTree {
            let plugin = descriptor.make(arguments)
            if let plugin = plugin as? any PreFilterPlugin {
                preFilters.append(PreFilterEntry(name: descriptor.name, plugin: plugin))
            }
            if let plugin = plugin as? any FilterPlugin {
                filters.append(FilterEntry(name: descriptor.name, plugin: plugin))
            }
        }
        self.preFilters = preFilters
        self.filters = filters
    }

    /// Returns the filter of a plugin, or nil when the rules have none of it.
    func filter(named name: PluginName) -> (any FilterPlugin)? { filters.first { $0.name == name }?.plugin }
}
