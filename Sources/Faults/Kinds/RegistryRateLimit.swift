import Chronology
import VirtualTime

/// A registry answers 429 to each client that has had its quota of manifests.
///
/// The defaults are the limit of Docker Hub for anonymous clients, 100 pulls in 6 hours, for one such window.
package enum RegistryRateLimit: FaultKind {
    package static let name = "RegistryRateLimit"
    package static let scope = FaultScope.registries
    package static let defaultDuration = FaultDuration.lasting(.constant(21_600))
    package static let options: [FaultOption] = [.pulls, .window]
    package static let defaults = FaultSettings {
        $0.pulls = 100
        $0.window = .hours(6)
    }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .registryLimit(pulls: settings.pulls ?? 1, window: settings.window ?? .hours(6))
    }
}
