import SchedulingFramework

// Kubernetes counterpart: mergePluginSet, expandMultiPointPlugins (v1.36).

/// Works out which plugins take part at an extension point, in which order.
enum PluginLine {
    /// The default profile with the custom `multiPoint` set laid over it.
    static func multiPoint(_ custom: PluginSet?) -> [PluginSet.Entry] {
        let defaults = PluginRegistry.inTree.map { PluginSet.Entry($0.name, weight: $0.defaultWeight) }
        guard let custom else { return defaults }
        var line: [PluginSet.Entry] = []
        var rest = custom.enabled
        if !custom.disabled.contains(PluginSet.everything) {
            for entry in defaults where !custom.disabled.contains(entry.name) {
                // Named again, a default keeps its place and takes the new weight.
                if let place = rest.firstIndex(where: { $0.name == entry.name }) {
                    line.append(rest.remove(at: place))
                } else {
                    line.append(entry)
                }
            }
        }
        return line + rest
    }

    /// The plugins of one extension point: those it re-configures first, then the rest of `multiPoint`, then its own.
    static func expand(_ multiPoint: [PluginSet.Entry], _ own: PluginSet?) -> [PluginSet.Entry] {
        guard let own else { return multiPoint }
        if own.disabled.contains(PluginSet.everything) { return own.enabled }
        let common = multiPoint.filter { !own.disabled.contains($0.name) }
        let names = Set(common.map(\.name))
        let enabled = Set(own.enabled.map(\.name))
        return own.enabled.filter { names.contains($0.name) }
            + common.filter { !enabled.contains($0.name) }
            + own.enabled.filter { !names.contains($0.name) }
    }
}
