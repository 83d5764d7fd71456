/// The name of a scheduler plugin, as in a KubeSchedulerConfiguration.
package struct PluginName: Hashable, Sendable {
    package var text: String

    package init(_ text: String) { self.text = text }
}

extension PluginName: Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
    package init(stringLiteral value: String) { self.init(value) }
    package var description: String { text }
    package static func < (left: PluginName, right: PluginName) -> Bool { left.text < right.text }
}
