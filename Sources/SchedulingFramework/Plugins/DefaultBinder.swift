// Kubernetes counterpart: plugins/defaultbinder (v1.36). Deliberate difference: the host sends the binding.

/// Binds every pod through the API server.
package struct DefaultBinder: BindPlugin {
    package static let name: PluginName = "DefaultBinder"

    package init() {}

    package func bind(_ pod: PodInfo, to node: String) -> Verdict { .success }
}
