/// The name of a resource that a container can ask for (`v1.ResourceName`).
@usableFromInline
package struct ResourceName: Hashable, Sendable, Comparable {
    package var text: String

    package init(_ text: String) { self.text = text }

    package static let cpu = ResourceName("cpu")
    package static let memory = ResourceName("memory")
    package static let ephemeralStorage = ResourceName("ephemeral-storage")
    package static let storage = ResourceName("storage")
    package static let pods = ResourceName("pods")
    package static let nvidiaGPU = ResourceName("nvidia.com/gpu")

    @usableFromInline package static func < (left: ResourceName, right: ResourceName) -> Bool { left.text < right.text }
}

extension ResourceName: ExpressibleByStringLiteral, CustomStringConvertible {
    @usableFromInline package init(stringLiteral value: String) { self.init(value) }
    @usableFromInline package var description: String { text }
}
