package import Chronology

/// How images come to machines: the registries' limits, and what stands between them and the machines.
package struct ImageSupply: Hashable, Sendable {
    /// Who may give an image to whom without a registry.
    package enum PeerScope: String, Hashable, Sendable, CaseIterable {
        case zone, cluster
    }

    /// Registries that are not as `KubeletParameters` has them all.
    package var registries: [RegistrySetup] = []
    /// Bytes per second of a pull-through cache in each zone; nil without caches.
    package var cacheBandwidth: Int64?
    /// Whether machines fetch layers from each other first; nil when they do not.
    package var peers: PeerScope?
    /// The share of each layer, in parts per million, that must be there before a container starts; nil for all of it.
    package var lazyShare: Int64?

    /// Creates a supply from registries alone.
    package init() {}
}

/// What is particular about one registry.
package struct RegistrySetup: Hashable, Sendable {
    /// How many manifests a client may fetch in a time.
    package struct RateLimit: Hashable, Sendable {
        /// Whose pulls are counted together.
        package enum Scope: String, Hashable, Sendable, CaseIterable {
            /// Each machine has an address of its own; a cache is one client.
            case client
            /// All count together, as behind one gateway.
            case registry
        }

        package var pulls: Int64
        /// Begins with the first pull after the last one ended.
        package var window: Duration
        package var scope: Scope

        /// Creates a limit.
        package init(pulls: Int64, window: Duration, scope: Scope = .client) {
            self.pulls = pulls
            self.window = window
            self.scope = scope
        }
    }

    /// The host part of its images' references.
    package var name: String
    /// Bytes per second that all pulls from it share; nil for `KubeletParameters.registryBandwidth`.
    package var bandwidth: Int64?
    /// How long it takes to answer a request for a manifest.
    package var latency = Duration.zero
    package var rateLimit: RateLimit?
    /// Whether it refuses everybody.
    package var isUnauthorized = false
    /// Whether it never answers.
    package var isDown = false
    /// How many of a million layers arrive damaged.
    package var corruptShare: Int64 = 0

    /// Creates a registry without particulars.
    package init(name: String) { self.name = name }
}
