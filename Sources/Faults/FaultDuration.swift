package import VirtualTime

/// How long a fault lasts.
package enum FaultDuration: Hashable, Sendable {
    case permanent
    case lasting(Distribution)
}
