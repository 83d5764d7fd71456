/// How a machine is bought.
package enum Purchase: String, Hashable, Sendable, CaseIterable {
    case onDemand = "on-demand"
    case spot
}
