import VirtualTime

/// Layers of images arrive damaged: their digest is wrong, the pull fails, and is tried again after its back-off.
///
/// The default duration is an assumption.
package enum ImageCorrupt: FaultKind {
    package static let name = "ImageCorrupt"
    package static let scope = FaultScope.images
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 3_600, p95: 28_800))
    package static let options: [FaultOption] = [.share]
    package static let defaults = FaultSettings { $0.share = 1_000_000 }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .corruptImages(partsPerMillion: settings.share ?? 0)
    }
}
